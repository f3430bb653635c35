//! `GET /orders`: the live order feed, narrowed by its address.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::{OrderFilter, orders, stores};
use storewire_domain::OrderId;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::Frame,
        listings::Asked,
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{self, Filter, Fresh, Listing, OrderRow, OrdersList, OrdersPage, Stale},
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
    respond::listing(&OrdersPage { frame, listing: Arc::clone(&listing), t: asked.t }, &listing)
}

async fn read(state: &AppState, asked: &Asked) -> Result<Listing, WebError> {
    let (t, narrowing) = (&asked.t, &asked.narrowing);
    let filter = OrderFilter {
        store: narrowing.store,
        status: narrowing.choice.clone(),
        search: narrowing.q.clone(),
        after: after(asked.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&asked.scope).await?;
    // One wait for all of it.
    let (found, stores, alerts, cursor, ended) = tokio::join!(
        biased;
        orders::list(&tx, &filter),
        stores::glances(&tx),
        alerts::for_keeper(&tx, asked.keeps_stores, t),
        tx.cursor(),
        tx.end(),
    );
    ended?;
    let (mut found, stores, alerts, cursor) = (found?, stores?, alerts?, cursor?);

    let now = state.clock.now();
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let status = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(view::order::key).unwrap_or_default();
    let params = [("store", store.as_str()), ("status", status)];
    let further = [&params[..], &[("q", narrowing.q.as_deref().unwrap_or_default()), ("after", &last)]].concat();
    let stale = Stale::of(&stores, narrowing.store, asked.class, now, t);
    let list = OrdersList {
        filter: Filter::new(view::filter::orders(narrowing.choice.as_deref(), t), narrowing, &stores),
        rows: found.iter().map(|order| OrderRow::new(order, t).of_stale(stale.has(order.store_id))).collect(),
        older: has_more.then(|| url::with(url::ORDERS, &further)),
        fresh: Fresh::of(&stores, narrowing.store, now),
        stale,
        t: t.clone(),
    };
    Listing::new(&list, Some(url::live("orders", cursor.as_str(), &params)), alerts)
}

fn after(text: Option<&str>) -> Option<(Timestamp, OrderId)> {
    let (micros, id) = split_key(text)?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, id.parse().ok()?))
}
