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
        listings::{Around, Asked},
        narrow::{self, ListQuery, PAGE, split_key},
        respond, url,
        view::{self, CustomerRow, CustomersList, CustomersPage, Listing},
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

    let last = narrow::last(&mut found, key);
    let bar = view::filter::customers(&tags, t);
    let Around { filter, stale, fresh, next } = Around::new(asked, bar, &stores, last.as_deref(), state.clock.now());
    let rows = found.iter().map(|row| CustomerRow::new(row, stale.has(row.store_id), t)).collect();
    let list = CustomersList { t: t.clone(), filter, rows, next, fresh, stale };
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
