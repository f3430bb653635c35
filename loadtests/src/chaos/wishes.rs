//! Changes that people want made in stores, asked for by the API until it says yes, each with a value that no other has.

use std::time::Duration;

use anyhow::Result;
use hyper::{Method, StatusCode};
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::api::Api;
use super::deeds::pick;
use super::plan::one_of;
use super::shops::{STATUSES, Shop};

/// Whoever is not answered asks again soon, and then seldom: callers whose first try a crash cut off are put off for a minute.
const AGAIN_AFTER: Duration = Duration::from_millis(150);
const SELDOM: Duration = Duration::from_secs(3);

/// What somebody wants: every kind of change that the API takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Stock,
    Price,
    ProductStatus,
    Categories,
    OrderStatus,
    Note,
    Parcel,
    Customer,
}

impl Want {
    pub fn draw(rng: &mut StdRng) -> Self {
        use Want::*;
        let all = [Stock, Stock, Price, Price, ProductStatus, Categories, OrderStatus, Note, Note, Parcel, Customer];
        one_of(rng, &all, Stock)
    }
}

/// Our ids of what may be changed in one shop.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    products: Vec<Uuid>,
    orders: Vec<Uuid>,
    customers: Vec<Uuid>,
    /// The shop's own ids of its categories.
    categories: Vec<String>,
}

impl Targets {
    /// # Errors
    /// If the database does not answer.
    pub async fn of(admin: &Client, shop: &Shop) -> Result<Self> {
        let ids = async |sql: &str| -> Result<Vec<Uuid>> {
            admin.query(sql, &[&shop.store]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
        };
        let products = "SELECT id FROM product WHERE store_id = $1 AND kind = 'simple' AND manage_stock = 'yes'
            AND deleted_at IS NULL AND trashed_at IS NULL ORDER BY remote_number";
        let orders = "SELECT id FROM orders WHERE store_id = $1 AND deleted_at IS NULL AND trashed_at IS NULL
            ORDER BY remote_number";
        let customers = "SELECT id FROM customer WHERE store_id = $1 AND deleted_at IS NULL ORDER BY remote_number";
        let categories =
            "SELECT DISTINCT jsonb_object_keys(categories) AS id FROM product WHERE store_id = $1 ORDER BY id";
        let filed = admin.query(categories, &[&shop.store]).await?;
        Ok(Self {
            products: ids(products).await?,
            orders: ids(orders).await?,
            customers: ids(customers).await?,
            categories: filed.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<_>>()?,
        })
    }

    /// Some of the categories, at least one: a set bit of the lot is one of them.
    fn some_categories(&self, lot: u64) -> Vec<&str> {
        let mut lots = lot;
        let mut chosen: Vec<&str> = Vec::new();
        for category in &self.categories {
            if lots % 2 == 1 {
                chosen.push(category);
            }
            lots /= 2;
        }
        if chosen.is_empty() { self.categories.iter().take(1).map(String::as_str).collect() } else { chosen }
    }
}

/// One wish and what became of asking for it.
#[derive(Clone, Debug)]
pub struct Wish {
    number: usize,
    path: String,
    body: Value,
    repeats: bool,
}

/// What the API finally said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// These intents were written down.
    Accepted(Vec<Uuid>),
    /// The record is gone, or must not be changed so.
    Refused(StatusCode),
    /// A repeat with the same key was answered with other intents.
    Doubled(Vec<Uuid>),
}

impl Wish {
    /// Wish number `number`, about what the lot falls on; none if there is nothing to change. Its value is one that no other wish has and
    /// that nobody else sets, where there are as many values as that.
    #[must_use]
    pub fn new(number: usize, want: Want, targets: &Targets, lot: u64) -> Option<Self> {
        let (among, kind) = match want {
            Want::Stock => (&targets.products, "inventory"),
            Want::Price | Want::ProductStatus | Want::Categories => (&targets.products, "products"),
            Want::OrderStatus | Want::Note | Want::Parcel => (&targets.orders, "orders"),
            Want::Customer => (&targets.customers, "customers"),
        };
        let body = match want {
            Want::Stock => json!({ "stock_quantity": (100_000 + number).to_string() }),
            Want::Price => json!({ "regular_price": (10_000 + number).to_string() }),
            // Half of the wishes put on sale again what others took off it.
            Want::ProductStatus => json!({ "status": pick(&["private", "publish"], lot / 7)? }),
            Want::Categories => json!({ "categories": targets.some_categories(lot / 7) }),
            Want::OrderStatus => json!({ "status": pick(&STATUSES, lot / 7)? }),
            Want::Note => json!({ "note": { "text": format!("chaos note {number}"), "for_customer": false } }),
            Want::Parcel => json!({ "tracking": { "provider": "Chaos Post", "number": format!("CP{number}") } }),
            Want::Customer => json!({ "fields": { "billing.company": format!("Chaos {number} Ltd") } }),
        };
        let path = format!("/api/v1/{kind}/{}", pick(among, lot)?);
        Some(Self { number, path, body, repeats: lot.is_multiple_of(3) })
    }

    /// Asks until there is an answer, and in some cases once more with the same key.
    pub async fn ask(&self, api: &Api) -> Reply {
        let mut body = self.body.clone();
        let first = self.ask_once(api, &mut body).await;
        match (&first, self.repeats) {
            (Reply::Accepted(intents), true) => match self.ask_once(api, &mut body).await {
                Reply::Accepted(again) if again != *intents => Reply::Doubled(again),
                _ => first,
            },
            _ => first,
        }
    }

    /// What the API holds of the fields is taken for what was seen, once it has told it; from then on the body stays as it is.
    async fn ask_once(&self, api: &Api, body: &mut Value) -> Reply {
        let key = format!("chaos-{}", self.number);
        let mut pause = AGAIN_AFTER;
        loop {
            let answer = api.call(Method::PATCH, &self.path, &[("idempotency-key", &key)], Some(&*body)).await;
            match answer {
                Ok((StatusCode::ACCEPTED, said)) => return Reply::Accepted(intents(&said)),
                Ok((status @ (StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY), _)) => {
                    return Reply::Refused(status);
                }
                Ok((StatusCode::PRECONDITION_REQUIRED, said)) => body["expected"] = said["current"].clone(),
                // Somebody was faster than what was seen.
                Ok((status @ StatusCode::CONFLICT, said)) if said["code"] == "changed" => {
                    return Reply::Refused(status);
                }
                // Not up, too busy, cut off, or the first try is still under way.
                Ok(_) | Err(_) => tokio::time::sleep(pause).await,
            }
            pause = (pause * 2).min(SELDOM);
        }
    }
}

fn intents(said: &Value) -> Vec<Uuid> {
    let listed = said["intents"].as_array().into_iter().flatten();
    listed.filter_map(|intent| intent["id"].as_str()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lot_files_a_product_somewhere_and_lots_differ() {
        let categories = ["15", "17", "22"].map(str::to_owned).to_vec();
        let targets = Targets { categories, ..Targets::default() };
        assert_eq!(targets.some_categories(0), ["15"]);
        assert_eq!(targets.some_categories(0b110), ["17", "22"]);
        assert_eq!(targets.some_categories(0b1000), ["15"]);
    }
}
