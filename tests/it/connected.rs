//! Where most tests begin: a node whose shops are connected and imported, and its first admin.

use anyhow::Result;
use storesim::Fleet;
use storewire_oracle::Sim;
use tokio_postgres::Client;

use crate::{
    node::{self, Node},
    person::Person,
};

pub const ADMIN: &str = "admin@example.com";

/// See the module.
pub struct Connected {
    pub node: Node,
    /// Of the node's database. Another start of the node needs another one.
    pub admin: Client,
    pub sim: Sim,
    pub fleet: Fleet,
}

impl Connected {
    /// So many shops of one merchant, without traffic.
    pub async fn open(shops: usize) -> Result<Self> {
        let fleet = node::fleet(shops).await?;
        let mut node = Node::prepare(&fleet)?;
        node.start().await?;
        for shop in fleet.stores() {
            node.connect(&shop, "Anatolia Coffee")?;
        }
        node.create_user(ADMIN, "platform-admin", None)?;
        node.stores_are("live", i64::try_from(shops)?).await?;
        Ok(Self { admin: node.admin().await?, node, sim: node::sim(&fleet), fleet })
    }

    pub async fn log_in(&self) -> Result<Person> {
        Person::log_in(&self.node, ADMIN).await
    }

    /// Our id of the first shop that was connected.
    pub async fn store(&self) -> Result<String> {
        Ok(self.admin.query_one("SELECT id::text FROM store ORDER BY id LIMIT 1", &[]).await?.get(0))
    }
}
