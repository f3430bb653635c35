//! Rows that somebody edited by hand, or a newer version wrote: what does not decode is left out, and everything else goes on.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_db::{
    changes::{self, Cursor},
    intents::{self, IntentFilter},
    stores,
};
use storewire_domain::Edit;

use crate::{house::House, push::Bench};

#[actix_web::test]
async fn d11_a_store_in_a_state_that_nobody_knows_is_left_alone_and_its_neighbour_goes_on() -> Result<()> {
    let house = House::open(2).await?;
    let (broken, healthy) = (house.import(1).await?, house.import(2).await?);
    house.stop().await;
    let edit = "ALTER TABLE store DROP CONSTRAINT store_state_check; ALTER TABLE store ALTER COLUMN state SET NOT NULL";
    house.admin.batch_execute(edit).await?;
    let set = "UPDATE store SET state = $2, updated_at = now() WHERE id = $1";
    house.admin.execute(set, &[&broken.uuid(), &"haunted"]).await?;
    house.start();

    // The neighbour is read and hears its webhooks; staff see it.
    let order = house.fleet.buy(2, None, 1).context("something is for sale")?;
    let there = "SELECT count(*) FROM orders WHERE store_id = $1 AND remote_id = $2";
    house.count_is(there, &[&healthy.uuid(), &order.to_string()], 1).await?;
    let tx = house.db.db().platform().await?;
    let seen: Vec<_> = stores::list(&tx).await?.into_iter().map(|row| row.id).collect();
    tx.commit().await?;
    ensure!(seen == [healthy], "{seen:?}");
    let calls = house.fleet.calls(1).len();

    // Whoever mends the row has the store back, with what happened meanwhile.
    house.fleet.buy(1, None, 1).context("something is for sale")?;
    ensure!(house.fleet.calls(1).len() == calls, "a store in no known state was asked");
    house.admin.execute(set, &[&broken.uuid(), &"live"]).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn d11_a_wish_and_an_entry_that_nobody_understands_hold_up_no_others() -> Result<()> {
    let bench = Bench::open().await?;
    let (house, product) = (&bench.house, bench.counted_product()?);
    let entity = bench.entity("product", product).await?;
    house.stop().await;
    let wish = bench.write_down(entity, product, Edit::Stock { quantity: 41.into() }).await?;
    let change = json!({ "kind": "product.teleport", "to": "the moon" });
    house.admin.execute("UPDATE intent SET change = $2 WHERE id = $1", &[&wish, &change]).await?;
    house.admin.execute("UPDATE change SET kind = 'order.teleported' WHERE seq = 1", &[]).await?;
    house.start();

    let note = Edit::OrderNote { text: "behind the other".to_owned(), for_customer: false };
    let understood = bench.propose(bench.placed_order()?, note, None).await?.id;
    house.count_is("SELECT count(*) FROM intent WHERE state = 'done' AND id = $1", &[&understood], 1).await?;
    let tx = house.db.db().platform().await?;
    let wishes = intents::list(&tx, &IntentFilter { limit: 100, ..IntentFilter::default() }).await?;
    let told = changes::since(&tx, &Cursor::parse("0").context("a cursor")?, 10_000).await?.context("few changes")?;
    tx.commit().await?;
    ensure!(wishes.iter().map(|row| row.id).eq([understood]), "{wishes:?}");
    let entries = house.count("SELECT count(*) FROM change", &[]).await?;
    ensure!(i64::try_from(told.len())? == entries - 1, "{} of {entries} entries are told", told.len());
    Ok(())
}
