//! `GET /api/v1/orders/stats`: what was sold, store by store. For everyone, within their own stores.

use std::collections::BTreeMap;

use actix_web::web;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use storewire_db::orders::{self, Sales, SalesFilter};
use storewire_domain::{StoreId, zone::Days};
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::money::Money,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A year and a day.
const MOST_DAYS: i64 = 366;

/// What is added up.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SalesQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// The first day, by each store's own clock; with `to`. Left out, the last 30 days.
    #[param(value_type = Option<String>, format = Date, example = "2026-03-01")]
    from: Option<Date>,
    /// The last day, which is counted too; 366 days at most.
    #[param(value_type = Option<String>, format = Date, example = "2026-03-31")]
    to: Option<Date>,
}

/// What was sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesPage {
    /// By name of the store, then by currency: no two currencies are ever added together.
    pub items: Vec<SalesItem>,
}

/// What the orders of one store in one currency add up to.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesItem {
    pub store_id: Uuid,
    pub store_name: String,
    #[schema(example = "TRY")]
    pub currency: String,
    /// The first day that is counted, by the store's own clock.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last one.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// How many orders were sold: all but those that wait for payment, failed, were cancelled or refunded.
    pub orders: i64,
    /// What these came to, less what was given back of them.
    pub gross: Money,
    /// How many orders have each status, sold or not.
    #[schema(value_type = Object, example = json!({"processing": 12, "cancelled": 1}))]
    pub by_status: BTreeMap<String, i64>,
}

impl From<Sales> for SalesItem {
    fn from(sales: Sales) -> Self {
        Self {
            store_id: sales.store_id.uuid(),
            store_name: sales.store_name,
            from: sales.days.first,
            to: sales.days.last,
            orders: sales.orders,
            gross: Money::new(sales.gross, &sales.currency),
            currency: sales.currency,
            by_status: sales.by_status,
        }
    }
}

/// Adds up what each store sold, by its own days.
#[utoipa::path(get, path = "/api/v1/orders/stats", tag = "orders", operation_id = "orderStats", params(SalesQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The sums; a store that sold nothing is there with none", body = SalesPage),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<SalesQuery>,
) -> Result<web::Json<SalesPage>, WebError> {
    session.require(Area::Orders, Action::View)?;
    let filter = SalesFilter { store: query.store.map(StoreId), days: days(query.from, query.to)? };
    let tx = state.db.read(&session.scope()).await?;
    let sales = orders::sales(&tx, &filter, state.clock.now()).await?;
    tx.commit().await?;
    Ok(web::Json(SalesPage { items: sales.into_iter().map(SalesItem::from).collect() }))
}

/// The days that are named: both or neither, in order, and not too many.
pub(crate) fn days(first: Option<Date>, last: Option<Date>) -> Result<Option<Days>, WebError> {
    let bad = |detail: &str| Err(WebError::BadRequest(detail.to_owned()));
    match (first, last) {
        (None, None) => Ok(None),
        (Some(first), Some(last)) => {
            let days = Days { first, last };
            match days.count() {
                1..=MOST_DAYS => Ok(Some(days)),
                _ => bad("from and to must be 1 to 366 days, in their order"),
            }
        }
        _ => bad("from and to go together"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_named_at_both_ends_in_order_and_not_without_end() {
        let (first, last) = (date(2026, 1, 1), date(2026, 12, 31));
        assert_eq!(days(None, None).unwrap(), None);
        assert_eq!(days(Some(first), Some(first)).unwrap(), Some(Days { first, last: first }));
        assert!(days(Some(first), Some(last)).is_ok());
        for (from, to) in [
            (Some(first), None),
            (None, Some(last)),
            (Some(last), Some(first)),
            (Some(first), Some(date(2027, 1, 2))),
            (Some(Date::MIN), Some(Date::MAX)),
        ] {
            assert_eq!(days(from, to).unwrap_err().code(), "bad_request", "{from:?} {to:?}");
        }
    }
}
