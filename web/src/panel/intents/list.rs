//! `GET /changes`: changes on their way to stores, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::intents::{self, IntentFilter};
use storewire_guard::access::Action;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        cards::{self, Around, Beside, List},
        frame::words,
        narrow::{self, ListQuery, PAGE},
        respond, stores as pages, url,
        view::{self, ChangesPage, IntentView},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let narrowing = query.narrowing()?;
    let wanted = cards::state(&narrowing)?;
    let filter = IntentFilter {
        store: narrowing.store,
        state: wanted,
        before: query.before(),
        limit: PAGE + 1,
        ..IntentFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = intents::list(&tx, &filter).await?;
    let beside = Beside::read(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let last = narrow::last(&mut found, |intent| intent.id.to_string());
    let list = List { nav: url::CHANGES, bar: view::filter::intents(&t), live: "changes" };
    let of = (&request, &session, state.get_ref());
    let Around { frame, filter, older } = Around::new(of, list, (&narrowing, beside), last.as_deref(), &t);
    respond::page(&ChangesPage {
        frame,
        filter,
        // A frame knows neither the store nor the state that this list is narrowed to.
        takes_new: narrowing.store.is_none() && wanted.is_none() && !narrowing.is_further,
        rows: found.iter().map(|intent| IntentView::new(intent, &t)).collect(),
        older,
        t,
    })
}
