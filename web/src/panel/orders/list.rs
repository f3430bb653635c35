//! `GET /orders`: the live order feed, narrowed by its address.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::{OrderFilter, orders, stores};
use storewire_domain::OrderId;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{self, Filter, Fresh, OrderRow, OrdersPage, Stale},
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
    let narrowing = query.narrowing()?;
    let filter = OrderFilter {
        store: narrowing.store,
        status: narrowing.choice.clone(),
        search: narrowing.q.clone(),
        after: after(query.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    // One wait for all of it.
    let (found, stores, alerts, cursor, ended) = tokio::join!(
        biased;
        orders::list(&tx, &filter),
        stores::glances(&tx),
        alerts::of(&tx, &session),
        tx.cursor(),
        tx.end_reading(),
    );
    ended?;
    let (mut found, stores, alerts, cursor) = (found?, stores?, alerts?, cursor?);

    let t = words(&session);
    let now = state.clock.now();
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let status = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(view::order::key).unwrap_or_default();
    let params = [("store", store.as_str()), ("status", status)];
    let further = [&params[..], &[("q", narrowing.q.as_deref().unwrap_or_default()), ("after", &last)]].concat();
    let frame = Frame::new(&request, &session, url::ORDERS, now, &t).under(alerts);
    let stale = Stale::of(&stores, narrowing.store, session.class(), now, &t);
    respond::page(&OrdersPage {
        frame: frame.following(url::live("orders", cursor.as_str(), &params)),
        filter: Filter::new(view::filter::orders(narrowing.choice.as_deref(), &t), &narrowing, &stores),
        rows: found.iter().map(|order| OrderRow::new(order, &t).of_stale(stale.has(order.store_id))).collect(),
        older: has_more.then(|| url::with(url::ORDERS, &further)),
        fresh: Fresh::of(&stores, narrowing.store, now),
        stale,
        t,
    })
}

fn after(text: Option<&str>) -> Option<(Timestamp, OrderId)> {
    let (micros, id) = split_key(text)?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, id.parse().ok()?))
}
