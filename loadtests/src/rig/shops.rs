//! What a test does to a simulated shop.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::{Rig, secret};

#[derive(Deserialize)]
struct Refund {
    parent_id: u64,
}

impl Rig {
    /// Connects a shop by its place among all; its first import begins.
    ///
    /// # Errors
    /// If it is refused.
    pub async fn connect_shop(&self, place: usize) -> Result<()> {
        let store = self.fleet.stores().into_iter().nth(place).context("no such shop")?;
        self.product.add_store(&store, &secret()?, &secret()?).await
    }

    /// Takes the orders with refunds out of a shop: a refund's lines cost a request of their own, for which none of the
    /// tools asks whose figures ours are compared with.
    ///
    /// # Errors
    /// If there is no such shop.
    pub async fn without_refunds(&self, place: usize) -> Result<()> {
        let index = place + 1;
        // A shop makes up its past when it is first looked at: here, before any clock runs.
        let refunds = self.fleet.truth(index, "refunds").context("no such shop")?;
        let refunds: Vec<Refund> = serde_json::from_str(&refunds)?;
        let orders: BTreeSet<u64> = refunds.iter().map(|refund| refund.parent_id).collect();
        for order in orders {
            self.pull_lever(place, "DELETE", &format!("orders/{order}"), &Value::Null).await?;
        }
        Ok(())
    }

    /// Does something behind a shop's back.
    ///
    /// # Errors
    /// If the simulator refuses.
    pub async fn pull_lever(&self, place: usize, method: &str, lever: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.fleet.sim(method, &format!("stores/{}/{lever}", place + 1), body).await;
        ensure!((200..300).contains(&status), "{lever} of shop {}: {status} {answer}", place + 1);
        Ok(answer)
    }
}
