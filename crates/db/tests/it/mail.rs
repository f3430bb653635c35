//! Deliveries and dead letters as people look at them, and what replay and retry do to their rows.

use anyhow::{Context as _, Result, ensure};
use jiff::SignedDuration;
use storewire_db::{
    Db,
    dead_letters::{self, DeadFilter, NewDeadLetter, Retried},
    deliveries::{self, DeliveryFilter},
    inbox::{self, NewDelivery, Verdict},
    rechecks,
};
use storewire_domain::{DeliveryId, ReadScope};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

const STAFF: ReadScope = ReadScope::Platform { stores: None };

/// One delivery, as intake stores it.
pub fn delivery(shop: &Shop, topic: &str) -> NewDelivery {
    NewDelivery {
        id: DeliveryId::fresh(),
        tenant_id: shop.tenant,
        store_id: shop.store,
        received_at: now(),
        topic: topic.to_owned(),
        webhook_id: "7".to_owned(),
        delivery_id: "d-1".to_owned(),
        source: "https://coffee.example/".to_owned(),
        body: b"{\"id\":1}".to_vec(),
        body_sha256: [0; 32],
    }
}

async fn deliver(db: &Db, shop: &Shop, topic: &str) -> Result<DeliveryId> {
    let new = delivery(shop, topic);
    let tx = db.intake().await?;
    inbox::insert(&tx, std::slice::from_ref(&new)).await?;
    tx.commit().await?;
    Ok(new.id)
}

/// Gives a delivery up, as its store's actor does.
async fn bury(db: &Db, shop: &Shop, id: DeliveryId, reason: &str) -> Result<()> {
    let tx = db.tenant(shop.tenant).await?;
    inbox::mark(&tx, &[(id, now(), Verdict::Dead(reason.to_owned()))], now()).await?;
    let letter = NewDeadLetter { id: id.uuid(), ..letter("delivery", "order.updated", None, reason) };
    dead_letters::insert(&tx, shop.store, &letter, now()).await?;
    Ok(tx.commit().await?)
}

fn letter(origin: &'static str, topic: &'static str, remote_id: Option<&str>, reason: &str) -> NewDeadLetter<'static> {
    NewDeadLetter {
        id: Uuid::now_v7(),
        origin,
        topic,
        remote_id: remote_id.map(str::to_owned),
        cause: "undecodable",
        reason: reason.to_owned(),
        body: b"{\"id\":1}".to_vec(),
        received_at: now(),
    }
}

async fn listed(db: &Db, scope: &ReadScope, filter: &DeliveryFilter) -> Result<Vec<DeliveryId>> {
    let tx = db.read(scope).await?;
    let rows = deliveries::list(&tx, filter).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn open_letters(db: &Db, scope: &ReadScope) -> Result<Vec<Uuid>> {
    let tx = db.read(scope).await?;
    let rows = dead_letters::list(&tx, &DeadFilter::default()).await?;
    tx.commit().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn state_of(db: &Db, id: DeliveryId) -> Result<String> {
    let tx = db.read(&STAFF).await?;
    let (row, _) = deliveries::find(&tx, id).await?.context("no such delivery")?;
    tx.commit().await?;
    Ok(row.state)
}

#[tokio::test]
async fn deliveries_are_listed_newest_first_over_all_stores_in_sight() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, outdoor) = (shop::open(db, "coffee").await?, shop::open(db, "outdoor").await?);
    let first = deliver(db, &coffee, "order.created").await?;
    let second = deliver(db, &outdoor, "order.created").await?;
    let third = deliver(db, &coffee, "product.updated").await?;

    let all = DeliveryFilter::default();
    ensure!(listed(db, &STAFF, &all).await? == [third, second, first]);
    ensure!(listed(db, &ReadScope::Tenant(coffee.tenant), &all).await? == [third, first]);
    let keeper = ReadScope::Platform { stores: Some(vec![outdoor.store]) };
    ensure!(listed(db, &keeper, &all).await? == [second]);
    let page = DeliveryFilter { before: Some(third.uuid()), limit: 1, ..all.clone() };
    ensure!(listed(db, &STAFF, &page).await? == [second]);
    let of_topic = DeliveryFilter { topic: Some("product.updated".to_owned()), ..all.clone() };
    ensure!(listed(db, &STAFF, &of_topic).await? == [third]);
    let of_store = DeliveryFilter { store: Some(outdoor.store), ..all.clone() };
    ensure!(listed(db, &STAFF, &of_store).await? == [second]);
    ensure!(listed(db, &ReadScope::Tenant(coffee.tenant), &of_store).await?.is_empty());
    let handled = DeliveryFilter { state: Some("applied".to_owned()), ..all.clone() };
    ensure!(listed(db, &STAFF, &handled).await?.is_empty());
    let later = DeliveryFilter { since: Some(now() + SignedDuration::from_secs(1)), ..all };
    ensure!(listed(db, &STAFF, &later).await?.is_empty());

    let tx = db.read(&ReadScope::Tenant(outdoor.tenant)).await?;
    ensure!(deliveries::find(&tx, first).await?.is_none(), "a foreign delivery is found");
    let (row, body) = deliveries::find(&tx, second).await?.context("the own one is not")?;
    ensure!((row.bytes, body.as_slice()) == (8, b"{\"id\":1}".as_slice()));
    tx.commit().await?;
    let tx = db.read(&keeper).await?;
    ensure!(deliveries::find(&tx, first).await?.is_none(), "a store that is not kept is seen");
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn a_replayed_delivery_waits_again_and_its_dead_letter_waits_for_the_verdict() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let id = deliver(db, &coffee, "order.updated").await?;
    bury(db, &coffee, id, "no id").await?;
    ensure!(state_of(db, id).await? == "dead");
    ensure!(open_letters(db, &STAFF).await? == [id.uuid()]);

    let tx = db.tenant(coffee.tenant).await?;
    ensure!(deliveries::replay(&tx, coffee.store, &[id.uuid()], now()).await? == 1);
    ensure!(deliveries::replay(&tx, coffee.store, &[id.uuid()], now()).await? == 0, "it waits already");
    tx.commit().await?;
    ensure!(state_of(db, id).await? == "pending");
    ensure!(open_letters(db, &STAFF).await?.is_empty());

    bury(db, &coffee, id, "still no id").await?;
    ensure!(open_letters(db, &STAFF).await? == [id.uuid()], "a second failure opens it again");
    Ok(())
}

