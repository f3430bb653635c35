//! Changes that people want made in stores, asked for by the API until it says yes, each with a value that no other has.

use std::time::Duration;

use anyhow::Result;
use hyper::{Method, StatusCode};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tokio_postgres::Client;
use uuid::Uuid;

use super::api::Api;
use super::deeds::pick;
use super::shops::Shop;

const AGAIN_AFTER: Duration = Duration::from_millis(150);

/// What somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Stock,
    Price,
    Note,
}

impl Want {
    pub fn draw(rng: &mut StdRng) -> Self {
        match rng.random_range(0..3) {
            0 => Self::Stock,
            1 => Self::Price,
            _ => Self::Note,
        }
    }
}

/// Our ids of what may be changed in one shop.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    products: Vec<Uuid>,
    orders: Vec<Uuid>,
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
        Ok(Self { products: ids(products).await?, orders: ids(orders).await? })
    }
}

/// One wish and what became of asking for it.
#[derive(Clone, Debug)]
pub struct Wish {
    number: usize,
    want: Want,
    target: Uuid,
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
    /// Wish number `number`, about what the lot falls on; none if there is nothing to change.
    #[must_use]
    pub fn new(number: usize, want: Want, targets: &Targets, lot: u64) -> Option<Self> {
        let among = if want == Want::Note { &targets.orders } else { &targets.products };
        Some(Self { number, want, target: pick(among, lot)?, repeats: lot.is_multiple_of(3) })
    }

    fn request(&self) -> (String, Value) {
        let Self { number, target, .. } = self;
        match self.want {
            Want::Stock => {
                (format!("/api/v1/inventory/{target}"), json!({ "stock_quantity": (100_000 + number).to_string() }))
            }
            Want::Price => {
                (format!("/api/v1/products/{target}"), json!({ "regular_price": (10_000 + number).to_string() }))
            }
            Want::Note => (
                format!("/api/v1/orders/{target}"),
                json!({ "note": { "text": format!("chaos note {number}"), "for_customer": false } }),
            ),
        }
    }

    /// Asks until there is an answer, and in some cases once more with the same key.
    pub async fn ask(&self, api: &Api) -> Reply {
        let first = self.ask_once(api).await;
        match (&first, self.repeats) {
            (Reply::Accepted(intents), true) => match self.ask_once(api).await {
                Reply::Accepted(again) if again != *intents => Reply::Doubled(again),
                _ => first,
            },
            _ => first,
        }
    }

    async fn ask_once(&self, api: &Api) -> Reply {
        let (path, body) = self.request();
        let key = format!("chaos-{}", self.number);
        loop {
            let answer = api.call(Method::PATCH, &path, &[("idempotency-key", &key)], Some(&body)).await;
            match answer {
                Ok((StatusCode::ACCEPTED, said)) => return Reply::Accepted(intents(&said)),
                Ok((status @ (StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY), _)) => {
                    return Reply::Refused(status);
                }
                // Not up, too busy, cut off, or the first try is still under way.
                Ok(_) | Err(_) => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
    }
}

fn intents(said: &Value) -> Vec<Uuid> {
    let listed = said["intents"].as_array().into_iter().flatten();
    listed.filter_map(|intent| intent["id"].as_str()?.parse().ok()).collect()
}
