//! `POST /rehearsals/{id}/clear`: deletes the twins' rows of a rehearsal that is over; its report stays.

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
    let word = if row.phase.is_over() {
        state.rehearsals.clear(row.tenant_id);
        "rehearsal_cleared"
    } else {
        "rehearsal_runs"
    };
    Ok(respond::see(&url::saying(&url::rehearsal(row.tenant_id), word)))
}
