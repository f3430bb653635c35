//! Faults that others have had: what they overwrote, left out, or counted twice.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storesim::{Faults, FleetConfig};
use storewire_db::products;
use storewire_domain::{ProductId, ReadScope, StoreId};

use super::{silence, truth};
use crate::{house::House, shop::pull};

/// How many lines of a kind a store's orders have.
macro_rules! of_kind {
    ($kind:literal) => {
        concat!(
            "SELECT count(*) FROM order_line l JOIN orders o ON (o.tenant_id, o.id) = (l.tenant_id, l.order_id)
            WHERE o.store_id = $1 AND l.kind = '",
            $kind,
            "'"
        )
    };
}
#[actix_web::test]
async fn fault_12_two_stores_of_a_tenant_keep_their_orders_of_one_number_and_their_products_of_one_sku() -> Result<()> {
    let house = House::open(2).await?;
    let (one, two) = (house.import(1).await?, house.import(2).await?);
    let shared = "SELECT count(*) FROM orders a JOIN orders b ON b.number = a.number AND b.tenant_id = a.tenant_id
        WHERE a.store_id = $1 AND b.store_id = $2 AND a.id <> b.id";
    ensure!(house.count(shared, &[&one.uuid(), &two.uuid()]).await? > 0, "no number is in both");
    let shared = "SELECT count(*) FROM product a JOIN product b ON b.sku = a.sku AND b.tenant_id = a.tenant_id
        WHERE a.store_id = $1 AND b.store_id = $2 AND a.id <> b.id AND a.sku <> ''";
    ensure!(house.count(shared, &[&one.uuid(), &two.uuid()]).await? > 0, "no SKU is in both");
    for number in 1..=2 {
        house.fleet.buy(number, None, 1).context("something is for sale")?;
    }
    house.converges().await?;
    house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_13_variations_refunds_coupons_taxes_and_shipping_are_all_there() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 120, products_per_store: 12, ..FleetConfig::default() };
    let house = House::with(fleet, |_| ()).await?;
    let store = house.import(1).await?;
    house.converges().await?;
    let (orders, all) = (truth(&house, "orders")?, truth(&house, "products")?);
    let lines = |name: &str| orders.iter().filter_map(|order| order[name].as_array()).map(Vec::len).sum::<usize>();
    let variations = all.iter().filter(|product| product["type"] == "variation").count();
    let counts = [
        ("variations", variations, "SELECT count(*) FROM product WHERE store_id = $1 AND parent_remote_id IS NOT NULL"),
        ("coupons", truth(&house, "coupons")?.len(), "SELECT count(*) FROM coupon WHERE store_id = $1"),
        (
            "refunds",
            lines("refunds"),
            "SELECT count(*) FROM order_refund r JOIN orders o
            ON (o.tenant_id, o.id) = (r.tenant_id, r.order_id) WHERE o.store_id = $1 AND r.created_at IS NOT NULL",
        ),
        ("taxes", lines("tax_lines"), of_kind!("tax")),
        ("shipping", lines("shipping_lines"), of_kind!("shipping")),
        ("coupons of orders", lines("coupon_lines"), of_kind!("coupon")),
        ("fees", lines("fee_lines"), of_kind!("fee")),
    ];
    for (what, in_shop, sql) in counts {
        let held = house.count(sql, &[&store.uuid()]).await?;
        ensure!(in_shop > 0 && usize::try_from(held)? == in_shop, "{what}: {in_shop} in the shop, {held} here");
    }
    house.close().await;
    Ok(())
}

/// A product's stock as its page shows it, as the list of products does, and as the change log last told.
async fn stocks(house: &House, store: StoreId, remote: u64) -> Result<[String; 3]> {
    let sql = "SELECT id FROM product WHERE store_id = $1 AND remote_id = $2";
    let id = house.admin.query_one(sql, &[&store.uuid(), &remote.to_string()]).await?.try_get(0)?;
    let tx = house.db.db().read(&ReadScope::Tenant(house.tenant)).await?;
    let page = products::find(&tx, ProductId(id)).await?.context("its page")?.summary.stock_quantity;
    let filter = products::ProductFilter { store: Some(store), limit: 200, ..Default::default() };
    let list = products::list(&tx, &filter)
        .await?
        .into_iter()
        .find(|one| one.id == ProductId(id))
        .context("its row")?
        .stock_quantity;
    tx.commit().await?;
    let told = "SELECT detail #>> '{stock_quantity,1}' FROM change WHERE entity_id = $1 AND detail ? 'stock_quantity'
        ORDER BY seq DESC LIMIT 1";
    let told: Option<String> = house.admin.query_one(told, &[&id]).await?.try_get(0)?;
    let text = |stock: Option<rust_decimal::Decimal>| stock.map(|stock| stock.normalize().to_string());
    Ok([text(page), text(list), told].map(Option::unwrap_or_default))
}

#[actix_web::test]
async fn fault_14_what_the_store_says_is_the_one_number_of_stock_everywhere() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public'
        AND table_name = 'product' AND column_name LIKE '%stock%' AND data_type IN ('numeric', 'integer', 'bigint')";
    ensure!(house.count(columns, &[]).await? == 1, "there is more than one column for it");
    let products = truth(&house, "products")?;
    let counted = products.iter().find(|product| product["type"] == "simple" && product["manage_stock"] == true);
    let product = counted.and_then(|product| product["id"].as_u64()).context("a product that is counted")?;
    for way in ["delivery", "pull"] {
        if way == "pull" {
            silence(&house, 1);
        } else {
            house.fleet.set_faults(1, Faults::default());
        }
        house.fleet.buy(1, Some(product), 2).context("it is for sale")?;
        let edit = json!({ "kind": "products", "ids": [product], "fields": { "stock_quantity": 77 } });
        pull(&house, 1, "POST", "edit", edit).await?;
        house.fleet.buy(1, Some(product), 3).context("it is for sale")?;
        house.converges().await?;
        let of_shop = truth(&house, "products")?.into_iter().find(|one| one["id"] == product);
        let of_shop = of_shop.map(|one| one["stock_quantity"].to_string()).context("it is there")?;
        ensure!(of_shop == "74", "{of_shop}");
        let ours = stocks(&house, store, product).await?;
        ensure!(ours.iter().all(|stock| *stock == of_shop), "by {way}: {ours:?}, and {of_shop} in the shop");
    }
    let value: Value = house
        .admin
        .query_one("SELECT raw::jsonb FROM product WHERE remote_id = $1", &[&product.to_string()])
        .await?
        .try_get(0)?;
    ensure!(value["stock_quantity"] == 74, "{value}");
    house.close().await;
    Ok(())
}
