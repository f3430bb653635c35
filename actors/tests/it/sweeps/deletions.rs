//! Records that are gone for good: no delivery tells of them, and no date.

use anyhow::{Result, ensure};
use serde_json::Value;
use storesim::Faults;

use super::{id_of, is_swept, is_whole, open, person, truth};
use crate::{house::House, shop::pull};

async fn is_gone(house: &House, table: &str, id: u64) -> Result<bool> {
    let sql = format!("SELECT count(*) FROM {table} WHERE remote_id = $1 AND deleted_at IS NOT NULL");
    Ok(house.count(&sql, &[&id.to_string()]).await? == 1)
}

#[actix_web::test]
async fn what_was_deleted_for_good_is_found_by_a_sweep_and_shown_as_gone() -> Result<()> {
    let (house, store) = open(|_| ()).await?;
    let (orders, products) = (truth(&house, "orders")?, truth(&house, "products")?);
    let order = id_of(&orders, |order| order["status"] == "completed")?;
    let simple = id_of(&products, |product| product["type"] == "simple")?;
    let variable = id_of(&products, |product| product["type"] == "variable")?;
    let other = id_of(&products, |product| product["type"] == "variable" && product["id"] != variable)?;
    let variation = id_of(&products, |product| product["parent_id"] == other)?;
    let customer = id_of(&truth(&house, "customers")?, |_| true)?;
    let coupon = id_of(&truth(&house, "coupons")?, |_| true)?;
    let erased = [
        ("orders", "orders", order),
        ("products", "product", simple),
        ("products", "product", variable),
        ("variations", "product", variation),
        ("customers", "customer", customer),
        ("coupons", "coupon", coupon),
    ];
    for (kind, _, id) in erased {
        pull(&house, 1, "DELETE", &format!("{kind}/{id}"), Value::Null).await?;
    }
    is_whole(&house).await?;
    for (kind, table, id) in erased {
        ensure!(is_gone(&house, table, id).await?, "{kind} {id} is not shown as gone");
    }
    let orphans = "SELECT count(*) FROM product WHERE parent_remote_id = $1 AND deleted_at IS NULL";
    ensure!(house.count(orphans, &[&variable.to_string()]).await? == 0, "variations outlive their product");
    let told = "SELECT count(*) FROM change WHERE store_id = $1 AND source = 'sweep' AND kind = 'order.deleted'";
    ensure!(house.count(told, &[&store.uuid()]).await? == 1, "nobody was told of the order");
    let drift = "SELECT count(*) FROM drift WHERE kind = 'extra' AND outcome = 'gone' AND repaired_at IS NOT NULL";
    house.until("each is reported", || async { Ok(house.count(drift, &[]).await? >= 6) }).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_is_deleted_for_good_out_of_the_trash_is_found_too() -> Result<()> {
    let (house, store) = open(|_| ()).await?;
    let ada = person(&house).await?;
    let order = id_of(&truth(&house, "orders")?, |order| order["status"] == "completed")?;
    let product = id_of(&truth(&house, "products")?, |product| product["type"] == "simple")?;
    let coupon = id_of(&truth(&house, "coupons")?, |_| true)?;
    for (kind, id) in [("orders", order), ("products", product), ("coupons", coupon)] {
        pull(&house, 1, "POST", &format!("{kind}/{id}/trash"), Value::Null).await?;
    }
    let trashed = "SELECT (SELECT count(*) FROM orders WHERE remote_id = $1 AND trashed_at IS NOT NULL)
        + (SELECT count(*) FROM product WHERE remote_id = $2 AND trashed_at IS NOT NULL)
        + (SELECT count(*) FROM coupon WHERE remote_id = $3 AND trashed_at IS NOT NULL)";
    house.count_is(trashed, &[&order.to_string(), &product.to_string(), &coupon.to_string()], 3).await?;
    // Again and again: what lies in the trash is not gone.
    is_swept(&house, store).await?;
    ensure!(!is_gone(&house, "orders", order).await? && !is_gone(&house, "coupon", coupon).await?);
    for (kind, id) in [("orders", order), ("products", product), ("coupons", coupon)] {
        pull(&house, 1, "DELETE", &format!("{kind}/{id}"), Value::Null).await?;
    }
    house
        .until("order and product are gone", || async {
            Ok(is_gone(&house, "orders", order).await? && is_gone(&house, "product", product).await?)
        })
        .await?;
    // No list shows a coupon in the trash: each is asked for, but only once a night.
    house.engine().reconcile(&house.row(store).await?, ada).await?;
    house.until("the coupon is gone", || is_gone(&house, "coupon", coupon)).await?;
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_variation_that_is_gone_is_found_though_its_product_was_not_saved() -> Result<()> {
    let (house, _) = open(|_| ()).await?;
    house.fleet.set_faults(1, Faults { drop_webhooks: 1.0, ..Faults::default() });
    let products = truth(&house, "products")?;
    let variable = id_of(&products, |product| product["type"] == "variable")?;
    for variation in products.iter().filter(|product| product["parent_id"] == variable) {
        pull(&house, 1, "DELETE", &format!("variations/{}", variation["id"]), Value::Null).await?;
    }
    let left = "SELECT count(*) FROM product WHERE parent_remote_id = $1 AND deleted_at IS NULL";
    house.count_is(left, &[&variable.to_string()], 0).await?;
    is_whole(&house).await?;
    house.close().await;
    Ok(())
}
