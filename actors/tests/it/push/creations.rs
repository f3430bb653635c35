//! What people have made, rewritten or thrown away in a store: once, or reported failed.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig, Write};
use storewire_actors::Proposal;
use storewire_db::intents::IntentRow;
use storewire_domain::{
    Edit, IntentState, RemoteId,
    intent::{NewAttribute, NewChoice, NewKind, NewProduct, NewVariation},
    retry::RetryPolicy,
};
use storewire_testkit::{
    FaultProxy,
    fault_proxy::{CutRule, Faults as Cuts, Place, Way},
};
use uuid::Uuid;

use super::Bench;
use crate::house::House;

const SEED: u64 = 24;
const CREATIONS: usize = 100;

impl Bench {
    /// Proposes what is about no record of ours.
    async fn wish_for(&self, product: NewProduct) -> Result<Uuid> {
        let edit = Edit::Create { product: Box::new(product) };
        let (tenant, store, by) = (self.house.tenant, self.store, self.by);
        let wish = Proposal { tenant, store, entity: Uuid::nil(), edit, by, expected: None, note: None };
        Ok(self.house.engine().propose(wish).await?.id)
    }

    /// Has a product made, and answers the store's id of it.
    async fn make(&self, product: NewProduct) -> Result<(u64, IntentRow)> {
        let done = self.ends(self.wish_for(product).await?).await?;
        ensure!(done.state == IntentState::Done, "{done:?}");
        Ok((done.remote_id.parse()?, done))
    }

    /// What REST made of this kind.
    fn made(&self, kind: &str) -> Vec<Write> {
        let all = self.house.fleet.writes(1);
        all.into_iter().filter(|write| write.kind == kind && write.verb == storesim::Verb::Create).collect()
    }
}

fn cup(name: &str) -> NewProduct {
    NewProduct {
        name: name.to_owned(),
        sku: String::new(),
        kind: NewKind::Simple,
        status: "publish".to_owned(),
        regular_price: "12.50".parse().ok(),
        sale_price: None,
        stock_quantity: Some(7.into()),
        short_description: "For tea & more".to_owned(),
        description: "One\n\ntwo".to_owned(),
        categories: Vec::new(),
        attributes: Vec::new(),
        image_ids: vec![RemoteId::from(77)],
    }
}

