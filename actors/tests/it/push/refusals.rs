//! What a store, or we, will not do; and what waits.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::Faults;
use storewire_actors::{Proposal, ProposeError};
use storewire_domain::{
    Edit, RemoteId,
    intent::{EditFault, Rejected},
};

use super::{Bench, note, order_status, stock};

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
            note: None,
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
        note: None,
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
    // What it was asked on the way is kept for those who choose a status.
    let kept = "SELECT count(*) FROM store WHERE id = $1 AND 'completed' = ANY (order_statuses) AND NOT 'teleported' = ANY (order_statuses)";
    bench.house.count_is(kept, &[&bench.store.uuid()], 1).await?;
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
    bench
        .house
        .until("people are told", || async {
            let row = bench.house.row(bench.store).await?;
            Ok(row.state.as_str() == "live" && row.state_reason.as_deref() == Some("writes_refused"))
        })
        .await?;
    let orders = bench.house.row(bench.store).await?.orders;
    bench.house.fleet.buy(1, Some(product), 1).expect("it is for sale");
    bench
        .house
        .until("the sale is read", || async { Ok(bench.house.row(bench.store).await?.orders == orders + 1) })
        .await?;
    // It is tried now and then, and no try counts.
    bench
        .house
        .until("it waits unharmed", || async {
            let intent = bench.intent(wish.id).await?;
            Ok(intent.state.as_str() == "waiting" && intent.attempts == 0)
        })
        .await?;

    bench.house.fleet.set_faults(1, Faults::default());
    let done = bench.ends(wish.id).await?;
    ensure!(done.state.as_str() == "done", "{done:?}");
    bench
        .house
        .until("nothing is wrong any more", || async { Ok(bench.house.row(bench.store).await?.state_reason.is_none()) })
        .await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn b4_many_wishes_try_keys_that_may_only_read_once_an_interval_not_once_each() -> Result<()> {
    let bench = Bench::with(|config| config.attention_interval = Duration::from_secs(3_600)).await?;
    bench.house.fleet.set_faults(1, Faults { read_only_key: true, ..Faults::default() });
    let orders = bench.shop("orders")?;
    let orders = orders.iter().filter(|one| matches!(one["status"].as_str(), Some("processing" | "completed")));
    let mut wishes = Vec::new();
    for order in orders.filter_map(|one| one["id"].as_u64()).take(5) {
        wishes.push(bench.propose(order, note("packed"), None).await?.id);
    }
    ensure!(wishes.len() > 2, "too few orders");
    bench
        .house
        .until("people are told", || async {
            Ok(bench.house.row(bench.store).await?.state_reason.as_deref() == Some("writes_refused"))
        })
        .await?;
    let asked = bench.house.fleet.calls(1).len();
    bench.house.until("it is read on", || async { Ok(bench.house.fleet.calls(1).len() > asked + 20) }).await?;
    let calls = bench.house.fleet.calls(1);
    let tried = calls.iter().filter(|call| call.method == "POST" && call.path.contains("/notes")).count();
    // Each wish was a person's, who may have it tried at once.
    ensure!((1..=wishes.len()).contains(&tried), "{tried} tries for {} wishes", wishes.len());
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn wishes_that_wait_do_not_make_a_store_with_revoked_keys_look_well() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.house.fleet.set_faults(1, Faults { wrong_secret: true, ..Faults::default() });
    let wish = bench.propose(product, stock(5), None).await?;
    bench
        .house
        .until("people are told", || async {
            Ok(bench.house.row(bench.store).await?.state_reason.as_deref() == Some("auth_rejected"))
        })
        .await?;
    let asked = bench.house.fleet.calls(1).len();
    bench.house.until("it is tried again", || async { Ok(bench.house.fleet.calls(1).len() > asked + 4) }).await?;
    let told = bench.house.diary(bench.store, "live_again").await?;
    ensure!(told.is_empty(), "it was said to be live again: {told:?}");
    let waiting = bench.intent(wish.id).await?;
    ensure!(waiting.state.as_str() == "waiting", "{waiting:?}");
    bench.house.fleet.set_faults(1, Faults::default());
    bench.ends(wish.id).await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_firewall_that_wishes_run_into_together_is_named_and_left_alone() -> Result<()> {
    // Only the wishes speak to the store.
    let never = Duration::from_secs(3_600);
    let bench = Bench::with(|config| config.attention_interval = never).await?;
    let ids = [bench.counted_product()?, bench.pick("products", |one| one["type"] == "variable")?];
    bench.house.stop().await;
    for id in ids {
        let entity = bench.entity("product", id).await?;
        let edit = Edit::ProductStatus { status: "draft".to_owned() };
        bench.write_down(entity, id, edit).await?;
    }
    bench.house.fleet.set_faults(1, Faults { html_403: true, ..Faults::default() });
    bench.house.start();
    bench
        .house
        .until("people are told", || async {
            let row = bench.house.row(bench.store).await?;
            Ok(row.state.as_str() == "needs_attention" && row.state_reason.as_deref() == Some("blocked"))
        })
        .await?;
    let calls = bench.house.fleet.calls(1);
    let blocked: Vec<_> = calls.iter().filter(|call| call.status == 403).map(|call| &call.path).collect();
    ensure!(blocked.len() <= 2, "it was asked again and again: {blocked:?}");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_write_whose_record_our_database_refuses_is_reported_as_it_is() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    // No such record is known: a rule of the laboratory's own stands for it.
    let rule = "ALTER TABLE product ADD CONSTRAINT laboratory CHECK (stock_quantity <> 777) NOT VALID";
    bench.house.admin.batch_execute(rule).await?;
    bench.carry_out(product, stock(777)).await?;
    bench.carry_out(product, stock(778)).await?;
    ensure!(bench.writes("product", product).len() == 2, "{:?}", bench.writes("product", product));
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_wish_that_nobody_was_told_of_is_found() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.carry_out(product, stock(3)).await?;
    let entity = bench.entity("product", product).await?;
    let id = bench.write_down(entity, product, stock(4)).await?;
    let done = bench.ends(id).await?;
    ensure!(done.state.as_str() == "done", "{done:?}");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_store_that_is_down_is_written_to_when_it_is_back_and_what_waits_can_be_taken_back() -> Result<()> {
    let bench = Bench::open().await?;
    let (product, order) = (bench.counted_product()?, bench.paid_order()?);
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
