//! What people, plugins and imports do in shops besides their trade, much of it behind WordPress' back.

use std::time::Duration;

use anyhow::{Context as _, Result};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use super::shops::Shops;

const STORM_LASTS: Duration = Duration::from_millis(1_500);
const STORM_PER_SECOND: u32 = 20;

/// The type and the list of all its values, from one list of names.
macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident),+ $(,)?) => {
        /// One deed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Deed { $($(#[$doc])* $deed),+ }

        const ALL: &[Deed] = &[$(Deed::$deed),+];
    };
}

deeds! {
    /// By SQL: no date moves and nobody is told.
    SilentOrder,
    SilentStock,
    SilentName,
    SilentCustomer,
    /// For good and by SQL.
    EraseOrder,
    EraseProduct,
    TrashOrder,
    TrashProduct,
    /// An import: many records with one date.
    Import,
    /// One order saved in a loop.
    Storm,
    DisableHook,
    PauseHook,
    EraseHook,
    DoubleHook,
    RedirectHook,
}

impl Deed {
    /// Any of them; stock, which shops change most, by two lots of all.
    pub fn draw(rng: &mut StdRng) -> Self {
        ALL.get(rng.random_range(0..=ALL.len())).copied().unwrap_or(Self::SilentStock)
    }

    /// Does it in a shop, to something that is there.
    ///
    /// # Errors
    /// If the shop refuses, as when the record is where it shall go already.
    pub async fn happen(self, shops: &Shops, index: usize, lot: u64) -> Result<()> {
        let any = |kind: &str| pick(&shops.ids(index, kind), lot).with_context(|| format!("no {kind} left"));
        let edit = |kind: &str, id: Option<u64>, fields: Value, silent: bool| {
            let ids = id.map(|id| vec![id]);
            json!({ "kind": kind, "ids": ids, "fields": fields, "silent": silent })
        };
        let number = lot % 10_000;
        let (method, lever, body) = match self {
            Self::SilentOrder => {
                let fields = json!({ "customer_note": format!("silently {number}") });
                ("POST", "edit".to_owned(), edit("orders", Some(any("orders")?), fields, true))
            }
            Self::SilentStock => {
                let is_counted = |product: &Value| product["manage_stock"] == true;
                let id = some(shops, index, lot, is_counted).context("no product with a stock")?;
                ("POST", "edit".to_owned(), edit("products", Some(id), json!({ "stock_quantity": number }), true))
            }
            Self::SilentName => {
                let fields = json!({ "name": format!("Renamed {number}") });
                ("POST", "edit".to_owned(), edit("products", Some(any("products")?), fields, true))
            }
            Self::SilentCustomer => {
                let fields = json!({ "first_name": format!("Ada {number}") });
                ("POST", "edit".to_owned(), edit("customers", Some(any("customers")?), fields, true))
            }
            Self::EraseOrder => ("DELETE", format!("orders/{}", any("orders")?), Value::Null),
            Self::EraseProduct => {
                // A shop that sells nothing any more has no trade to go wrong.
                let products = shops.ids(index, "products");
                anyhow::ensure!(products.len() > 6, "too few products");
                ("DELETE", format!("products/{}", pick(&products, lot).context("no product")?), Value::Null)
            }
            Self::TrashOrder => ("POST", format!("orders/{}/trash", any("orders")?), Value::Null),
            // One without variations: the simulator would leave them on sale, which no shop does.
            Self::TrashProduct => {
                let id = some(shops, index, lot, |product| product["type"] == "simple").context("no simple product")?;
                ("POST", format!("products/{id}/trash"), Value::Null)
            }
            Self::Import => {
                let fields = json!({ "short_description": format!("<p>Imported {number}</p>") });
                ("POST", "edit".to_owned(), edit("products", None, fields, false))
            }
            Self::Storm => return storm(shops, index, any("orders")?).await,
            Self::DisableHook => hook(any("webhooks")?, &json!({ "status": "disabled", "failures": 7 })),
            Self::PauseHook => hook(any("webhooks")?, &json!({ "status": "paused" })),
            Self::EraseHook => ("DELETE", format!("webhooks/{}", any("webhooks")?), Value::Null),
            Self::DoubleHook => ("POST", format!("webhooks/{}/duplicate", any("webhooks")?), Value::Null),
            Self::RedirectHook => hook(any("webhooks")?, &json!({ "delivery_url": "https://127.0.0.1:9/elsewhere" })),
        };
        shops.pull(index, method, &lever, &body).await.map(drop)
    }
}

fn hook(id: u64, body: &Value) -> (&'static str, String, Value) {
    ("POST", format!("webhooks/{id}"), body.clone())
}

async fn storm(shops: &Shops, index: usize, order: u64) -> Result<()> {
    let rate = |per_second: u32| json!({ "order_id": order, "per_second": per_second });
    shops.pull(index, "POST", "storm", &rate(STORM_PER_SECOND)).await?;
    tokio::time::sleep(STORM_LASTS).await;
    // The order may have been erased meanwhile, and its storm with it.
    let _ = shops.pull(index, "POST", "storm", &rate(0)).await;
    Ok(())
}

/// A product of a certain kind.
fn some(shops: &Shops, index: usize, lot: u64, is_wanted: impl Fn(&Value) -> bool) -> Option<u64> {
    let products = shops.records(index, "products");
    let wanted = products.iter().filter(|product| is_wanted(product));
    pick(&wanted.filter_map(|product| product["id"].as_u64()).collect::<Vec<_>>(), lot)
}

/// The one that the lot falls on.
#[must_use]
pub fn pick<T: Clone>(among: &[T], lot: u64) -> Option<T> {
    let count = u64::try_from(among.len()).ok().filter(|count| *count > 0)?;
    among.get(usize::try_from(lot % count).ok()?).cloned()
}
