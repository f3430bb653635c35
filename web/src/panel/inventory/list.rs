//! `GET /inventory`: what is counted, by the names of articles, with counts that change as things are sold.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    stock::{self, StockFilter, StockKey, StockRow},
    stores,
};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    api::page,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::Frame,
        listings::{Around, Asked},
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{self, InventoryList, InventoryPage, Listing, StockLine},
    },
    state::AppState,
};

/// The one value of the list's filter.
pub const LOW: &str = "low";

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Inventory, Action::View)?;
    let asked = Asked::new(url::INVENTORY, &session, &query)?;
    if asked.narrowing.choice.as_deref().is_some_and(|choice| choice != LOW) {
        return Err(WebError::NotFound);
    }
    let listing = state.listings.read(asked.clone(), read(&state, &asked)).await?;
    let frame = Frame::new(&request, &session, url::INVENTORY, state.clock.now(), &asked.t).around(&listing);
    let may_import = allowed(&session, Area::Inventory, Action::Edit);
    respond::listing(&InventoryPage { frame, may_import, listing: Arc::clone(&listing), t: asked.t }, &listing)
}

async fn read(state: &AppState, asked: &Asked) -> Result<Listing, WebError> {
    let (t, narrowing) = (&asked.t, &asked.narrowing);
    let filter = StockFilter {
        store: narrowing.store,
        is_low: narrowing.choice.is_some(),
        search: narrowing.q.clone(),
        after: after(asked.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&asked.scope).await?;
    // One wait for all of it.
    let (found, stores, alerts, cursor, ended) = tokio::join!(
        biased;
        stock::list(&tx, &filter),
        stores::glances(&tx),
        alerts::for_keeper(&tx, asked.keeps_stores, t),
        tx.cursor(),
        tx.end(),
    );
    ended?;
    let (mut found, stores, alerts, cursor) = (found?, stores?, alerts?, cursor?);

    let last = narrow::last(&mut found, key);
    let bar = view::filter::inventory(t);
    let Around { filter, stale, fresh, next } = Around::new(asked, bar, &stores, last.as_deref(), state.clock.now());
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let low = narrowing.choice.as_deref().unwrap_or_default();
    let live = url::live("inventory", cursor.as_str(), &[("store", &store), ("stock", low)]);
    let line = |row: &StockRow| StockLine::new(&row.product, t).of_stale(stale.has(row.product.store_id));
    let rows = found.iter().map(line).collect();
    let list = InventoryList { t: t.clone(), filter, rows, next, fresh, stale };
    Listing::new(&list, Some(live), alerts)
}

fn key(StockRow { key, .. }: &StockRow) -> String {
    page::mark(&(&key.article_name, key.article, &key.name, key.id))
}

/// Garbage begins anew.
fn after(mark: Option<&str>) -> Option<StockKey> {
    let mark = mark.filter(|mark| !mark.is_empty());
    let (article_name, article, name, id): (String, Uuid, String, Uuid) = page::place(mark).ok().flatten()?;
    Some(StockKey { article_name, article: ProductId(article), name, id: ProductId(id) })
}
