//! `GET /products`: products by name, with stock that changes as it is sold.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{ProductFilter, ProductSummary, products, stores};
use storewire_domain::ProductId;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{self, Filter, Fresh, ProductRow, ProductsPage, Stale},
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
    let filter = ProductFilter {
        store: narrowing.store,
        stock_status: narrowing.choice.clone(),
        search: narrowing.q.clone(),
        after: after(query.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = products::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let stock = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(key).unwrap_or_default();
    let further =
        [("stock", stock), ("store", &store), ("q", narrowing.q.as_deref().unwrap_or_default()), ("after", &last)];
    let live = url::live("products", cursor.as_str(), &[("store", &store), ("stock", stock)]);
    let stale = Stale::of(&stores, narrowing.store, session.class(), now, &t);
    respond::page(&ProductsPage {
        frame: Frame::new(&request, &session, url::PRODUCTS, now, &t).under(alerts).following(live),
        filter: Filter::new(view::filter::products(&t), &narrowing, &stores),
        rows: found.iter().map(|product| ProductRow::new(product, &t).of_stale(stale.has(product.store_id))).collect(),
        next: has_more.then(|| url::with(url::PRODUCTS, &further)),
        fresh: Fresh::of(&stores, narrowing.store, now),
        stale,
        t,
    })
}

/// The id comes first, because a name may hold anything.
fn key(product: &ProductSummary) -> String {
    format!("{}_{}", product.id, product.sort_name)
}

fn after(text: Option<&str>) -> Option<(String, ProductId)> {
    let (id, name) = split_key(text)?;
    Some((name.replace('\0', ""), id.parse().ok()?))
}
