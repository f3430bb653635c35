//! `POST /api/v1/stores`: connects a store. For staff who keep every store.

use std::fmt;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use storewire_actors::{ConnectError, ConnectStore};
use storewire_db::identity;
use storewire_domain::TenantId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

const MAX_URL_CHARS: usize = 2000;
const MAX_FIELD_CHARS: usize = 200;

/// Where the store is and how it lets us in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStore {
    /// The merchant company that the store belongs to.
    tenant_id: Uuid,
    #[schema(example = "https://shop.example.com")]
    url: String,
    /// From WooCommerce, Settings, Advanced, REST API; with read and write permission.
    consumer_key: String,
    #[schema(format = Password)]
    consumer_secret: String,
    /// What people here call it; else what the store calls itself.
    name: Option<String>,
    /// The shop has no https: reach it over plain http all the same. Keys are never sent then, requests are only signed (OAuth 1.0a).
    #[serde(default)]
    allow_plain_http: bool,
}

/// The store that was connected.
#[derive(Serialize, ToSchema)]
pub struct Connected {
    id: Uuid,
}

/// Connects a store: proves the keys, registers the webhooks and starts the first import.
#[utoipa::path(post, path = "/api/v1/stores", tag = "stores", operation_id = "connectStore",
    request_body = NewStore, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "Connected; the first import has started", body = Connected),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The merchant has connected this store before", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The store did not let us in; `code` says why", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body: new, once, .. }: Write<NewStore>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Stores, Action::Connect)?;
    check_place(&new.url, &new.consumer_key, &new.consumer_secret)?;
    new.name.as_deref().map_or(Ok(()), check_name)?;
    let tenant_id = TenantId(new.tenant_id);
    check_tenant(&session, &state, tenant_id).await?;
    let wanted = ConnectStore {
        tenant_id,
        url: new.url,
        consumer_key: new.consumer_key.into(),
        consumer_secret: new.consumer_secret.into(),
        allow_plain_http: new.allow_plain_http,
        name: new.name,
        webhook_token: None,
        webhook_secret: None,
    };
    let work = async |_| {
        let id = state.engine.connect_store(wanted).await?.uuid();
        Reply::created(format!("/api/v1/stores/{id}"), &Connected { id })
    };
    once.carry_out(&state, (tenant_id, session.user_id), work).await
}

async fn check_tenant(session: &Session, state: &AppState, tenant: TenantId) -> Result<(), WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let tenants = identity::list_tenants(&tx).await?;
    tx.commit().await?;
    if tenants.iter().any(|row| row.id == tenant) {
        return Ok(());
    }
    Err(WebError::Unprocessable { code: "no_tenant", detail: "there is no such tenant".to_owned() })
}

/// Refuses what cannot be an address or a key before anything is asked of the outside.
pub(super) fn check_place(url: &str, consumer_key: &str, consumer_secret: &str) -> Result<(), WebError> {
    check_text("url", url, MAX_URL_CHARS)?;
    check_text("consumer_key", consumer_key, MAX_FIELD_CHARS)?;
    check_text("consumer_secret", consumer_secret, MAX_FIELD_CHARS)
}

/// Refuses what cannot be a store's name.
pub(super) fn check_name(name: &str) -> Result<(), WebError> {
    check_text("name", name, MAX_FIELD_CHARS)
}

fn check_text(name: &str, text: &str, max_chars: usize) -> Result<(), WebError> {
    let is_fine = !text.trim().is_empty() && text.chars().count() <= max_chars && !text.contains(char::is_control);
    if is_fine {
        return Ok(());
    }
    let detail = format!("{name} is empty, too long or holds control characters");
    Err(WebError::Unprocessable { code: "invalid_field", detail })
}

impl fmt::Debug for NewStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewStore").field("tenant_id", &self.tenant_id).field("url", &self.url).finish_non_exhaustive()
    }
}

impl From<ConnectError> for WebError {
    fn from(error: ConnectError) -> Self {
        match error {
            ConnectError::Db(error) => error.into(),
            ConnectError::Connected | ConnectError::TokenInUse => {
                Self::Conflict { code: error.code(), detail: error.to_string() }
            }
            ConnectError::Url(_) | ConnectError::Woo(_) | ConnectError::TokenUnfit | ConnectError::NoTenant => {
                Self::Unprocessable { code: error.code(), detail: error.to_string() }
            }
        }
    }
}
