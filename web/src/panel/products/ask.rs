//! `GET, POST /products/ask`: asks for a product that a store does not have yet. For merchants; staff decide.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use storewire_actors::{DeskError, desk::Asked};
use storewire_domain::{Edit, request::Meaning};
use storewire_guard::access::{Action, Area};

use super::{create::problem_of, draft::ProductDraft, new};
use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, url},
    state::AppState,
};

/// Shows the form.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<new::NewQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::Request)?;
    let draft = ProductDraft::begin(query.store.parse().ok());
    respond::page(&new::page(&request, &session, &state, draft, None).await?)
}

/// Handles the form, and goes to the new request's page. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let draft = ProductDraft::read(&form);
    let store = draft.store.ok_or(WebError::NotFound)?;
    let tenant = addressed::store(&session, &state, store, (Area::Requests, Action::Request)).await?.tenant_id;
    let t = words(&session);
    let problem = match draft.product() {
        Err(_) => t.get("said-amount"),
        Ok(product) => {
            // Until it is made it is known by its request.
            let (entity, edit) = (draft.deed, Edit::Create { product: Box::new(product) });
            let note = draft.note.clone();
            let asked = Asked { tenant, store, entity, edit, meaning: Meaning::Absolute, note, seen: None };
            match state.engine.desk().ask(draft.deed, session.hand(), asked).await {
                Ok(row) => return Ok(respond::see(&url::saying(&url::request(row.id), "asked"))),
                Err(DeskError::Rejected(rejected)) => problem_of(rejected, &t),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let page = new::page(&request, &session, &state, draft, Some(problem)).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
