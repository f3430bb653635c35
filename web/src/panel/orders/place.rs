//! `POST /orders/place`: asks for an order to be placed. For merchants; staff decide.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use storewire_actors::{DeskError, desk::Asked};
use storewire_db::{RequestRow, stores};
use storewire_domain::{Edit, request::Meaning};
use storewire_guard::access::{Action, Area};

use super::{draft::Draft, new::page};
use crate::{
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, url, view::order_fault},
    placing,
    state::AppState,
};

/// Handles the request, and goes to the new one's page. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::Request)?;
    let draft = Draft::read(&form);
    let t = words(&session);
    let problem = match ask(&session, &state, &draft).await {
        Ok(row) => return Ok(respond::see(&url::saying(&url::request(row.id), "asked"))),
        Err(Refused::Desk(DeskError::Rejected(rejected))) => order_fault(rejected, &t),
        Err(Refused::Desk(error)) => return Err(error.into()),
        Err(Refused::NoStore) => t.get("orderw-no-store"),
        Err(Refused::NoArticle) => t.get("orderw-no-article"),
        Err(Refused::Web(error)) => return Err(error),
    };
    let page = page(&session, &request, &state, draft, Some(problem)).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Why nothing was asked for.
enum Refused {
    NoStore,
    /// One of the articles is gone, or is sold by its variations.
    NoArticle,
    Desk(DeskError),
    Web(WebError),
}

async fn ask(session: &Session, state: &AppState, draft: &Draft) -> Result<RequestRow, Refused> {
    let store = draft.store.ok_or(Refused::NoStore)?;
    let pieces = draft.pieces().map_err(|rejected| Refused::Desk(rejected.into()))?;
    let read = async {
        let tx = state.db.read(&session.scope()).await?;
        let tenant = stores::find(&tx, store).await?.ok_or(WebError::NotFound)?.tenant_id;
        let lines = placing::lines(&tx, store, &pieces).await;
        tx.commit().await?;
        Ok::<_, WebError>((tenant, lines))
    };
    let (tenant, lines) = read.await.map_err(Refused::Web)?;
    let lines = lines.map_err(|error| match error {
        WebError::NotFound | WebError::Unprocessable { .. } => Refused::NoArticle,
        other => Refused::Web(other),
    })?;
    let order = draft.order(lines).tidied();
    order.check().map_err(|rejected| Refused::Desk(rejected.into()))?;
    let (entity, edit) = (draft.deed, Edit::PlaceOrder { order: Box::new(order) });
    let note = draft.note.clone();
    let asked = Asked { tenant, store, entity, edit, meaning: Meaning::Absolute, note, seen: None };
    state.engine.desk().ask(draft.deed, session.hand(), asked).await.map_err(Refused::Desk)
}
