//! `POST /api/v1/stores/test-connection`: tries an address and keys and keeps nothing. For staff who may connect.

use std::fmt;

use actix_web::web;
use serde::{Deserialize, Serialize};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;

use crate::{
    api::stores::connect::check_place,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What to try.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    #[schema(example = "https://shop.example.com")]
    url: String,
    consumer_key: String,
    #[schema(format = Password)]
    consumer_secret: String,
    /// The shop has no https: sign requests instead of sending keys (OAuth 1.0a).
    #[serde(default)]
    allow_plain_http: bool,
}

/// What answered at the address.
#[derive(Serialize, ToSchema)]
pub struct Answered {
    #[schema(example = "https://shop.example.com/")]
    url: String,
    name: String,
    #[schema(example = "TRY")]
    currency: String,
    #[schema(example = "Europe/Istanbul")]
    timezone: String,
    woo_version: Option<String>,
    /// Without it the store cannot tell us of changes and is only read in turns.
    can_manage_webhooks: bool,
}

/// Tries to reach a store with its keys.
#[utoipa::path(post, path = "/api/v1/stores/test-connection", tag = "stores", operation_id = "testConnection",
    request_body = Trial, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The store answers and the keys fit", body = Answered),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It does not work; `code` says why", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    trial: web::Json<Trial>,
) -> Result<web::Json<Answered>, WebError> {
    session.require(Area::Stores, Action::Connect)?;
    check_place(&trial.url, &trial.consumer_key, &trial.consumer_secret)?;
    let trial = trial.into_inner();
    let wanted = storewire_actors::connect::Trial {
        url: trial.url,
        consumer_key: trial.consumer_key.into(),
        consumer_secret: trial.consumer_secret.into(),
        allow_plain_http: trial.allow_plain_http,
    };
    let found = state.engine.test_connection(wanted).await?;
    Ok(web::Json(Answered {
        url: found.home_url,
        name: found.name,
        currency: found.currency,
        timezone: found.timezone,
        woo_version: found.woo_version,
        can_manage_webhooks: found.can_manage_webhooks,
    }))
}

impl fmt::Debug for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trial").field("url", &self.url).finish_non_exhaustive()
    }
}
