//! The oracle's own proof: whatever it is to find, it finds when it is put there.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_oracle::{
    Check, Watcher,
    frames::{self, Heads},
    letters::{self, Injected},
    log, writes,
};
use uuid::Uuid;

use crate::house::House;

fn breaks(check: &Check) -> Result<()> {
    ensure!(!check.holds(), "not noticed: {check}");
    Ok(())
}

fn holds(check: &Check) -> Result<()> {
    ensure!(check.holds() && check.counted > 0, "{check}");
    Ok(())
}

#[actix_web::test]
async fn the_oracle_notices_a_gap_a_repeat_and_a_step_back_in_the_change_log() -> Result<()> {
    let house = House::open(1).await?;
    house.import(1).await?;
    let order = house.fleet.buy(1, None, 1).context("something is for sale")?;
    house.converges().await?;
    house.sim.post(&format!("/_sim/stores/1/orders/{order}/status"), json!({ "status": "completed" })).await?;
    house.converges().await?;
    for check in
        [log::gaps(&house.admin).await?, log::doubled(&house.admin).await?, log::gone_back(&house.admin).await?]
    {
        holds(&check)?;
    }
    let last = "seq = (SELECT max(seq) FROM change WHERE kind = 'order.updated')";
    house.admin.execute(&format!("UPDATE change SET store_time = '2001-01-01T00:00:00Z' WHERE {last}"), &[]).await?;
    breaks(&log::gone_back(&house.admin).await?)?;
    house.admin.execute(&format!("UPDATE change SET kind = 'order.created' WHERE {last}"), &[]).await?;
    breaks(&log::doubled(&house.admin).await?)?;
    house.admin.execute("DELETE FROM change WHERE seq = 2", &[]).await?;
    breaks(&log::gaps(&house.admin).await?)?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn the_oracle_notices_a_frame_a_letter_and_a_write_that_should_not_be_so() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let until = frames::heads(&house.admin).await?;
    breaks(&frames::missing(&house.admin, &[Watcher::default()], &Heads::new(), &until).await?)?;
    ensure!(frames::missing(&house.admin, &[Watcher::default()], &until, &until).await?.holds());

    let poison = Injected { bodies: vec![b"never delivered".to_vec()], ..Injected::default() };
    breaks(&letters::unexplained(&house.admin, &poison).await?)?;
    ensure!(letters::unexplained(&house.admin, &Injected::default()).await?.holds());
    let letter = "INSERT INTO dead_letter (tenant_id, store_id, id, origin, topic, reason, body, received_at, created_at)
        SELECT tenant_id, id, $2, 'delivery', 'order.updated', 'a bad day', '{}', now(), now() FROM store WHERE id = $1";
    house.admin.execute(letter, &[&store.uuid(), &Uuid::now_v7()]).await?;
    breaks(&letters::unexplained(&house.admin, &Injected::default()).await?)?;

    ensure!(writes::judge(&house.sim, &house.admin, &[]).await?.unaccounted.holds());
    breaks(&writes::judge(&house.sim, &house.admin, &[Uuid::now_v7()]).await?.unaccounted)?;
    house.close().await;
    Ok(())
}
