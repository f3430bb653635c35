//! Our own writes come back as webhooks, and change nothing.

use anyhow::{Result, ensure};

use super::{Bench, order_status, stock};

#[actix_web::test]
async fn a_delivery_that_our_own_write_caused_is_known_by_its_content() -> Result<()> {
    let bench = Bench::open().await?;
    let (product, order) = (bench.counted_product()?, bench.paid_order()?);
    bench.carry_out(product, stock(21)).await?;
    bench.carry_out(order, order_status("on-hold")).await?;
    let echoes = "SELECT count(DISTINCT topic) FROM inbox WHERE reason = 'echo' AND topic IN ('product.updated', 'order.updated')";
    bench.house.count_is(echoes, &[], 2).await?;

    // A person's own change is none, whenever it comes.
    let sold = bench.house.fleet.buy(1, Some(product), 1);
    ensure!(sold.is_some(), "it is for sale");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND stock_quantity = 20";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;
    bench.house.converges().await?;

    let entity = bench.entity("product", product).await?;
    let told = "SELECT count(*) FROM change WHERE entity_id = $1 AND detail ? 'stock_quantity'";
    let flaps = bench.house.count(told, &[&entity]).await?;
    ensure!(flaps == 3, "first seen, written, sold: but the log tells {flaps} changes of the stock");
    bench.house.close().await;
    Ok(())
}
