//! Outcomes that nobody was told of: read, decided, never guessed.

use anyhow::{Result, ensure};
use serde_json::json;
use storesim::Faults;

use super::{Bench, note, stock};

#[actix_web::test]
async fn b13_a_change_that_was_decided_on_ten_is_not_sent_when_the_store_holds_seven() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.carry_out(product, stock(10)).await?;
    let edit = json!({"kind": "products", "ids": [product], "fields": {"stock_quantity": 7}, "silent": true});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;

    let wish = bench.propose(product, stock(30), Some(json!({"stock_quantity": "10.0"}))).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(failed.result == Some(json!({"stock_quantity": "7"})), "what the store holds is not told: {failed:?}");
    ensure!(bench.record("products", product)?["stock_quantity"] == 7, "it was sent");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND stock_quantity = 7";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;

    // Shown what the store holds, the person decides again.
    ensure!(bench.house.engine().retry_intent(&failed, bench.by).await?, "not retried");
    let done = bench.ends(wish.id).await?;
    ensure!(done.state.as_str() == "done" && done.before == Some(json!({"stock_quantity": "7"})), "{done:?}");
    ensure!(bench.record("products", product)?["stock_quantity"] == 30, "not written");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_change_that_the_host_carries_out_after_it_said_504_is_made_once() -> Result<()> {
    let bench = Bench::open().await?;
    let (product, order) = (bench.counted_product()?, bench.placed_order()?);
    bench.house.fleet.set_faults(1, Faults { late_apply_ms: 250, ..Faults::default() });
    let counted = bench.propose(product, stock(33), None).await?;
    let told = bench.propose(order, note("late but once"), None).await?;
    for wish in [counted.id, told.id] {
        let done = bench.ends(wish).await?;
        ensure!(done.state.as_str() == "done" && done.attempts == 1, "{done:?}");
        ensure!(bench.way(wish).await?.contains(&"unknown".to_owned()), "it was never in doubt");
    }
    ensure!(bench.writes("product", product).len() == 1, "{:?}", bench.writes("product", product));
    ensure!(bench.writes("note", order).len() == 1, "{:?}", bench.writes("note", order));
    bench.house.fleet.set_faults(1, Faults::default());
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_note_whose_answer_was_lost_is_written_once_and_one_that_was_lost_is_written_again() -> Result<()> {
    let bench = Bench::open().await?;
    let order = bench.placed_order()?;
    let faults = |before: f64, after: f64| Faults {
        cut_before_apply_part: before,
        cut_after_apply_part: after,
        ..Faults::default()
    };
    bench.house.fleet.set_faults(1, faults(0.0, 1.0));
    let kept = bench.propose(order, note("kept, answer lost"), None).await?;
    let kept = bench.ends(kept.id).await?;
    ensure!(kept.state.as_str() == "done" && kept.attempts == 1, "{kept:?}");

    bench.house.fleet.set_faults(1, faults(1.0, 0.0));
    let lost = bench.propose(order, note("lost on the way"), None).await?;
    bench.stands(lost.id, "unknown").await?;
    bench.house.fleet.set_faults(1, Faults::default());
    let lost = bench.ends(lost.id).await?;
    ensure!(lost.state.as_str() == "done" && lost.attempts == 2, "{lost:?}");

    // The same words again are another note.
    bench.carry_out(order, note("lost on the way")).await?;
    let texts: Vec<_> =
        bench.writes("note", order).into_iter().map(|write| write.changed["note"]["to"].clone()).collect();
    ensure!(texts == ["kept, answer lost", "lost on the way", "lost on the way"], "{texts:?}");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_change_that_never_arrives_is_reported_failed_in_the_end() -> Result<()> {
    let bench = Bench::with(|config| config.outbox_attempts = 2).await?;
    let product = bench.counted_product()?;
    bench.house.fleet.set_faults(1, Faults { cut_before_apply_part: 1.0, ..Faults::default() });
    let wish = bench.propose(product, stock(44), None).await?;
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("not_applied") && failed.attempts == 2, "{failed:?}");
    ensure!(bench.writes("product", product).is_empty(), "it was applied");

    bench.house.fleet.set_faults(1, Faults::default());
    ensure!(bench.house.engine().retry_intent(&failed, bench.by).await?, "not retried");
    let done = bench.ends(wish.id).await?;
    ensure!(done.state.as_str() == "done" && done.attempts == 1, "{done:?}");
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_sale_between_the_stores_yes_and_the_look_at_it_does_not_make_the_write_fail() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.carry_out(product, stock(50)).await?;
    bench.house.fleet.set_faults(1, Faults { slow_ms: 400, ..Faults::default() });
    let wish = bench.propose(product, stock(60), None).await?;
    let is_made = || bench.record("products", product).is_ok_and(|one| one["stock_quantity"] == 60);
    bench.house.until("it is made", || async { Ok(is_made()) }).await?;
    bench.house.fleet.buy(1, Some(product), 2).expect("it is for sale");
    bench.house.fleet.set_faults(1, Faults::default());
    let done = bench.ends(wish.id).await?;
    ensure!(done.state.as_str() == "done" && done.result == Some(json!({"stock_quantity": "58"})), "{done:?}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_sale_while_the_outcome_is_open_is_not_undone() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    bench.carry_out(product, stock(50)).await?;
    bench.house.fleet.set_faults(1, Faults { cut_before_apply_part: 1.0, ..Faults::default() });
    let wish = bench.propose(product, stock(60), None).await?;
    bench.stands(wish.id, "unknown").await?;
    bench.house.fleet.buy(1, Some(product), 2).expect("it is for sale");
    bench.house.fleet.set_faults(1, Faults::default());
    let failed = bench.ends(wish.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(bench.record("products", product)?["stock_quantity"] == 48, "the sale was undone");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}
