//! What a store, or we, will not do; and what waits.

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::Faults;
use storewire_actors::{Proposal, ProposeError};
use storewire_domain::{
    Edit, RemoteId,
    intent::{EditFault, Rejected},
};

use super::{Bench, order_status, stock};

#[actix_web::test]
async fn what_makes_no_sense_is_refused_before_anything_is_written_down() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.entity("product", bench.counted_product()?).await?;
    let variable = bench.entity("product", bench.pick("products", |one| one["type"] == "variable")?).await?;
    let variation = bench.entity("product", bench.pick("products", |one| one["type"] == "variation")?).await?;
    let price = |text: &str| Edit::Price { regular: text.parse().ok(), sale: None };
    let filed = |id: u64| Edit::Categories { ids: vec![RemoteId::from(id)] };
    for (entity, edit, expected, fault) in [
        (product, stock(-1), None, EditFault::Negative),
        (product, price("1.2345"), None, EditFault::TooPrecise),
        (product, stock(5), Some(json!({"status": "draft"})), EditFault::BadExpectation),
        (product, filed(999_999), None, EditFault::BadCategory),
        (variable, price("10"), None, EditFault::WrongRecord),
        (variation, filed(15), None, EditFault::WrongRecord),
    ] {
        let wish = Proposal {
            tenant: bench.house.tenant,
            store: bench.store,
            entity,
            edit: edit.clone(),
            by: bench.by,
            expected,
        };
        match bench.house.engine().propose(wish).await {
            Err(ProposeError::Rejected(Rejected { fault: found, .. })) if found == fault => {}
            other => anyhow::bail!("{edit:?} came to {other:?}"),
        }
    }
    let wish = Proposal {
        tenant: bench.house.tenant,
        store: bench.store,
        // An order's edit of a product's id.
        entity: product,
        edit: order_status("completed"),
        by: bench.by,
        expected: None,
    };
    ensure!(matches!(bench.house.engine().propose(wish).await, Err(ProposeError::NotFound)), "taken for an order");
    ensure!(bench.house.count("SELECT count(*) FROM intent", &[]).await? == 0, "an intent was written down");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_status_that_the_store_does_not_know_is_not_sent() -> Result<()> {
    let bench = Bench::open().await?;
    let order = bench.placed_order()?;
    let wish = bench.propose(order, order_status("teleported"), None).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("unknown_status") && failed.attempts == 0, "{failed:?}");
    ensure!(bench.writes("order", order).is_empty(), "it was sent");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_record_that_is_gone_fails_its_intent_and_leaves_our_copy() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.house.fleet.sim("DELETE", &format!("stores/1/products/{product}"), &json!(null)).await;
    let wish = bench.propose(product, stock(5), None).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("gone"), "{failed:?}");
    let gone = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND deleted_at IS NOT NULL";
    bench.house.count_is(gone, &[&bench.store.uuid(), &product.to_string()], 1).await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn keys_that_may_only_read_keep_intents_waiting_while_reads_go_on() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.house.fleet.set_faults(1, Faults { read_only_key: true, ..Faults::default() });
    let wish = bench.propose(product, stock(5), None).await?;
    bench.house.until("it waits", || async { Ok(bench.intent(wish.id).await?.reason.is_some()) }).await?;
    let orders = bench.house.row(bench.store).await?.orders;
    bench.house.fleet.buy(1, Some(product), 1).expect("it is for sale");
    bench
        .house
        .until("the sale is read", || async { Ok(bench.house.row(bench.store).await?.orders == orders + 1) })
        .await?;
    let waiting = bench.intent(wish.id).await?;
    ensure!(waiting.state.as_str() == "waiting" && waiting.attempts == 0, "{waiting:?}");

    bench.house.fleet.set_faults(1, Faults::default());
    let done = bench.ends(wish.id).await?;
    ensure!(done.state.as_str() == "done", "{done:?}");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_store_that_is_down_is_written_to_when_it_is_back_and_what_waits_can_be_taken_back() -> Result<()> {
    let bench = Bench::open().await?;
    let (product, order) = (bench.counted_product()?, bench.placed_order()?);
    bench.house.fleet.set_faults(1, Faults { down: true, ..Faults::default() });
    let first = bench.propose(product, stock(11), None).await?;
    let second = bench.propose(product, stock(12), None).await?;
    let regretted = bench.propose(order, order_status("cancelled"), None).await?;
    ensure!(bench.house.engine().cancel_intent(&regretted, bench.by).await?, "it did not wait");
    bench.house.fleet.set_faults(1, Faults::default());

    for wish in [first.id, second.id] {
        let done = bench.ends(wish).await?;
        ensure!(done.state.as_str() == "done", "{done:?}");
    }
    let quantities: Vec<_> =
        bench.writes("product", product).iter().map(|write| write.changed["stock_quantity"]["to"].clone()).collect();
    ensure!(quantities == [11, 12], "a later wish overtook an earlier one: {quantities:?}");
    let taken_back = bench.intent(regretted.id).await?;
    ensure!(taken_back.reason.as_deref() == Some("cancelled"), "{taken_back:?}");
    ensure!(bench.writes("order", order).is_empty(), "it was sent");
    ensure!(!bench.house.engine().cancel_intent(&bench.intent(first.id).await?, bench.by).await?, "done and undone");
    let deeds = "SELECT count(*) FROM audit WHERE action LIKE 'intent.%'";
    ensure!(bench.house.count(deeds, &[]).await? == 4, "a deed is missing in the audit");
    bench.house.close().await;
    Ok(())
}
