//! `POST /stores/{id}/sources`: says that another address is this very store, and takes what it sent.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Longer than any address that a store names itself by.
const MAX_SOURCE_CHARS: usize = 500;

/// The form.
#[derive(Debug, Deserialize)]
pub struct SourceForm {
    source: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    form: web::Form<SourceForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    let source = form.source.trim();
    let is_address =
        ::url::Url::parse(source).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    let word = if is_address && source.len() <= MAX_SOURCE_CHARS {
        state.engine.accept_source(&store, source, session.user_id).await?;
        "source"
    } else {
        "invalid"
    };
    Ok(respond::see(&url::saying(&url::store(store.id), word)))
}
