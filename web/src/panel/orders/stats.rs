//! `GET /orders/stats`: what stores sold in some days, and what they hold.

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::civil::Date;
use serde::Deserialize;
use storewire_db::{
    orders::{self, SalesFilter},
    products, stores,
};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};

use crate::{
    api::orders::stats::days,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, url,
        view::{AssortmentRow, Choice, SalesRow, StatsPage},
    },
    state::AppState,
};

/// Whose sales, and of which days; all may be empty.
#[derive(Debug, Deserialize)]
pub struct StatsQuery {
    store: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// Handles the request. A day or store that cannot exist is a page that does not exist.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<StatsQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Orders, Action::View)?;
    let store: Option<StoreId> = given(query.store.as_deref())?;
    let (from, to): (Option<Date>, Option<Date>) = (given(query.from.as_deref())?, given(query.to.as_deref())?);
    // One day alone is that day.
    let filter = SalesFilter { store, days: days(from.or(to), to.or(from))? };
    let now = state.clock.now();
    let tx = state.db.read(&session.scope()).await?;
    let sales = orders::sales(&tx, &filter, now).await?;
    let held = products::stats(&tx, store).await?;
    let glances = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    respond::page(&StatsPage {
        frame: Frame::new(&request, &session, url::ORDERS, now, &t).under(alerts),
        from: filter.days.map(|days| days.first.to_string()).unwrap_or_default(),
        to: filter.days.map(|days| days.last.to_string()).unwrap_or_default(),
        stores: glances.iter().map(|row| Choice::store(row, store)).collect(),
        sales: sales.iter().map(|one| SalesRow::new(one, &t)).collect(),
        held: held.iter().map(|one| AssortmentRow::new(one, &t)).collect(),
        t,
    })
}

fn given<T: std::str::FromStr>(text: Option<&str>) -> Result<Option<T>, WebError> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| WebError::NotFound)).transpose()
}