fn shirt() -> NewProduct {
    let attribute = |id: Option<u64>, name: &str, options: &[&str]| NewAttribute {
        id: id.map(RemoteId::from),
        name: name.to_owned(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        for_variations: true,
    };
    NewProduct {
        kind: NewKind::Variable,
        regular_price: None,
        stock_quantity: None,
        attributes: vec![attribute(Some(1), "Color", &["Red", "Blue"]), attribute(None, "Cut", &["Slim", "Wide"])],
        ..cup("Shirt")
    }
}

fn red_and_wide() -> NewVariation {
    let choice = |id: Option<u64>, name: &str, option: &str| NewChoice {
        id: id.map(RemoteId::from),
        name: name.to_owned(),
        option: option.to_owned(),
    };
    NewVariation {
        choices: vec![choice(Some(1), "Color", "Red"), choice(None, "Cut", "Wide")],
        sku: "SHIRT-RW".to_owned(),
        regular_price: "30".parse().ok(),
        sale_price: None,
        stock_quantity: Some(4.into()),
    }
}

#[actix_web::test]
async fn a_product_is_made_as_wished_and_its_intent_is_about_it_from_then_on() -> Result<()> {
    let bench = Bench::open().await?;
    let (id, done) = bench.make(NewProduct { sku: "CUP-9".to_owned(), ..cup("Cup & saucer") }).await?;
    let shown = bench.record("products", id)?;
    ensure!(shown["name"] == "Cup & saucer" && shown["sku"] == "CUP-9" && shown["stock_quantity"] == 7, "{shown}");
    ensure!(shown["regular_price"] == "12.5" && shown["images"][0]["id"] == 77, "{shown}");
    let mark = &shown["meta_data"][0];
    ensure!(mark["key"] == "_storewire_intent" && mark["value"] == done.id.to_string(), "{mark}");
    ensure!(done.entity_id == bench.entity("product", id).await?, "it is about {}", done.entity_id);
    ensure!(done.attempts == 1 && bench.made("product").len() == 1, "{done:?}");

    let taken = bench.wish_for(NewProduct { sku: "CUP-9".to_owned(), ..cup("Another cup") }).await?;
    let refused = bench.ends(taken).await?;
    ensure!(refused.reason.as_deref() == Some("product_invalid_sku"), "{refused:?}");
    ensure!(refused.remote_id.is_empty() && bench.made("product").len() == 1, "{refused:?}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_variable_product_gets_its_variations_one_by_one() -> Result<()> {
    let bench = Bench::open().await?;
    let (id, _) = bench.make(shirt()).await?;
    let done = bench.carry_out(id, Edit::AddVariation { variation: Box::new(red_and_wide()) }).await?;
    let shown = bench.record("products", done.remote_id.parse()?)?;
    ensure!(shown["name"] == "Red, Wide" && shown["parent_id"] == id && shown["stock_quantity"] == 4, "{shown}");
    ensure!(done.entity_id == bench.entity("product", id).await?, "told of another record than its parent");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND parent_remote_id = $2 AND sku = 'SHIRT-RW'";
    bench.house.count_is(held, &[&bench.store.uuid(), &id.to_string()], 1).await?;
    let counted =
        "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND cardinality(variation_ids) = 1";
    bench.house.count_is(counted, &[&bench.store.uuid(), &id.to_string()], 1).await?;
    ensure!(bench.made("variation").len() == 1, "{:?}", bench.made("variation"));
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_product_goes_into_the_trash_once_and_never_for_good() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    let entity = bench.entity("product", product).await?;
    bench.carry_out(product, Edit::Trash).await?;
    ensure!(bench.record("products", product)?["status"] == "trash", "not in the trash");
    let held = "SELECT count(*) FROM product WHERE id = $1 AND trashed_at IS NOT NULL";
    bench.house.count_is(held, &[&entity], 1).await?;
    ensure!(bench.propose(product, Edit::Trash, None).await.is_err(), "what is in the trash is not there to edit");

    let other = bench.pick("products", |one| one["type"] == "simple" && one["status"] != "trash")?;
    let edit = json!({"kind": "products", "ids": [other], "fields": {"status": "private"}, "silent": true});
    let seen = bench.record("products", other)?["status"].clone();
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let wish = bench.propose(other, Edit::Trash, Some(json!({ "status": seen }))).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(bench.record("products", other)?["status"] == "private", "it was thrown away all the same");
    let deleted = bench.house.fleet.writes(1).into_iter().filter(|write| write.verb == storesim::Verb::Delete).count();
    ensure!(deleted == 1, "{deleted} deletions");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_product_whose_answer_was_lost_is_found_by_its_mark_also_in_the_trash() -> Result<()> {
    let bench = Bench::open().await?;
    let lose = |before: f64, after: f64| {
        let faults = Faults { cut_before_apply_part: before, cut_after_apply_part: after, ..Faults::default() };
        bench.house.fleet.set_faults(1, faults);
    };
    lose(0.0, 1.0);
    let kept = bench.ends(bench.wish_for(cup("Kept, answer lost")).await?).await?;
    ensure!(kept.state == IntentState::Done && kept.attempts == 1, "{kept:?}");

    lose(1.0, 0.0);
    let lost = bench.wish_for(cup("Lost on the way")).await?;
    bench.stands(lost, "unknown").await?;
    lose(0.0, 0.0);
    let lost = bench.ends(lost).await?;
    ensure!(lost.state == IntentState::Done && lost.attempts == 2, "{lost:?}");

    lose(0.0, 1.0);
    let thrown = bench.wish_for(cup("Thrown away at once")).await?;
    let is_made = || bench.shop("products").is_ok_and(|all| all.iter().any(|one| one["name"] == "Thrown away at once"));
    bench.house.until("it is made", || async { Ok(is_made()) }).await?;
    let id = bench.pick("products", |one| one["name"] == "Thrown away at once")?;
    bench.house.fleet.sim("POST", &format!("stores/1/products/{id}/trash"), &Value::Null).await;
    lose(0.0, 0.0);
    let thrown = bench.ends(thrown).await?;
    ensure!(thrown.state == IntentState::Done && thrown.attempts == 1, "{thrown:?}");
    ensure!(bench.made("product").len() == 3, "{:?}", bench.made("product"));
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b12_a_hundred_creations_cut_anywhere_are_each_made_exactly_once_or_reported_failed() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
    let house = House::with(fleet, |config| {
        config.outbox_settle = Duration::from_millis(150);
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
    let (parent, _) = bench.make(shirt()).await?;

    let rule = CutRule {
        part: 0.15,
        places: vec![Place::BeforeRequest, Place::InRequest(1..600), Place::AfterRequest, Place::InAnswer(1..4_000)],
        ways: vec![Way::Close, Way::Reset],
        ..CutRule::default()
    };
    proxy.set(Cuts { cut: rule, ..Cuts::default() });
    let mut wishes = Vec::with_capacity(CREATIONS);
    for number in 0..CREATIONS {
        let id = if number % 4 == 3 {
            let variation = NewVariation { sku: format!("V-{number}"), ..red_and_wide() };
            bench.propose(parent, Edit::AddVariation { variation: Box::new(variation) }, None).await?.id
        } else {
            bench.wish_for(cup("The same cup")).await?
        };
        wishes.push(id);
    }
    bench.house.count_is("SELECT count(*) FROM intent WHERE finished_at IS NULL", &[], 0).await?;
    proxy.set(Cuts::default());

    let marks: Vec<Value> = bench.shop("products")?.into_iter().map(|one| one["meta_data"].clone()).collect();
    let mut table: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for id in &wishes {
        let intent = bench.intent(*id).await?;
        let mark = id.to_string();
        let is_ours = |metas: &&Value| metas.as_array().is_some_and(|all| all.iter().any(|meta| meta["value"] == mark));
        let made = marks.iter().filter(is_ours).count();
        match intent.state {
            IntentState::Done => ensure!(made == 1, "done, but made {made} times: {intent:?}"),
            _ => ensure!(made <= 1 && intent.reason.is_some(), "failed, but made {made} times: {intent:?}"),
        }
        let row = table.entry(intent.reason.unwrap_or_else(|| intent.state.to_string())).or_default();
        *row = (row.0 + 1, row.1 + made);
    }
    let (cuts, done) = (proxy.cuts().len(), table.get("done").map_or(0, |row| row.0));
    println!("{CREATIONS} creations, seed {SEED}, {cuts} cuts, (intents, made) by outcome: {table:?}");
    ensure!(cuts > 10, "only {cuts} cuts prove nothing");
    ensure!(done > CREATIONS * 9 / 10, "only {done} were made: {table:?}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}
