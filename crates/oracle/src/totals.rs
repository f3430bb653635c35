//! Exact sums of money and stock, which a comparison by hash alone would not show to a person.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::Client;
use uuid::Uuid;

/// What the records of a kind add up to, by name: orders by currency, refunds as `refunded`, products as `stock`, coupons as `amount`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<String, Decimal>);

impl Totals {
    fn add(&mut self, name: &str, amount: Decimal) {
        let sum = self.0.entry(name.to_owned()).or_default();
        *sum += amount;
    }

    /// Of a shop's records, as REST shows them. Checkouts never placed are nobody's orders.
    pub(crate) fn of_shop(kind: &str, records: &[Value]) -> Result<Self> {
        let mut totals = Self::default();
        for record in records.iter().filter(|record| kind != "orders" || record["status"] != "checkout-draft") {
            match kind {
                "orders" => {
                    totals.add(record["currency"].as_str().unwrap_or_default(), amount(&record["total"])?);
                    for refund in record["refunds"].as_array().into_iter().flatten() {
                        totals.add("refunded", amount(&refund["total"])?.abs());
                    }
                }
                "products" => totals.add("stock", amount(&record["stock_quantity"])?),
                "coupons" => totals.add("amount", amount(&record["amount"])?),
                _ => {}
            }
        }
        Ok(totals.normal())
    }

    /// Of our copy of them.
    pub(crate) async fn of_copy(kind: &str, admin: &Client, store: Uuid) -> Result<Self> {
        let sql = match kind {
            "orders" => {
                "SELECT currency, sum(total) FROM orders WHERE store_id = $1 AND deleted_at IS NULL GROUP BY currency
                UNION ALL SELECT 'refunded', sum(r.amount) FROM order_refund r
                    JOIN orders o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
                    WHERE o.store_id = $1 AND o.deleted_at IS NULL HAVING count(*) > 0"
            }
            "products" => {
                "SELECT 'stock', coalesce(sum(stock_quantity), 0) FROM product
                WHERE store_id = $1 AND deleted_at IS NULL HAVING count(*) > 0"
            }
            "coupons" => {
                "SELECT 'amount', sum(amount) FROM coupon WHERE store_id = $1 AND deleted_at IS NULL HAVING count(*) > 0"
            }
            _ => return Ok(Self::default()),
        };
        let mut totals = Self::default();
        for row in admin.query(sql, &[&store]).await? {
            totals.add(row.try_get(0)?, row.try_get(1)?);
        }
        Ok(totals.normal())
    }

    fn normal(mut self) -> Self {
        for sum in self.0.values_mut() {
            *sum = sum.normalize();
        }
        self
    }
}

/// An amount as shops write it: text or a number, or nothing at all.
fn amount(value: &Value) -> Result<Decimal> {
    let text = match value {
        Value::Null => return Ok(Decimal::ZERO),
        Value::String(text) if text.is_empty() => return Ok(Decimal::ZERO),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.parse().with_context(|| format!("{text:?} is no amount"))
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, sum)) in self.0.iter().enumerate() {
            let gap = if number == 0 { "" } else { ", " };
            write!(f, "{gap}{name} {sum}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn orders_add_up_by_currency_and_exactly() {
        let orders = [
            json!({"status": "processing", "currency": "EUR", "total": "0.10", "refunds": [{"total": "-0.10"}]}),
            json!({"status": "completed", "currency": "EUR", "total": "0.20", "refunds": []}),
            json!({"status": "checkout-draft", "currency": "EUR", "total": "99.00", "refunds": []}),
            json!({"status": "completed", "currency": "TRY", "total": "1000000000000.01"}),
        ];
        let totals = Totals::of_shop("orders", &orders).unwrap();
        assert_eq!(totals.to_string(), "EUR 0.3, TRY 1000000000000.01, refunded 0.1");
    }
}
