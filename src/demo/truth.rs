//! What the simulated shops hold, asked over their control page and decoded like any store's answer.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use serde_json::value::RawValue;
use storewire_domain::{Order, Product};
use storewire_woo::decode;

use crate::loopback;

/// One shop's objects by the shop's own id, trashed ones among them.
pub struct Truth {
    pub orders: BTreeMap<String, Order>,
    pub products: BTreeMap<String, Product>,
}

pub fn of_shop(shops: SocketAddr, index: usize) -> Result<Truth> {
    let mut orders = BTreeMap::new();
    for raw in objects(shops, index, "orders")? {
        let Ok(item) = decode::order(raw.get().as_bytes()) else {
            bail!("shop {index} holds an order that no one can read")
        };
        // Checkouts that were never placed are not kept.
        if !item.value.is_draft() {
            orders.insert(item.value.remote_id.as_str().to_owned(), item.value);
        }
    }
    let mut products = BTreeMap::new();
    for raw in objects(shops, index, "products")? {
        let Ok(item) = decode::product(raw.get().as_bytes()) else {
            bail!("shop {index} holds a product that no one can read")
        };
        products.insert(item.value.remote_id.as_str().to_owned(), item.value);
    }
    Ok(Truth { orders, products })
}

fn objects(shops: SocketAddr, index: usize, kind: &str) -> Result<Vec<Box<RawValue>>> {
    let path = format!("/_sim/stores/{index}/{kind}");
    let answer = loopback::request(shops, "GET", &path, None).with_context(|| format!("cannot ask {path}"))?;
    serde_json::from_str(&answer.body).with_context(|| format!("cannot read {path}"))
}
