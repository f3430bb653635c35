//! `POST /rehearsals/{id}/stop`: has a rehearsal come to its report now.

use actix_web::{HttpResponse, web};
use storewire_domain::TenantId;

use super::named;
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<TenantId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = named(&session, &state, *id).await?;
    state.rehearsals.stop(row.tenant_id);
    Ok(respond::see(&url::saying(&url::rehearsal(row.tenant_id), "rehearsal_stopped")))
}
