//! Changes past WooCommerce: no date moves, and nobody is told.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{id_of, is_whole, open, truth};
use crate::shop::pull;

#[actix_web::test]
async fn stock_that_was_changed_by_sql_is_found_by_a_sweep() -> Result<()> {
    let (house, store) = open(|_| ()).await?;
    let products = truth(&house, "products")?;
    let counts = |product: &Value| product["manage_stock"] == true;
    let simple = id_of(&products, |product| product["type"] == "simple" && counts(product))?;
    let variation = id_of(&products, |product| product["type"] == "variation" && counts(product))?;
    let stock = "SELECT stock_quantity::bigint FROM product WHERE remote_id = $1";
    let before = house.count(stock, &[&simple.to_string()]).await?;
    let edit = json!({
        "kind": "products", "ids": [simple, variation], "fields": { "stock_quantity": 12_345 }, "silent": true,
    });
    pull(&house, 1, "POST", "edit", edit).await?;
    let right = "SELECT count(*) FROM product WHERE remote_id IN ($1, $2) AND stock_quantity = 12345";
    house.count_is(right, &[&simple.to_string(), &variation.to_string()], 2).await?;
    let sql = "SELECT detail FROM drift WHERE store_id = $1 AND remote_id = $2 AND outcome = 'repaired'";
    house
        .until("it is reported", || async {
            Ok(house.admin.query_opt(sql, &[&store.uuid(), &simple.to_string()]).await?.is_some())
        })
        .await?;
    let detail: Value = house.admin.query_one(sql, &[&store.uuid(), &simple.to_string()]).await?.try_get(0)?;
    ensure!(detail["stock_quantity"] == json!([before.to_string(), "12345"]), "{detail}");
    let told = "SELECT detail FROM change WHERE store_id = $1 AND source = 'sweep' AND kind = 'product.updated'
        AND detail ? 'stock_quantity'";
    ensure!(!house.admin.query(told, &[&store.uuid()]).await?.is_empty(), "the change log does not name the sweep");
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn prices_and_states_that_were_changed_by_sql_are_found_by_a_sweep() -> Result<()> {
    let (house, _) = open(|_| ()).await?;
    let order = id_of(&truth(&house, "orders")?, |order| order["status"] == "processing").context("an order")?;
    let products = truth(&house, "products")?;
    let priced = |product: &Value| product["regular_price"].as_str().is_some_and(|price| !price.is_empty());
    let simple = id_of(&products, |product| product["type"] == "simple" && priced(product))?;
    for edit in [
        json!({ "kind": "orders", "ids": [order], "fields": { "status": "cancelled" }, "silent": true }),
        json!({ "kind": "products", "ids": [simple], "fields": { "regular_price": "987.65" }, "silent": true }),
        json!({ "kind": "customers", "fields": { "first_name": "Grace" }, "silent": true }),
    ] {
        pull(&house, 1, "POST", "edit", edit).await?;
    }
    is_whole(&house).await?;
    let cancelled = "SELECT count(*) FROM orders WHERE remote_id = $1 AND status = 'cancelled'";
    ensure!(house.count(cancelled, &[&order.to_string()]).await? == 1);
    let named = "SELECT count(*) FROM customer WHERE name NOT LIKE 'Grace%' AND deleted_at IS NULL";
    ensure!(house.count(named, &[]).await? == 0);
    house.close().await;
    Ok(())
}
