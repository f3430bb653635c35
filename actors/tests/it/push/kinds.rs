//! Each kind of change, from the wish to the shop and back.

use anyhow::{Result, ensure};
use rust_decimal::Decimal;
use serde_json::json;
use storewire_domain::{Edit, RemoteId, intent::CustomerField};

use super::{Bench, note, order_status, stock};

fn amount(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

/// Regular and sale price as the shop holds them.
fn prices(bench: &Bench, product: u64) -> Result<(Option<Decimal>, Option<Decimal>)> {
    let shown = bench.record("products", product)?;
    Ok((shown["regular_price"].as_str().and_then(amount), shown["sale_price"].as_str().and_then(amount)))
}

#[actix_web::test]
async fn fault_15_what_people_want_arrives_in_the_store_and_what_the_store_changes_arrives_here() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;

    let done = bench.carry_out(product, stock(20)).await?;
    ensure!(bench.record("products", product)?["stock_quantity"] == 20, "the shop does not hold it");
    ensure!(done.result == Some(json!({"stock_quantity": "20"})), "{:?}", done.result);
    ensure!(done.user_name.as_deref() == Some("Ada") && done.attempts == 1, "{done:?}");
    ensure!(bench.way(done.id).await? == ["waiting", "sending", "done"], "{:?}", bench.way(done.id).await?);
    let writes = bench.writes("product", product);
    ensure!(writes.len() == 1, "{writes:?}");
    ensure!(writes[0].changed.keys().all(|name| name.starts_with("stock")), "more was sent: {:?}", writes[0].changed);

    bench.house.fleet.buy(1, Some(product), 3).expect("it is for sale");
    let held = "SELECT count(*) FROM product WHERE store_id = $1 AND remote_id = $2 AND stock_quantity = 17";
    bench.house.count_is(held, &[&bench.store.uuid(), &product.to_string()], 1).await?;
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn every_kind_of_change_of_a_product_holds_only_what_was_asked_for() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;

    bench.carry_out(product, Edit::Price { regular: "120.50".parse().ok(), sale: "99.90".parse().ok() }).await?;
    ensure!(prices(&bench, product)? == (amount("120.50"), amount("99.90")), "{:?}", prices(&bench, product)?);
    bench.carry_out(product, Edit::Price { regular: "120.50".parse().ok(), sale: None }).await?;
    ensure!(prices(&bench, product)? == (amount("120.50"), None), "{:?}", prices(&bench, product)?);

    bench.carry_out(product, Edit::ProductStatus { status: "draft".to_owned() }).await?;
    ensure!(bench.record("products", product)?["status"] == "draft", "not a draft");

    let known: Vec<RemoteId> = bench
        .shop("products")?
        .iter()
        .filter_map(|one| one.pointer("/categories/0/id")?.as_u64())
        .map(RemoteId::from)
        .collect();
    let filed = known.iter().min().into_iter().chain(known.iter().max()).cloned().collect();
    bench.carry_out(product, Edit::Categories { ids: filed }).await?;
    let shown = bench.record("products", product)?;
    let shown: Vec<RemoteId> = shown["categories"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["id"].as_u64())
        .map(RemoteId::from)
        .collect();
    ensure!(known.iter().min().is_some_and(|id| shown.contains(id)), "{shown:?}");

    let names: Vec<Vec<String>> = bench
        .writes("product", product)
        .iter()
        .map(|write| {
            write.changed.keys().filter(|name| !name.starts_with("on_sale") && *name != "price").cloned().collect()
        })
        .collect();
    ensure!(names.iter().all(|names| names.len() <= 2), "a write changed more than was asked for: {names:?}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_variation_is_written_under_its_parent_and_begins_to_count_its_stock_when_it_must() -> Result<()> {
    let bench = Bench::open().await?;
    let variation = bench.pick("products", |one| one["type"] == "variation" && one["manage_stock"] == true)?;
    bench.carry_out(variation, stock(7)).await?;
    ensure!(bench.record("products", variation)?["stock_quantity"] == 7, "not written");
    bench.carry_out(variation, Edit::Price { regular: "55".parse().ok(), sale: None }).await?;
    ensure!(prices(&bench, variation)? == (amount("55"), None), "{:?}", prices(&bench, variation)?);

    let uncounted = bench.pick("products", |one| one["type"] != "variable" && one["manage_stock"] == false)?;
    bench.carry_out(uncounted, stock(4)).await?;
    let shown = bench.record("products", uncounted)?;
    ensure!(shown["manage_stock"] == true && shown["stock_quantity"] == 4, "{shown}");
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_orders_status_note_and_parcel_arrive_and_its_totals_stay() -> Result<()> {
    let bench = Bench::open().await?;
    let order = bench.pick("orders", |one| one["status"] == "processing" || one["status"] == "on-hold")?;
    let total = bench.record("orders", order)?["total"].clone();

    bench.carry_out(order, order_status("completed")).await?;
    let shown = bench.record("orders", order)?;
    ensure!(shown["status"] == "completed" && shown["total"] == total, "{shown}");

    let done = bench.carry_out(order, note("Packed in two boxes & <b>sealed</b>")).await?;
    let notes = bench.shop("notes")?;
    ensure!(notes.iter().filter(|one| one["note"] == "Packed in two boxes & <b>sealed</b>").count() == 1, "{notes:?}");
    ensure!(done.result.is_some_and(|told| told["note_id"].is_string()), "the note's id is not told");

    let (store, remote_id) = (bench.store.uuid(), order.to_string());
    let told = "SELECT count(*) FROM change JOIN orders ON orders.id = change.entity_id
        WHERE orders.store_id = $1 AND orders.remote_id = $2 AND change.kind = 'order.updated'";
    let before = bench.house.count(told, &[&store, &remote_id]).await?;
    for number in ["TR1", "TR2"] {
        let parcel = Edit::Tracking { provider: "Kargo".to_owned(), number: number.to_owned(), url: None };
        bench.carry_out(order, parcel).await?;
    }
    let shown = bench.record("orders", order)?;
    let metas = shown["meta_data"].as_array().expect("a list");
    let parcels: Vec<_> = metas
        .iter()
        .filter(|meta| meta["key"] == "_wc_shipment_tracking_items")
        .filter_map(|meta| meta["value"].as_array())
        .flatten()
        .map(|item| item["tracking_number"].clone())
        .collect();
    ensure!(parcels == ["TR1", "TR2"], "{parcels:?}");
    let held = "SELECT count(*) FROM orders WHERE store_id = $1 AND remote_id = $2 AND raw LIKE '%TR1%TR2%'";
    bench.house.count_is(held, &[&store, &remote_id], 1).await?;
    let after = bench.house.count(told, &[&store, &remote_id]).await?;
    ensure!(after == before + 2, "open pages were told {} times of two parcels", after - before);
    bench.house.converges().await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn only_the_named_fields_of_a_customer_change() -> Result<()> {
    let bench = Bench::open().await?;
    let customer = bench.pick("customers", |_| true)?;
    // Customers are first heard of when something happens to them.
    let edit = json!({"kind": "customers", "ids": [customer], "fields": {"first_name": "Ada"}});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let heard = "SELECT count(*) FROM customer WHERE store_id = $1 AND remote_id = $2";
    bench.house.count_is(heard, &[&bench.store.uuid(), &customer.to_string()], 1).await?;
    let before = bench.record("customers", customer)?;
    let fields = [
        (CustomerField::LastName, "Lovelace".to_owned()),
        (CustomerField::BillingCity, "İzmir".to_owned()),
        (CustomerField::ShippingCity, "Ankara".to_owned()),
    ];
    bench.carry_out(customer, Edit::Customer { fields: fields.into() }).await?;
    let after = bench.record("customers", customer)?;
    ensure!(after["last_name"] == "Lovelace" && after["first_name"] == before["first_name"], "{after}");
    ensure!(after["billing"]["city"] == "İzmir" && after["shipping"]["city"] == "Ankara", "{after}");
    ensure!(after["billing"]["postcode"] == before["billing"]["postcode"], "{after}");
    let held = "SELECT count(*) FROM customer WHERE store_id = $1 AND remote_id = $2 AND billing->>'city' = 'İzmir'";
    bench.house.count_is(held, &[&bench.store.uuid(), &customer.to_string()], 1).await?;
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_is_so_already_is_not_written() -> Result<()> {
    let bench = Bench::open().await?;
    let product = bench.counted_product()?;
    let quantity = bench.record("products", product)?["stock_quantity"].as_i64().expect("a number");
    let done = bench.carry_out(product, stock(quantity)).await?;
    ensure!(done.reason.as_deref() == Some("already") && done.attempts == 0, "{done:?}");
    ensure!(bench.writes("product", product).is_empty(), "it was written all the same");
    bench.house.close().await;
    Ok(())
}
