//! `GET /customers`: customer accounts by name.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    customers::{self, CustomerFilter, CustomerSummary},
    stores,
};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{self, CustomerRow, CustomersPage, Filter, Fresh, Stale},
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
    let filter = CustomerFilter {
        store: narrowing.store,
        search: narrowing.q.clone(),
        after: after(query.after.as_deref()),
        limit: PAGE + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = customers::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let last = found.last().map(key).unwrap_or_default();
    let further = [("store", store.as_str()), ("q", narrowing.q.as_deref().unwrap_or_default()), ("after", &last)];
    let stale = Stale::of(&stores, narrowing.store, session.class(), now, &t);
    respond::page(&CustomersPage {
        frame: Frame::new(&request, &session, url::CUSTOMERS, now, &t).under(alerts),
        filter: Filter::new(view::filter::customers(&t), &narrowing, &stores),
        rows: found.iter().map(|row| CustomerRow::new(row, stale.has(row.store_id), &t)).collect(),
        next: has_more.then(|| url::with(url::CUSTOMERS, &further)),
        fresh: Fresh::of(&stores, narrowing.store, now),
        stale,
        t,
    })
}

/// The id comes first, because a name may hold anything.
fn key(customer: &CustomerSummary) -> String {
    format!("{}_{}", customer.id, customer.name)
}

fn after(text: Option<&str>) -> Option<(String, Uuid)> {
    let text = text?;
    let (id, name) = split_key(Some(text))?;
    Some((name.replace('\0', ""), id.parse().ok()?))
}
