//! `POST /api/v1/stores/{id}/sources`: says that another address is this very store, and takes what it sent. For admins.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{addressed, item::StoreItem};
use crate::{
    api::write::Write,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

const MAX_SOURCE_CHARS: usize = 500;

/// The address that the store names in `X-WC-Webhook-Source`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSource {
    #[schema(example = "https://www.shop.example.com/")]
    source: String,
}

/// Accepts deliveries from one more address of the store; those that were set aside for it are applied.
#[utoipa::path(post, path = "/api/v1/stores/{id}/sources", tag = "stores", operation_id = "acceptSource",
    request_body = NewSource,
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Accepted", body = StoreItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<NewSource>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    let source = address(&write.body.source)?;
    let work = async |_| {
        if !state.engine.accept_source(&store, source, session.user_id).await? {
            return Err(no_address());
        }
        StoreItem::after(&session, &state, *id).await
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}

fn address(text: &str) -> Result<&str, WebError> {
    let text = text.trim();
    let is_web = |url: url::Url| matches!(url.scheme(), "https" | "http") && url.has_host();
    if text.len() <= MAX_SOURCE_CHARS && text.parse().is_ok_and(is_web) {
        return Ok(text);
    }
    Err(no_address())
}

fn no_address() -> WebError {
    let detail =
        "source must be a web address, with http or https, as the store names it in X-WC-Webhook-Source".to_owned();
    WebError::Unprocessable { code: "invalid_field", detail }
}
