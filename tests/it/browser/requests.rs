//! What a merchant asks for and staff decide, each in their own window, on what the shop holds by then.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Product, Scene, one_of},
    window::Window,
};

const OTHER_ADMIN: &str = "other-admin@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_asks_for_stock_a_sale_makes_it_stale_the_admin_approves_the_new_value_and_the_merchant_sees_it_applied()
-> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [merchant, admin] = browsers.open().await?;
    merchant.log_in(&scene.node.url(""), MERCHANT).await?;
    admin.log_in(&scene.node.url(""), ADMIN).await?;
    let product = scene.product(1).await?;
    admin.watch(&scene.node.url("/requests")).await?;
    let request = ask(&scene, &merchant, &product, product.stock + 8).await?;
    merchant.is_live().await?;

    // The card comes to the admin by itself, and so does what the sale changes.
    let card = format!("document.getElementById('request-{request}')");
    admin.until("the card is on the list", &card).await?;
    scene.sim.buy(1, one_of(&product)).await?;
    let left = product.stock - 1;
    let says = |text: &str| format!("{card}.textContent.includes({})", json!(text));
    admin.until("the card says what is left", &says(&format!("Stock {left}"))).await?;
    admin.until("and that it changed since", &says("Changed since")).await?;
    admin.until("both numbers are offered", &says(&format!("Approve the difference: Stock to {}", left + 8))).await?;
    admin.until("both numbers are offered", &says(&format!("Approve: Stock to {}", product.stock + 8))).await?;

    // The difference is approved on the request's own page.
    admin.goto(&scene.node.url(&format!("/requests/{request}"))).await?;
    admin.click("#request-deeds [name=meaning][value=relative] ~ button").await?;
    admin.is_at(&format!("/requests/{request}?said=approved")).await?;

    let state = |word: &str| format!("document.getElementById('request-{request}-state').dataset.flash === '{word}'");
    merchant.until("the merchant sees it applied", &state("applied")).await?;
    let told = format!("{card}.textContent.includes('The store says: Stock {}.')", left + 8);
    merchant.until("and what the store says", &told).await?;
    let way = "document.getElementById('request-timeline').textContent.includes('Written to the store')";
    merchant.until("the timeline is complete", way).await?;
    ensure!(count(&scene, &product).await? == json!(left + 8), "the shop counts otherwise");

    let sql = "SELECT string_agg(kind, ' ' ORDER BY at, id) FROM request_event WHERE request_id = $1";
    let timeline: String = scene.admin.query_one(sql, &[&request]).await?.get(0);
    ensure!(timeline == "asked stale approved applied", "it went {timeline}");
    let sql = "SELECT count(*) FROM audit WHERE entity_id = $1 AND action IN ('request.ask', 'request.approve')";
    ensure!(scene.admin.query_one(sql, &[&product.id]).await?.get::<_, i64>(0) == 2, "the audit log tells otherwise");

    one_is_rejected_and_one_taken_back(&scene, &merchant, &admin, &product).await?;
    for window in [&merchant, &admin] {
        window.has_no_complaints(false).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

async fn one_is_rejected_and_one_taken_back(
    scene: &Scene,
    merchant: &Window,
    admin: &Window,
    product: &Product,
) -> Result<()> {
    let held = count(scene, product).await?;
    let rejected = ask(scene, merchant, product, 400).await?;
    merchant.is_live().await?;
    admin.goto(&scene.node.url(&format!("/requests/{rejected}"))).await?;
    admin.type_into("#reason", "there is no pallet").await?;
    admin.click("form[action$='/reject'] button").await?;
    admin.is_at(&format!("/requests/{rejected}?said=rejected")).await?;
    let why = "document.querySelector('.intent').textContent.includes('there is no pallet')";
    merchant.until("the merchant reads why", why).await?;

    let withdrawn = ask(scene, merchant, product, 401).await?;
    merchant.click("form[action$='/withdraw'] button").await?;
    merchant.is_at(&format!("/requests/{withdrawn}?said=withdrawn")).await?;
    admin.goto(&scene.node.url(&format!("/requests/{withdrawn}"))).await?;
    ensure!(admin.texts("form[action$='/approve']").await?.is_empty(), "what was taken back can be approved");
    ensure!(count(scene, product).await? == held, "the shop was written to");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_decide_at_once_and_one_is_told_who_was_faster() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    scene.node.create_user(OTHER_ADMIN, "platform-admin", None)?;
    let [merchant, one, other] = browsers.open().await?;
    for (window, email) in [(&merchant, MERCHANT), (&one, ADMIN), (&other, OTHER_ADMIN)] {
        window.log_in(&scene.node.url(""), email).await?;
    }
    let product = scene.product(1).await?;
    let request = ask(&scene, &merchant, &product, product.stock + 5).await?;
    let page = scene.node.url(&format!("/requests/{request}"));
    for window in [&one, &other] {
        window.goto(&page).await?;
        // Neither page hears of the other's press: each presses what it saw.
        window.ask::<Value>("document.getElementById('request-deeds').removeAttribute('data-refresh')").await?;
    }
    let press = "document.querySelector(\"#request-deeds form[action$='/approve']\").submit()";
    let (pressed, also_pressed) = tokio::join!(one.ask::<Value>(press), other.ask::<Value>(press));
    pressed.and(also_pressed)?;
    let is_slower = "!!document.getElementById('faster')";
    for window in [&one, &other] {
        window.until("both are answered", &format!("location.search === '?said=approved' || {is_slower}")).await?;
    }
    let answer = format!("return {is_slower}");
    let slow = (one.ask::<bool>(&answer).await?, other.ask::<bool>(&answer).await?);
    let (faster, slower) = match slow {
        (false, true) => (&one, &other),
        (true, false) => (&other, &one),
        _ => anyhow::bail!("one was to be faster: {slow:?}"),
    };
    let told = slower.texts("#faster").await?.concat();
    let name = decided_by(&scene, request).await?;
    ensure!(told.contains(&name) && !name.is_empty(), "{name} is not named: {told}");
    // It may have been applied by the time that the slower one was answered.
    let is_decided = told.contains("Approved") || told.contains("Applied");
    ensure!(told.contains("Waiting for a decision") && is_decided, "not both states: {told}");

    let done = format!("document.getElementById('request-{request}-state').dataset.flash === 'applied'");
    faster.until("it is applied", &done).await?;
    let log = scene.sim.get("/_sim/stores/1/writes").await?;
    let written = log.as_array().context("log of writes")?.iter().filter(|write| write["kind"] != "webhook").count();
    ensure!(written == 1, "the shop was written to {written} times");
    // The browser itself notes that the answer was a refusal.
    for window in [&merchant, faster] {
        window.has_no_complaints(false).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

/// Asks for so many on the product's page; answers the request's id.
async fn ask(scene: &Scene, merchant: &Window, product: &Product, quantity: i64) -> Result<Uuid> {
    merchant.goto(&scene.node.url(&format!("/products/{}", product.id))).await?;
    merchant.click("#ask > summary").await?;
    merchant.ask::<Value>("document.getElementById('ask-stock').value = ''").await?;
    merchant.type_into("#ask-stock", &quantity.to_string()).await?;
    merchant.type_into("#ask-stock-note", "a pallet came").await?;
    merchant.click("#ask [name=wish][value=stock] ~ div button").await?;
    merchant.is_at("/requests/").await?;
    let path = merchant.path().await?;
    path.rsplit('/').next().unwrap_or_default().parse().with_context(|| format!("{path} is no request's"))
}

/// What the shop itself counts.
async fn count(scene: &Scene, product: &Product) -> Result<Value> {
    let products = scene.sim.records(1, "products").await?;
    let held = products.iter().find(|one| one["id"] == product.remote_id).map(|one| one["stock_quantity"].clone());
    held.context("the shop has the product")
}

async fn decided_by(scene: &Scene, request: Uuid) -> Result<String> {
    let row = scene.admin.query_one("SELECT decided_name FROM request WHERE id = $1", &[&request]).await?;
    Ok(row.get(0))
}
