//! `GET` and `PATCH /api/v1/stores/{id}/fields`: who owns the fields of a store. For staff.

use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use storewire_actors::OwnersError;
use storewire_db::ownership::{self, Ownership};
use storewire_domain::owner::{OwnedField, Owner};
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{addressed, visible};
use crate::{
    api::{
        once::Reply,
        write::{Write, needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Who owns what.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldOwners {
    /// Each field that can be changed from here, by the kind of change: `shop` if the shop alone changes it, `last_writer` if both do.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"product.price": "shop", "product.stock": "last_writer"}))]
    pub fields: BTreeMap<OwnedField, Owner>,
    /// Give it as `If-Match` when you set them; 0 while nobody has.
    pub version: i64,
}

/// The owners that shall be; fields that are left out keep theirs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldOwnersChange {
    /// `shop` or `last_writer`, by field.
    #[schema(value_type = BTreeMap<String, String>, example = json!({"product.price": "shop"}))]
    fields: BTreeMap<OwnedField, Owner>,
}

/// Shows who owns the fields of a store.
#[utoipa::path(get, path = "/api/v1/stores/{id}/fields", tag = "stores", operation_id = "showFieldOwners",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The owners; their `ETag` is their version", body = FieldOwners),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn show(session: Session, state: web::Data<AppState>, id: web::Path<Uuid>) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let held = ownership::of_store(&tx, store.tenant_id, store.id).await?;
    tx.commit().await?;
    let version = format!("\"{}\"", held.version);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, version)).json(FieldOwners::from(held)))
}

/// Sets owners. What the shop alone changes is refused from then on (`shop_owns`); what was promised before is still written.
#[utoipa::path(patch, path = "/api/v1/stores/{id}/fields", tag = "stores", operation_id = "setFieldOwners",
    request_body = FieldOwnersChange,
    params(
        ("id" = Uuid, Path, description = "The store's id"),
        ("If-Match" = String, Header, description = "The version that you saw")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The owners as they are now", body = FieldOwners),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "They are not as you saw them (`changed`): how they stand is in the answer", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn set(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<FieldOwnersChange>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::SetOwner).await?;
    let version = needed(version)?;
    let work = async |_| {
        let set = state.engine.set_owners(&store, &body.fields, version, session.user_id).await;
        Reply::done(&FieldOwners::from(set?))
    };
    once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}

impl From<Ownership> for FieldOwners {
    fn from(held: Ownership) -> Self {
        let of = |field: &OwnedField| (*field, held.owners.of(*field));
        Self { fields: OwnedField::ALL.iter().map(of).collect(), version: held.version }
    }
}

impl From<OwnersError> for WebError {
    fn from(error: OwnersError) -> Self {
        match error {
            OwnersError::Changed(held) => Self::Refused {
                status: StatusCode::PRECONDITION_FAILED,
                code: "changed",
                detail: "they are not as you saw them",
                more: standing(&FieldOwners::from(held)),
            },
            OwnersError::Db(error) => error.into(),
        }
    }
}

fn standing(owners: &FieldOwners) -> Map<String, Value> {
    let told = [("fields", json!(owners.fields)), ("version", json!(owners.version))];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
