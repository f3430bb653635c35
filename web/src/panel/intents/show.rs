//! `GET /changes/{id}`: one change with all that is known of it.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{intents, stores};
use storewire_guard::access::Action;
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, stores as pages, url,
        view::{ChangePage, IntentView, change_facts},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let intent = intents::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let store = stores::find(&tx, intent.store_id).await?.ok_or(WebError::NotFound)?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let live = url::live("changes", cursor.as_str(), &[]);
    let view = IntentView::new(&intent, &t);
    // What would be a new record is known to nobody but its store.
    let place = if intent.edit.stands_alone() {
        format!("store:{}", intent.store_id)
    } else {
        format!("{}:{}", intent.edit.noun(), intent.entity_id)
    };
    let frame = Frame::new(&request, &session, url::CHANGES, state.clock.now(), &t).under(alerts).following(live);
    respond::page(&ChangePage {
        frame: frame.telling(&place, &view.error()),
        facts: change_facts(&intent, &t),
        intent: view,
        store: store.name,
        store_href: url::store(store.id),
        t,
    })
}
