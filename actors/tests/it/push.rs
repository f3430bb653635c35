//! What people want written arrives in the shop once, is proven there, and says so.

mod batches;
mod certainty;
mod creations;
mod cuts;
mod echoes;
mod kinds;
mod refusals;
mod steps;
mod texts;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use storesim::{FleetConfig, Write};
use storewire_actors::{EngineConfig, Proposal};
use storewire_db::{
    identity,
    intents::{self, IntentRow, NewIntent},
};
use storewire_domain::{Clock, Edit, PlatformRole, StoreId, UserId, intent::Cause};
use uuid::Uuid;

use crate::house::House;

/// For so long a shop of the laboratory may still carry out what it was sent.
const SETTLE: Duration = Duration::from_millis(600);

/// A connected shop, and somebody who changes things in it.
pub struct Bench {
    pub house: House,
    pub store: StoreId,
    pub by: UserId,
}

impl Bench {
    pub async fn open() -> Result<Self> {
        Self::with(|_| ()).await
    }

    pub async fn with(adjust: impl FnOnce(&mut EngineConfig)) -> Result<Self> {
        let fleet = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
        Self::of(fleet, adjust).await
    }

    pub async fn of(fleet: FleetConfig, adjust: impl FnOnce(&mut EngineConfig)) -> Result<Self> {
        let house = House::with(fleet, |config| {
            config.outbox_settle = SETTLE;
            adjust(config);
        })
        .await?;
        Self::connect(house).await
    }

    /// The same in a house that stands already.
    pub async fn connect(house: House) -> Result<Self> {
        let tx = house.db.db().auth().await?;
        let by = identity::create_user(&tx, "ada@platform.example", "Ada", "-", Some(PlatformRole::Staff)).await?;
        tx.commit().await?;
        let store = house.import(1).await?;
        Ok(Self { house, store, by })
    }

    /// Every record of a kind as the shop holds it.
    pub fn shop(&self, kind: &str) -> Result<Vec<Value>> {
        let text = self.house.fleet.truth(1, kind).context("the shop holds such records")?;
        Ok(serde_json::from_str(&text)?)
    }

    /// One record as the shop holds it.
    pub fn record(&self, kind: &str, id: u64) -> Result<Value> {
        self.shop(kind)?.into_iter().find(|record| record["id"] == id).context("the shop has the record")
    }

    /// The id of the first record of a kind that is as wanted.
    pub fn pick(&self, kind: &str, is_wanted: impl Fn(&Value) -> bool) -> Result<u64> {
        self.shop(kind)?.iter().find(|record| is_wanted(record)).and_then(|record| record["id"].as_u64()).context("one")
    }

    /// A simple product that counts its stock.
    pub fn counted_product(&self) -> Result<u64> {
        self.pick("products", |one| one["type"] == "simple" && one["manage_stock"] == true)
    }

    /// An order that is being worked on.
    pub fn placed_order(&self) -> Result<u64> {
        self.pick("orders", |one| matches!(one["status"].as_str(), Some("processing" | "on-hold" | "completed")))
    }

    /// An order that may take many a step.
    pub fn paid_order(&self) -> Result<u64> {
        self.pick("orders", |one| one["status"] == "processing")
    }

    /// Our id of a shop's record.
    pub async fn entity(&self, table: &str, id: u64) -> Result<Uuid> {
        let sql = format!("SELECT id FROM {table} WHERE store_id = $1 AND remote_id = $2");
        Ok(self.house.admin.query_one(&sql, &[&self.store.uuid(), &id.to_string()]).await?.try_get(0)?)
    }

    /// Proposes a change of a shop's record.
    pub async fn propose(&self, id: u64, edit: Edit, expected: Option<Value>) -> Result<IntentRow> {
        let table = match edit.noun() {
            "order" => "orders",
            noun => noun,
        };
        let entity = self.entity(table, id).await?;
        let (tenant, store) = (self.house.tenant, self.store);
        let wish = Proposal { tenant, store, entity, edit, by: self.by, expected, note: None };
        Ok(self.house.engine().propose(wish).await?)
    }

    /// Writes a wish down without a word to anybody, as a node does on which the store's actor does not run.
    pub async fn write_down(&self, entity: Uuid, remote_id: u64, edit: Edit) -> Result<Uuid> {
        let wish = NewIntent {
            id: Uuid::now_v7(),
            entity_id: entity,
            remote_id: remote_id.into(),
            parent_remote_id: None,
            edit,
            expected: None,
            cause: Cause::of(self.by),
        };
        let tx = self.house.db.db().tenant(self.house.tenant).await?;
        intents::insert(&tx, self.store, &wish, Clock::system().now()).await?;
        tx.commit().await?;
        Ok(wish.id)
    }

    /// An intent as it stands.
    pub async fn intent(&self, id: Uuid) -> Result<IntentRow> {
        let tx = self.house.db.db().platform().await?;
        let row = intents::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the intent is there")
    }

    /// Waits until an intent stands there.
    pub async fn stands(&self, id: Uuid, state: &str) -> Result<IntentRow> {
        let what = format!("the intent is {state}");
        self.house.until(&what, || async { Ok(self.intent(id).await?.state.as_str() == state) }).await?;
        self.intent(id).await
    }

    /// Waits until an intent is finished.
    pub async fn ends(&self, id: Uuid) -> Result<IntentRow> {
        self.house.until("the intent is finished", || async { Ok(self.intent(id).await?.state.is_final()) }).await?;
        self.intent(id).await
    }

    /// Proposes a change and waits until it is done.
    pub async fn carry_out(&self, id: u64, edit: Edit) -> Result<IntentRow> {
        let ended = self.ends(self.propose(id, edit, None).await?.id).await?;
        ensure!(ended.state.as_str() == "done", "{} ended as {} {:?}", ended.kind, ended.state, ended.reason);
        Ok(ended)
    }

    /// What REST wrote to a record, whether or not it changed anything.
    pub fn writes(&self, kind: &str, id: u64) -> Vec<Write> {
        let all = self.house.fleet.writes(1);
        all.into_iter().filter(|write| write.kind == kind && (write.id == id || write.parent_id == id)).collect()
    }

    /// The states that the change log tells of an intent, in order.
    pub async fn way(&self, id: Uuid) -> Result<Vec<String>> {
        let sql =
            "SELECT detail->'state'->>1 FROM change WHERE entity_id = $1 AND kind = 'intent.changed' ORDER BY seq";
        let rows = self.house.admin.query(sql, &[&id]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

pub fn stock(quantity: i64) -> Edit {
    Edit::Stock { quantity: quantity.into() }
}

pub fn note(text: &str) -> Edit {
    Edit::OrderNote { text: text.to_owned(), for_customer: false }
}

pub fn order_status(status: &str) -> Edit {
    Edit::OrderStatus { status: status.to_owned() }
}