#[tokio::test]
async fn a_retry_does_what_its_origin_needs_and_leaves_what_only_the_store_can_mend() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let kept = deliver(db, &coffee, "order.updated").await?;
    let dropped = deliver(db, &coffee, "order.updated").await?;
    bury(db, &coffee, kept, "x").await?;
    bury(db, &coffee, dropped, "x").await?;
    // Its day of the inbox has been dropped.
    let admin = test.admin().await?;
    admin.execute("DELETE FROM inbox WHERE id = $1", &[&dropped.uuid()]).await?;
    let page = letter("page", "orders", Some("11"), "bad total");
    let record = letter("record", "refunds", Some("12"), "400");
    let nameless = letter("page", "products", None, "no id");
    let tx = db.tenant(coffee.tenant).await?;
    for set_aside in [&page, &record, &nameless] {
        dead_letters::insert(&tx, coffee.store, set_aside, now()).await?;
    }
    let all = dead_letters::open(&tx, coffee.store, Some("undecodable"), 100).await?;
    ensure!(all.len() == 5, "{all:?}");
    let retried = dead_letters::retry(&tx, coffee.store, &all, now()).await?;
    ensure!(retried == Retried { deliveries: 2, records: 2, left: 1 }, "{retried:?}");
    let again = dead_letters::retry(&tx, coffee.store, &all, now()).await?;
    ensure!(again == Retried { deliveries: 0, records: 0, left: 5 }, "what is closed is not retried: {again:?}");
    let first = rechecks::first_due(&tx, coffee.store, now()).await?.context("nothing is asked again")?;
    ensure!((first.kind.as_str(), first.remote_id.as_str()) == ("order", "11"), "{first:?}");
    rechecks::settle(&tx, coffee.store, &[first]).await?;
    let second =
        rechecks::first_due(&tx, coffee.store, now()).await?.context("one is asked again, two were retried")?;
    ensure!((second.kind.as_str(), second.remote_id.as_str()) == ("refunds", "12"), "{second:?}");
    tx.commit().await?;

    ensure!(open_letters(db, &STAFF).await? == [nameless.id]);
    ensure!(state_of(db, kept).await? == "pending");
    ensure!(state_of(db, dropped).await? == "pending", "it was not delivered again");
    let tx = db.read(&STAFF).await?;
    let (row, body) = deliveries::find(&tx, dropped).await?.context("gone")?;
    ensure!(row.source == "https://coffee.example/" && row.webhook_id == "7", "{row:?}");
    ensure!(body == b"{\"id\":1}");
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn what_a_person_discarded_stays_closed_when_the_same_bytes_are_met_again() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let page = letter("page", "orders", Some("11"), "bad total");
    let tx = db.tenant(coffee.tenant).await?;
    dead_letters::insert(&tx, coffee.store, &page, now()).await?;
    ensure!(dead_letters::resolve(&tx, coffee.store, &[page.id], now()).await? == 1);
    ensure!(dead_letters::resolve(&tx, coffee.store, &[page.id], now()).await? == 0);
    dead_letters::insert(&tx, coffee.store, &page, now()).await?;
    tx.commit().await?;
    ensure!(open_letters(db, &STAFF).await?.is_empty());
    let tx = db.read(&STAFF).await?;
    let (found, _) = dead_letters::find(&tx, page.id).await?.context("its bytes are kept")?;
    ensure!(found.resolved_at.is_some() && found.retried_at.is_none(), "{found:?}");
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn dead_letters_are_counted_by_cause_and_listed_page_by_page() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let (coffee, outdoor) = (shop::open(db, "coffee").await?, shop::open(db, "outdoor").await?);
    for (shop, reason) in [(&coffee, "one"), (&coffee, "two"), (&outdoor, "three")] {
        let tx = db.tenant(shop.tenant).await?;
        dead_letters::insert(&tx, shop.store, &letter("page", "orders", None, reason), now()).await?;
        tx.commit().await?;
    }
    let tx = db.read(&STAFF).await?;
    let heaps = dead_letters::causes(&tx, None).await?;
    let heaps: Vec<_> = heaps.iter().map(|heap| (heap.store_name.as_str(), heap.count, heap.cause.as_str())).collect();
    ensure!(heaps == [("coffee", 2, "undecodable"), ("outdoor", 1, "undecodable")], "{heaps:?}");
    ensure!(dead_letters::causes(&tx, Some(outdoor.store)).await?.len() == 1);
    let mut pages = Vec::new();
    let mut before = None;
    loop {
        let page = dead_letters::list(&tx, &DeadFilter { before, limit: 1, ..DeadFilter::default() }).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        pages.push(last.reason.clone());
    }
    ensure!(pages == ["three", "two", "one"], "{pages:?}");
    tx.commit().await?;
    let tx = db.read(&ReadScope::Tenant(outdoor.tenant)).await?;
    ensure!(dead_letters::causes(&tx, None).await?.len() == 1, "a tenant sees another's");
    Ok(tx.commit().await?)
}
