//! The stage of every browser test: a node, three shops of two merchants, and people with logins.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use storesim::{Fleet, StoreInfo};
use storewire_oracle::Sim;
use tokio_postgres::Client;
use uuid::Uuid;

use super::window::PATIENCE;
use crate::node::{self, Node, until};

pub const ADMIN: &str = "admin@example.com";
/// Owns the shops 1 and 2.
pub const MERCHANT: &str = "merchant@anatolia.example";
/// Owns the shop 3.
pub const STRANGER: &str = "merchant@nordic.example";

/// See the module. The node ends before the shops do.
pub struct Scene {
    pub node: Node,
    pub sim: Sim,
    pub admin: Client,
    pub shops: Vec<StoreInfo>,
    pub fleet: Fleet,
}

/// A product whose stock its shop counts.
pub struct Product {
    pub id: Uuid,
    pub remote_id: u64,
    pub stock: i64,
}

impl Scene {
    pub async fn set() -> Result<Self> {
        Self::set_with(&[]).await
    }

    /// The same, with these variables in the node's environment besides.
    pub async fn set_with(settings: &[(&str, String)]) -> Result<Self> {
        let fleet = node::fleet(3).await?;
        let mut node = Node::prepare(&fleet)?;
        for (name, value) in settings {
            node.set(name, value.clone());
        }
        node.start().await?;
        let shops = fleet.stores();
        for (shop, tenant) in shops.iter().zip(["Anatolia Coffee", "Anatolia Coffee", "Nordic Wool"]) {
            node.connect(shop, tenant)?;
        }
        node.create_user(ADMIN, "platform-admin", None)?;
        node.create_user(MERCHANT, "merchant-admin", Some("Anatolia Coffee"))?;
        node.create_user(STRANGER, "merchant-user", Some("Nordic Wool"))?;
        node.stores_are("live", 3).await?;
        let admin = node.admin().await?;
        Ok(Self { sim: node::sim(&fleet), node, admin, shops, fleet })
    }

    pub fn shop(&self, index: usize) -> Result<&StoreInfo> {
        self.shops.iter().find(|shop| shop.index == index).with_context(|| format!("there is no shop {index}"))
    }

    /// Our id of a shop.
    pub async fn store(&self, index: usize) -> Result<Uuid> {
        storewire_oracle::store_of(&self.admin, &self.shop(index)?.home_url).await?.context("not connected")
    }

    /// A customer buys; answers the shop's id of the order.
    pub async fn buy(&self, index: usize, wanted: Value) -> Result<String> {
        let order = self.sim.buy(u64::try_from(index)?, wanted).await?;
        Ok(order["id"].to_string())
    }

    /// Our id of a shop's order, once it is here.
    pub async fn order(&self, index: usize, remote_id: &str) -> Result<Uuid> {
        let store = self.store(index).await?;
        let sql = "SELECT id FROM orders WHERE store_id = $1 AND remote_id = $2";
        until(PATIENCE, &format!("order {remote_id} of shop {index} is here"), || async {
            Ok(self.admin.query_opt(sql, &[&store, &remote_id]).await?.is_some())
        })
        .await?;
        Ok(self.admin.query_one(sql, &[&store, &remote_id]).await?.get(0))
    }

    /// A simple product of which there are plenty.
    pub async fn product(&self, index: usize) -> Result<Product> {
        let store = self.store(index).await?;
        let row = self
            .admin
            .query_one(
                "SELECT id, remote_id, stock_quantity::bigint FROM product
                WHERE store_id = $1 AND kind = 'simple' AND status = 'publish' AND manage_stock = 'yes' AND stock_quantity >= 12
                ORDER BY remote_id LIMIT 1",
                &[&store],
            )
            .await
            .context("the shop has no product with enough in stock")?;
        Ok(Product { id: row.get(0), remote_id: row.get::<_, String>(1).parse()?, stock: row.get(2) })
    }

    /// Waits until the shops have said all they have to say and the node has taken it in.
    pub async fn settled(&self) -> Result<()> {
        self.sim.quiesce().await?;
        until(PATIENCE, "every delivery is taken in", || async {
            let row = self.admin.query_one("SELECT count(*) FROM inbox WHERE state = 'pending'", &[]).await?;
            Ok(row.get::<_, i64>(0) == 0)
        })
        .await
    }

    /// Places an order over a shop's REST interface, as any program with its keys may.
    #[expect(clippy::disallowed_methods, reason = "this answer comes from a shop of the test's own, and it ends")]
    pub async fn place(&self, index: usize, order: &Value) -> Result<String> {
        let shop = self.shop(index)?;
        let ca = reqwest::Certificate::from_pem(self.fleet.ca_pem().as_bytes())?;
        let client = reqwest::Client::builder().tls_certs_only([ca]).build()?;
        let answer = client
            .post(format!("{}/wp-json/wc/v3/orders", shop.home_url.trim_end_matches('/')))
            .basic_auth(&shop.consumer_key, Some(&shop.consumer_secret))
            .header("content-type", "application/json")
            .body(order.to_string())
            .send()
            .await?
            .error_for_status()?;
        let order: Value = serde_json::from_slice(&answer.bytes().await?)?;
        Ok(order["id"].to_string())
    }

    pub fn stop(mut self) -> Result<()> {
        self.node.stop()
    }
}

/// One of this product, please.
pub fn one_of(product: &Product) -> Value {
    json!({ "product_id": product.remote_id, "quantity": 1 })
}
