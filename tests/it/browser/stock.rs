//! Counts from a file: looked at before anything is written, and watched until each line has its outcome.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene},
    window::Window,
};

/// A product that counts its stock and that a file can name.
struct Counted {
    id: Uuid,
    remote_id: u64,
    sku: String,
    stock: i64,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_counts_is_looked_at_before_it_is_written_and_a_sale_meanwhile_spares_its_row() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk, counter] = browsers.open().await?;
    desk.log_in(&scene.node.url(""), ADMIN).await?;
    counter.log_in(&scene.node.url(""), MERCHANT).await?;
    let [sold, rest] = counted(&scene).await?;
    a_level_is_set(&scene, &counter, &rest).await?;

    counter.watch(&scene.node.url(&format!("/inventory?q={}", rest.sku))).await?;
    let file = format!("sku;stock\n{};{}\n{};2\nNOT-THERE;9\n", sold.sku, sold.stock + 10, rest.sku);
    a_file_is_given(&scene, &desk, &file).await?;
    desk.until("both changes are offered", "document.body.textContent.includes('Write 2 changes')").await?;
    let intents = "SELECT count(*) FROM intent WHERE kind = 'product.stock'";
    ensure!(scene.admin.query_one(intents, &[]).await?.get::<_, i64>(0) == 0, "looking wrote something");

    scene.buy(1, json!({ "product_id": sold.remote_id, "quantity": 1 })).await?;
    desk.click("form[action$='/write'] button").await?;
    desk.until("the lines are on their way", "location.search.includes('said=import_written')").await?;
    desk.is_live().await?;
    let ends = "[...document.querySelectorAll('[id^=outcome-]')].map((one) => one.dataset.flash).sort().join() === 'done,failed'";
    desk.until("one line is written and the other spared", ends).await?;
    holds(&scene, &sold, sold.stock - 1).await?;
    holds(&scene, &rest, 2).await?;

    counter.shows(&format!("#stock-{} .stock__count", rest.id), "2").await?;
    let low = format!("document.querySelector('#product-{} .tone-warn')", rest.id);
    counter.until("the merchant sees that it is low", &low).await?;
    let told = "SELECT count(*) FROM notice WHERE kind = 'stock-low' AND about_id = $1 AND NOT for_staff";
    ensure!(scene.admin.query_one(told, &[&rest.id]).await?.get::<_, i64>(0) == 1, "the merchant is told once");
    counter.goto(&scene.node.url(&format!("/inventory/{}", rest.id))).await?;
    counter
        .until("the ledger says why", "document.getElementById('ledger').textContent.includes('File of counts')")
        .await?;
    for window in [&desk, &counter] {
        window.has_no_complaints(false).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

/// Two of the first shop's products, each the only one of its SKU.
async fn counted(scene: &Scene) -> Result<[Counted; 2]> {
    let sql = "SELECT id, remote_id, sku, stock_quantity::bigint FROM product
        WHERE store_id = $1 AND kind = 'simple' AND status = 'publish' AND manage_stock = 'yes' AND stock_quantity >= 12
          AND sku <> '' AND (SELECT count(*) FROM product AS other WHERE other.store_id = product.store_id AND other.sku = product.sku) = 1
        ORDER BY remote_id LIMIT 2";
    let rows = scene.admin.query(sql, &[&scene.store(1).await?]).await?;
    let of = |row: &tokio_postgres::Row| -> Result<Counted> {
        Ok(Counted { id: row.get(0), remote_id: row.get::<_, String>(1).parse()?, sku: row.get(2), stock: row.get(3) })
    };
    let found = rows.iter().map(of).collect::<Result<Vec<_>>>()?;
    found.try_into().ok().context("the shop has no two such products")
}

/// By the merchant, on the page of its stock.
async fn a_level_is_set(scene: &Scene, counter: &Window, product: &Counted) -> Result<()> {
    counter.goto(&scene.node.url(&format!("/inventory/{}", product.id))).await?;
    counter.type_into("#level-field", "3").await?;
    counter.click("form[action$='/level'] button").await?;
    counter.until("the level is set", "location.search.includes('said=level')").await?;
    counter.until("the head tells it", "document.querySelector('.headline').textContent.includes('Warning at 3')").await
}

async fn a_file_is_given(scene: &Scene, desk: &Window, text: &str) -> Result<()> {
    let path = std::env::temp_dir().join(format!("counts-{}.csv", Uuid::now_v7()));
    std::fs::write(&path, text)?;
    desk.goto(&scene.node.url("/inventory/import")).await?;
    let store = json!(scene.store(1).await?);
    desk.ask::<Value>(&format!("document.getElementById('store').value = {store}")).await?;
    desk.type_into("#file", path.to_str().context("a plain path")?).await?;
    desk.click("form[action='/inventory/imports'] button").await?;
    desk.is_at("/inventory/imports/").await?;
    Ok(std::fs::remove_file(&path)?)
}

/// The shop itself holds so many.
async fn holds(scene: &Scene, product: &Counted, quantity: i64) -> Result<()> {
    let products = scene.sim.records(1, "products").await?;
    let held = products.iter().find(|one| one["id"] == product.remote_id).map(|one| &one["stock_quantity"]);
    ensure!(held == Some(&json!(quantity)), "the shop holds {held:?}, not {quantity}");
    Ok(())
}
