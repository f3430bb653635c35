//! `GET /customers`: customer accounts by name.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    customers::{self, CustomerFilter, CustomerSummary, tags},
    stores,
};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::Frame,
        listings::Asked,
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{self, CustomerRow, CustomersList, CustomersPage, Filter, Fresh, Listing, Stale},
    },
    state::AppState,
};

/// The tags that are offered: those of most customers.
const TABS: u32 = 12;

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::new(url::CUSTOMERS, &session, &query)?;
    let listing = state.listings.read(asked.clone(), read(&state, &asked)).await?;
    let frame = Frame::new(&request, &session, url::CUSTOMERS, state.clock.now(), &asked.t).around(&listing);
    respond::listing(&CustomersPage { frame, listing: Arc::clone(&listing), t: asked.t }, &listing)
}

async fn read(state: &AppState, asked: &Asked) -> Result<Listing, WebError> {
    let (t, narrowing) = (&asked.t, &asked.narrowing);
    let filter = CustomerFilter {
        store: narrowing.store,
        search: narrowing.q.clone(),
        tag: narrowing.choice.clone(),
        after: after(asked.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&asked.scope).await?;
    // One wait for all of it.
    let (found, tags, stores, alerts, ended) = tokio::join!(
        biased;
        customers::list(&tx, &filter),
        tags::all(&tx, TABS),
        stores::glances(&tx),
        alerts::for_keeper(&tx, asked.keeps_stores, t),
        tx.end(),
    );
    ended?;
    let (mut found, tags, stores, alerts) = (found?, tags?, stores?, alerts?);
    let tags: Vec<String> = tags.into_iter().map(|(tag, _)| tag).collect();

    let now = state.clock.now();
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let last = found.last().map(key).unwrap_or_default();
    let tag = narrowing.choice.as_deref().unwrap_or_default();
    let further =
        [("tag", tag), ("store", store.as_str()), ("q", narrowing.q.as_deref().unwrap_or_default()), ("after", &last)];
    let stale = Stale::of(&stores, narrowing.store, asked.class, now, t);
    let list = CustomersList {
        filter: Filter::new(view::filter::customers(&tags, t), narrowing, &stores),
        rows: found.iter().map(|row| CustomerRow::new(row, stale.has(row.store_id), t)).collect(),
        next: has_more.then(|| url::with(url::CUSTOMERS, &further)),
        fresh: Fresh::of(&stores, narrowing.store, now),
        stale,
        t: t.clone(),
    };
    Listing::new(&list, None, alerts)
}

/// The id comes first, because a name may hold anything.
fn key(customer: &CustomerSummary) -> String {
    format!("{}_{}", customer.id, customer.name)
}

fn after(text: Option<&str>) -> Option<(String, Uuid)> {
    let (id, name) = split_key(text)?;
    Some((name.replace('\0', ""), id.parse().ok()?))
}
