//! `POST /rehearsals/{id}/watch`: from now on this browser's panel shows the rehearsal's twins, and nothing real.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_domain::TenantId;

use super::{named, sent};
use crate::{error::WebError, extract::Session, panel::url, state::AppState};

/// Where to begin.
#[derive(Debug, Deserialize)]
pub struct WatchForm {
    #[serde(default)]
    next: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<TenantId>,
    form: web::Form<WatchForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = named(&session, &state, *id).await?;
    sent(&request, Some(row.tenant_id), url::same_site(&form.next))
}
