//! `POST /api/v1/inventory/imports`: compares a file of counts with what we hold, and writes nothing. For staff.

use actix_web::{HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ImportItem;
use crate::{
    addressed,
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A file of one store's counts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImport {
    store_id: Uuid,
    /// What people call it.
    #[schema(example = "counts.csv")]
    name: String,
    /// Its text: the first line names the columns `sku` and `stock`; commas, semicolons or tabs between them.
    #[schema(example = "sku,stock\nTEE-1,20\n")]
    csv: String,
}

/// Looks at a file. What it would change is kept for a day, to be written or dropped.
#[utoipa::path(post, path = "/api/v1/inventory/imports", tag = "inventory", operation_id = "previewImport",
    request_body = NewImport, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It was looked at", body = ImportItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is no table of counts (`bad_file`), or has too many lines (`too_many_lines`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<NewImport>,
) -> Result<HttpResponse, WebError> {
    let store = addressed::store(&session, &state, StoreId(body.store_id), (Area::Inventory, Action::Edit)).await?;
    let at = (store.tenant_id, store.id);
    let work = async |deed| {
        let row = state.engine.desk().preview(deed, session.hand(), at, body.name, Bytes::from(body.csv)).await?;
        let item = ImportItem::from(row);
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}
