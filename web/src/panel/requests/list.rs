//! `GET /requests`: requests, newest first. A merchant's users see their own.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    requests::{self, RequestFilter},
    stores,
};
use storewire_domain::RequestId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more},
        respond, url,
        view::{self, Filter, RequestView, RequestsPage},
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
    session.require(Area::Requests, Action::View)?;
    let narrowing = query.narrowing()?;
    let wanted = narrowing.choice.as_deref().map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
    let filter = RequestFilter {
        store: narrowing.store,
        state: wanted,
        own: session.own(),
        before: query.before().map(RequestId),
        limit: PAGE + 1,
        ..RequestFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = requests::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let choice = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(|row| row.id.to_string()).unwrap_or_default();
    let further = [("state", choice), ("store", store.as_str()), ("after", &last)];
    let live = url::live("requests", cursor.as_str(), &[("state", choice), ("store", store.as_str())]);
    respond::page(&RequestsPage {
        frame: Frame::new(&request, &session, url::REQUESTS, state.clock.now(), &t).under(alerts).following(live),
        filter: Filter::new(view::filter::requests(&t), &narrowing, &stores),
        takes_new: !narrowing.is_further,
        rows: found.iter().map(|row| RequestView::new(row, &t).for_class(row, session.class(), &t)).collect(),
        older: has_more.then(|| url::with(url::REQUESTS, &further)),
        t,
    })
}
