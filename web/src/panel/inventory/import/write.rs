//! `POST /inventory/imports/{id}/write`: puts every line of a file on its way that changes something.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::{Pressed, addressed, end};
use crate::{error::WebError, extract::Session, state::AppState};

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<Uuid>,
    form: web::Form<Pressed>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let of = addressed(&session, &state, *id, &form).await?;
    end(*id, state.engine.desk().write_import(session.hand(), of).await, "import_written")
}
