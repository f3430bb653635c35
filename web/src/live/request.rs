//! From a handshake to what the socket may listen to: origin, login, page.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_actors::feed::{Page, View};
use storewire_db::changes::Cursor;
use storewire_domain::{OrderId, ProductId, ReadScope, RequestId, ReturnId, RoleClass, StoreId, TenantId, TicketId};
use storewire_guard::access::{Action, Area, Viewer, allowed, may_rehearse};
use uuid::Uuid;

use super::socket;
use crate::{
    api::{requests, tickets},
    error::{Problem, WebError},
    extract::session,
    middleware::origin,
    state::AppState,
};

/// What a page says of itself. The server decides what that lets it listen to.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    page: Option<String>,
    id: Option<Uuid>,
    store: Option<Uuid>,
    status: Option<String>,
    state: Option<String>,
    stock: Option<String>,
    cursor: Option<String>,
    /// The API's word for a cursor.
    since: Option<String>,
}

/// The panel's socket.
pub(super) async fn panel(
    request: HttpRequest,
    wanted: web::Query<Wanted>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, actix_web::Error> {
    refuse_foreign_origin(&request)?;
    let session = match session::authenticate(&request).await {
        Ok(session) => session,
        Err(WebError::Unauthorized) => return socket::refuse(&request),
        Err(error) => return Err(error.into()),
    };
    let mut page = page(&wanted, &session).ok_or(WebError::NotFound)?;
    match &mut page {
        Page::Request(id) => {
            requests::addressed(&session, &state, *id).await?;
        }
        Page::Ticket { id, about } => {
            let ticket = tickets::addressed(&session, &state, *id).await?;
            *about = ticket.about.map(|about| about.id);
        }
        _ => {}
    }
    let cursor = wanted.cursor.as_deref().and_then(Cursor::parse);
    socket::open(&request, state.engine.feed(), listener(&session, page, cursor))
}

/// The socket for programs: every change that the viewer may see, as JSON frames `{topic, seq, cursor, kind, id, …}`. After a
/// `hello` frame it has everything; `since` with the last cursor resumes (repeats possible, gaps not); `reload` says that it lacks
/// too much and must read the lists again.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", operation_id = "live",
    params(("since" = Option<String>, Query, description = "The cursor of the last frame")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 101, description = "WebSocket: frames follow"),
        (status = 400, description = "`since` is no cursor", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not logged in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A cookie's socket from a foreign page", body = Problem, content_type = "application/problem+json")))]
pub async fn api(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, actix_web::Error> {
    // Before the query is looked at: a stranger is told nothing about it.
    let viewer = session::authenticate(&request).await?.0;
    if session::bearer(&request).is_none() {
        refuse_foreign_origin(&request)?;
    }
    let wanted = web::Query::<Wanted>::from_query(request.query_string());
    let wanted = wanted.map_err(|error| WebError::BadRequest(error.to_string()))?;
    let since = wanted.since.as_deref().or(wanted.cursor.as_deref());
    let cursor = match since {
        Some(given) => {
            Some(Cursor::parse(given).ok_or_else(|| WebError::BadRequest("since is no cursor of ours".to_owned()))?)
        }
        None => None,
    };
    socket::open(&request, state.engine.feed(), listener(&viewer, Page::Api, cursor))
}

fn listener(viewer: &Viewer, page: Page, cursor: Option<Cursor>) -> socket::Listener {
    let locale = viewer.locale.clone().unwrap_or_else(|| "en".to_owned());
    let scope = match page {
        Page::Rehearsal(id) => ReadScope::Tenant(id),
        _ => viewer.scope(),
    };
    // Elsewhere nothing is told that has an author, and readers whose views are equal cost one rendering.
    let tells_of_own = matches!(
        page,
        Page::Api | Page::Requests { .. } | Page::Request(_) | Page::Tickets { .. } | Page::Ticket { .. }
    );
    let own = viewer.own().filter(|_| tells_of_own);
    let view = View { page, class: viewer.class(), own, locale };
    socket::Listener { session: viewer.session_id, view, scope, cursor }
}

/// Who may rehearse may follow any; who watches one may follow that.
fn rehearsal(id: TenantId, viewer: &Viewer) -> Option<Page> {
    let may = id.is_rehearsal() && (may_rehearse(viewer) || viewer.scope() == ReadScope::Tenant(id));
    may.then_some(Page::Rehearsal(id))
}

/// A browser sends `Origin` with every handshake, so a cookie's socket without one is none of our pages'.
fn refuse_foreign_origin(request: &HttpRequest) -> Result<(), WebError> {
    if origin::is_own(request) { Ok(()) } else { Err(WebError::Forbidden("this socket is for our own pages")) }
}

fn page(wanted: &Wanted, viewer: &Viewer) -> Option<Page> {
    let store = wanted.store.map(StoreId);
    let status = wanted.status.clone().filter(|status| !status.is_empty());
    let page = match wanted.page.as_deref()? {
        "orders" => Page::Orders { store, status },
        "order" => Page::Order(OrderId(wanted.id?)),
        "products" => {
            Page::Products { store, stock_status: wanted.stock.clone().or(status).filter(|text| !text.is_empty()) }
        }
        "product" => Page::Product(ProductId(wanted.id?)),
        "inventory" => Page::Inventory { store, is_low: wanted.stock.as_deref() == Some("low") },
        "stock" => Page::Stock(ProductId(wanted.id?)),
        "import" => Page::Import(wanted.id?),
        "customer" => Page::Customer(wanted.id?),
        "changes" => Page::Intents,
        "requests" => Page::Requests { store, state: wanted.state.as_deref().and_then(|state| state.parse().ok()) },
        "request" => Page::Request(RequestId(wanted.id?)),
        "returns" => Page::Returns { store, state: wanted.state.as_deref().and_then(|state| state.parse().ok()) },
        "return" => Page::Return(ReturnId(wanted.id?)),
        "tickets" => Page::Tickets { store, state: wanted.state.as_deref().and_then(|state| state.parse().ok()) },
        "ticket" => Page::Ticket { id: TicketId(wanted.id?), about: None },
        "stores" => Page::Stores,
        "control" => Page::Control,
        "store" => Page::Store(StoreId(wanted.id?)),
        "rehearsal" => return rehearsal(TenantId(wanted.id?), viewer),
        _ => return None,
    };
    let needs_staff = matches!(page, Page::Intents | Page::Import(_) | Page::Stores | Page::Control | Page::Store(_));
    let may = !needs_staff || (viewer.class() == RoleClass::Staff && allowed(viewer, Area::Stores, Action::View));
    may.then_some(page)
}
