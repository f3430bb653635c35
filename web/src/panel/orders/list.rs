//! `GET /orders`: the live order feed, narrowed by its address.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::{DbError, OrderFilter, OrderSummary, ReadTx, customers, orders, stores};
use storewire_domain::{OrderId, RoleClass, StoreId};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::Frame,
        listings::{Around, Asked},
        narrow::{self, ListQuery, PAGE, split_key},
        respond, url,
        view::{self, Listing, OrderRow, OrdersList, OrdersPage},
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
    let asked = Asked::new(url::ORDERS, &session, &query)?;
    let listing = state.listings.read(asked.clone(), read(&state, &asked)).await?;
    let frame = Frame::new(&request, &session, url::ORDERS, state.clock.now(), &asked.t).around(&listing);
    let bulk = (asked.class == RoleClass::Staff).then(Uuid::now_v7);
    respond::listing(&OrdersPage { frame, listing: Arc::clone(&listing), bulk, t: asked.t }, &listing)
}

async fn read(state: &AppState, asked: &Asked) -> Result<Listing, WebError> {
    let (t, narrowing) = (&asked.t, &asked.narrowing);
    let tx = state.db.read(&asked.scope).await?;
    let buyer = match narrowing.customer {
        Some(id) => Some(customers::summaries(&tx, &[id]).await?.pop().ok_or(WebError::NotFound)?.buyer()),
        None => None,
    };
    let filter = OrderFilter {
        store: narrowing.store,
        status: narrowing.choice.clone(),
        search: narrowing.q.clone(),
        buyer,
        after: after(asked.after.as_deref()),
        limit: PAGE + 1,
    };
    // One wait for all of it.
    let is_staff = asked.class == RoleClass::Staff;
    let (found, stores, known, alerts, cursor, ended) = tokio::join!(
        biased;
        orders::list(&tx, &filter),
        stores::glances(&tx),
        known_statuses(&tx, is_staff, narrowing.store),
        alerts::for_keeper(&tx, asked.keeps_stores, t),
        tx.cursor(),
        tx.end(),
    );
    ended?;
    let (mut found, stores, known, alerts, cursor) = (found?, stores?, known?, alerts?, cursor?);

    let last = narrow::last(&mut found, view::order::key);
    let bar = view::filter::orders(narrowing.choice.as_deref(), t);
    let Around { filter, stale, fresh, next } = Around::new(asked, bar, &stores, last.as_deref(), state.clock.now());
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let status = narrowing.choice.as_deref().unwrap_or_default();
    let customer = narrowing.customer.map(|id| id.to_string()).unwrap_or_default();
    let live =
        url::live("orders", cursor.as_str(), &[("store", store.as_str()), ("status", status), ("customer", &customer)]);
    let row = |order: &OrderSummary| {
        let row = OrderRow::new(order, t).of_stale(stale.has(order.store_id));
        if is_staff { row.to_pick(order) } else { row }
    };
    let list = OrdersList {
        t: t.clone(),
        filter,
        rows: found.iter().map(row).collect(),
        steps: if is_staff { view::order_steps(&known, t) } else { Vec::new() },
        older: next,
        fresh,
        stale,
    };
    Listing::new(&list, Some(live), alerts)
}

/// The statuses of their own that stores say they take, for who may set them.
async fn known_statuses(tx: &ReadTx, is_staff: bool, store: Option<StoreId>) -> Result<Vec<String>, DbError> {
    if is_staff { stores::order_statuses(tx, store).await } else { Ok(Vec::new()) }
}

fn after(text: Option<&str>) -> Option<(Timestamp, OrderId)> {
    let (micros, id) = split_key(text)?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, id.parse().ok()?))
}
