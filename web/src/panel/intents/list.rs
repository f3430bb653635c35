//! `GET /changes`: changes on their way to stores, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    intents::{self, IntentFilter},
    stores,
};
use storewire_guard::access::Action;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more},
        respond, stores as pages, url,
        view::{self, ChangesPage, Filter, IntentView},
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
    let wanted = narrowing.choice.as_deref().map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
    let filter = IntentFilter {
        store: narrowing.store,
        state: wanted,
        before: query.before(),
        limit: PAGE + 1,
        ..IntentFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = intents::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let last = found.last().map(|intent| intent.id.to_string()).unwrap_or_default();
    let further =
        [("state", narrowing.choice.as_deref().unwrap_or_default()), ("store", store.as_str()), ("after", &last)];
    let live = url::live("changes", cursor.as_str(), &[]);
    respond::page(&ChangesPage {
        frame: Frame::new(&request, &session, url::CHANGES, state.clock.now(), &t).under(alerts).following(live),
        filter: Filter::new(view::filter::intents(&t), &narrowing, &stores),
        // A frame knows neither the store nor the state that this list is narrowed to.
        takes_new: narrowing.store.is_none() && wanted.is_none() && !narrowing.is_further,
        rows: found.iter().map(|intent| IntentView::new(intent, &t)).collect(),
        older: has_more.then(|| url::with(url::CHANGES, &further)),
        t,
    })
}
