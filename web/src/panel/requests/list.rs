//! `GET /requests`: requests, newest first. A merchant's users see their own.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::requests::{self, RequestFilter};
use storewire_domain::RequestId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        cards::{self, Around, Beside, List},
        frame::words,
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{self, RequestView, RequestsPage, filter::Bar},
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
    page((&request, &session, &state), &query, None, url::REQUESTS).await
}

/// The list at `path`: of requests of one kind, or of all.
pub async fn page(
    (request, session, state): (&HttpRequest, &Session, &AppState),
    query: &ListQuery,
    kind: Option<&'static str>,
    path: &'static str,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Requests, Action::View)?;
    let narrowing = query.narrowing()?;
    let wanted = cards::state(&narrowing)?;
    let filter = RequestFilter {
        store: narrowing.store,
        state: wanted,
        kind,
        own: session.own(),
        before: query.before().map(RequestId),
        limit: PAGE + 1,
        ..RequestFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = requests::list(&tx, &filter).await?;
    let beside = Beside::read(&tx, session).await?;
    tx.commit().await?;

    let t = words(session);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    let bar = Bar { path, ..view::filter::requests(&t) };
    let list = List { nav: url::REQUESTS, bar, live: "requests" };
    let of = (request, session, state);
    let Around { frame, filter, older } = Around::new(of, list, (&narrowing, beside), last.as_deref(), &t);
    respond::page(&RequestsPage {
        frame,
        filter,
        // Requests of every kind come by this socket: among those of one kind, the shown ones move and none is put.
        takes_new: kind.is_none() && !narrowing.is_further,
        rows: found.iter().map(|row| RequestView::new(row, &t).for_class(row, session.class(), &t)).collect(),
        older,
        t,
    })
}
