//! `GET /products`: products by name, with stock that changes as it is sold.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{ProductFilter, ProductSummary, products, stores};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::Frame,
        listings::{Around, Asked},
        narrow::{self, ListQuery, PAGE, split_key},
        respond, url,
        view::{self, Listing, ProductRow, ProductsList, ProductsPage},
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
    let asked = Asked::new(url::PRODUCTS, &session, &query)?;
    let listing = state.listings.read(asked.clone(), read(&state, &asked)).await?;
    let frame = Frame::new(&request, &session, url::PRODUCTS, state.clock.now(), &asked.t).around(&listing);
    let may = |area, action| allowed(&session, area, action);
    let new_product = match (may(Area::Products, Action::Edit), may(Area::Requests, Action::Request)) {
        (true, _) => Some("/products/new"),
        (false, true) => Some("/products/ask"),
        (false, false) => None,
    };
    respond::listing(&ProductsPage { frame, new_product, listing: Arc::clone(&listing), t: asked.t }, &listing)
}

async fn read(state: &AppState, asked: &Asked) -> Result<Listing, WebError> {
    let (t, narrowing) = (&asked.t, &asked.narrowing);
    let filter = ProductFilter {
        store: narrowing.store,
        stock_status: narrowing.choice.clone(),
        search: narrowing.q.clone(),
        after: after(asked.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&asked.scope).await?;
    // One wait for all of it.
    let (found, stores, alerts, cursor, ended) = tokio::join!(
        biased;
        products::list(&tx, &filter),
        stores::glances(&tx),
        alerts::for_keeper(&tx, asked.keeps_stores, t),
        tx.cursor(),
        tx.end(),
    );
    ended?;
    let (mut found, stores, alerts, cursor) = (found?, stores?, alerts?, cursor?);

    let last = narrow::last(&mut found, key);
    let bar = view::filter::products(t);
    let Around { filter, stale, fresh, next } = Around::new(asked, bar, &stores, last.as_deref(), state.clock.now());
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let stock = narrowing.choice.as_deref().unwrap_or_default();
    let live = url::live("products", cursor.as_str(), &[("store", &store), ("stock", stock)]);
    let row = |product: &ProductSummary| ProductRow::new(product, t).of_stale(stale.has(product.store_id));
    let rows = found.iter().map(row).collect();
    let list = ProductsList { t: t.clone(), filter, rows, next, fresh, stale };
    Listing::new(&list, Some(live), alerts)
}

/// The id comes first, because a name may hold anything.
fn key(product: &ProductSummary) -> String {
    format!("{}_{}", product.id, product.sort_name)
}

fn after(text: Option<&str>) -> Option<(String, ProductId)> {
    let (id, name) = split_key(text)?;
    Some((name.replace('\0', ""), id.parse().ok()?))
}
