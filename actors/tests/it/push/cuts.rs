//! A thousand writes over a network that cuts connections anywhere.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::{FleetConfig, Write};
use storewire_db::intents::{self, IntentFilter, IntentRow};
use storewire_domain::{Edit, IntentState, intent::CustomerField, retry::RetryPolicy};
use storewire_testkit::{
    FaultProxy,
    fault_proxy::{CutRule, Faults, Place, Way},
};
use uuid::Uuid;

use super::{Bench, note, stock};
use crate::house::House;

const SEED: u64 = 12;
const WRITES: usize = 1_000;

/// A wish, and how it is told apart in the shop's own log of writes.
struct Wish {
    id: Uuid,
    kind: &'static str,
    record: u64,
    field: &'static str,
    value: serde_json::Value,
}

impl Wish {
    fn is_made_by(&self, write: &Write) -> bool {
        let is_of_record = write.kind == self.kind && (write.id == self.record || write.parent_id == self.record);
        is_of_record
            && write.effective
            && write.changed.get(self.field).is_some_and(|change| change["to"] == self.value)
    }
}

#[actix_web::test]
async fn b12_a_thousand_writes_cut_anywhere_are_each_made_exactly_once_or_reported_failed() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 90, products_per_store: 60, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.outbox_settle = Duration::from_millis(150);
        // What a cut teaches of a store is not the matter here: it is treated as a store whose network is known to be bad.
        config.request_interval = Duration::from_micros(500);
        config.request_interval_max = Duration::from_millis(10);
        config.retry = RetryPolicy { base: Duration::from_millis(10), cap: Duration::from_millis(80) };
        // Reads by the clock would only dilute the writes.
        config.pull_interval = Duration::from_secs(20);
    })
    .await?;
    let proxy = FaultProxy::seeded(house.fleet.addr(), SEED).await?;
    house.fleet.sim("POST", "stores/1/settings", &json!({ "authority": proxy.addr().to_string() })).await;
    let bench = Bench::connect(house).await?;

    // Customers are first heard of when something happens to them.
    let edit = json!({"kind": "customers", "fields": {"first_name": "Ada"}});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let heard = "SELECT count(*) FROM customer WHERE store_id = $1";
    let num_customers = i64::try_from(bench.shop("customers")?.len())?;
    bench.house.count_is(heard, &[&bench.store.uuid()], num_customers).await?;

    let ids =
        |records: Vec<serde_json::Value>| -> Vec<u64> { records.iter().filter_map(|one| one["id"].as_u64()).collect() };
    let mut products = bench.shop("products")?;
    products.retain(|one| one["type"] == "simple" && one["manage_stock"] == true && one["status"] != "trash");
    let mut orders = bench.shop("orders")?;
    orders.retain(|one| matches!(one["status"].as_str(), Some("processing" | "completed" | "on-hold" | "pending")));
    let (products, orders, customers) = (ids(products), ids(orders), ids(bench.shop("customers")?));

    let rule = CutRule {
        part: 0.15,
        places: vec![Place::BeforeRequest, Place::InRequest(1..600), Place::AfterRequest, Place::InAnswer(1..4_000)],
        ways: vec![Way::Close, Way::Reset],
        ..CutRule::default()
    };
    proxy.set(Faults { cut: rule, ..Faults::default() });
    let begun = std::time::Instant::now();
    let mut wishes = Vec::with_capacity(WRITES);
    for number in 0..WRITES {
        let of = |records: &[u64]| records[number / 10 % records.len()];
        let (kind, record, field, value, edit) = match number % 10 {
            0..7 => {
                let quantity = 1_000 + i64::try_from(number)?;
                ("product", products[number % products.len()], "stock_quantity", json!(quantity), stock(quantity))
            }
            7 | 8 => {
                let text = format!("note {number}");
                ("note", of(&orders), "note", json!(text), note(&text))
            }
            _ => {
                let name = format!("Name {number}");
                let edit = Edit::Customer { fields: [(CustomerField::LastName, name.clone())].into() };
                ("customer", of(&customers), "last_name", json!(name), edit)
            }
        };
        let id = bench.propose(record, edit, None).await?.id;
        wishes.push(Wish { id, kind, record, field, value });
    }
    bench.house.count_is("SELECT count(*) FROM intent WHERE finished_at IS NULL", &[], 0).await?;
    let took = begun.elapsed();
    proxy.set(Faults::default());

    let ended = all(&bench).await?;
    let writes = bench.house.fleet.writes(1);
    let mut table: BTreeMap<(String, String), (usize, usize, i32)> = BTreeMap::new();
    for wish in &wishes {
        let intent = ended.get(&wish.id).expect("every intent is kept");
        let made = writes.iter().filter(|write| wish.is_made_by(write)).count();
        match intent.state {
            IntentState::Done => ensure!(made == 1, "done, but made {made} times: {intent:?}"),
            _ => ensure!(made <= 1 && intent.reason.is_some(), "failed, but made {made} times: {intent:?}"),
        }
        let outcome = intent.reason.clone().unwrap_or_else(|| intent.state.to_string());
        let row = table.entry((intent.kind.clone(), outcome)).or_default();
        *row = (row.0 + 1, row.1 + made, row.2 + i32::from(intent.attempts));
    }
    let cuts = proxy.cuts();
    println!("{WRITES} writes, seed {SEED}, {} cuts, {took:?}", cuts.len());
    println!("{:<16} {:<14} {:>7} {:>7} {:>7}", "kind", "outcome", "intents", "made", "sends");
    for ((kind, outcome), (intents, made, sends)) in &table {
        println!("{kind:<16} {outcome:<14} {intents:>7} {made:>7} {sends:>7}");
    }
    let done: usize = table.iter().filter(|((_, outcome), _)| outcome == "done").map(|(_, row)| row.0).sum();
    ensure!(cuts.len() > 50, "only {} cuts prove nothing", cuts.len());
    ensure!(done > WRITES * 9 / 10, "only {done} were made: {table:?}");
    ensure!(took < Duration::from_secs(60), "it took {took:?}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

async fn all(bench: &Bench) -> Result<BTreeMap<Uuid, IntentRow>> {
    let tx = bench.house.db.db().platform().await?;
    let filter = IntentFilter { limit: 10_000, ..IntentFilter::default() };
    let rows = intents::list(&tx, &filter).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
