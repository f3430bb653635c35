//! A return: staff lead it from the order to the shelf while its merchant looks on, and the buyer gets a letter.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use storewire_testkit::mailbox::Mailbox;

use super::{
    chromium::Chromium,
    looks,
    scene::{ADMIN, MERCHANT, Product, Scene, one_of},
    window::{PATIENCE, Window},
};
use crate::node::until;

/// One grey pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\xdacd\xf8\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

const BUYER: &str = "mary@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_return_goes_from_the_order_to_the_shelf_and_the_buyer_gets_the_letter() -> Result<()> {
    let mailbox = Mailbox::start().await?;
    let mail = [
        ("STOREWIRE__MAIL__HOST", mailbox.addr().ip().to_string()),
        ("STOREWIRE__MAIL__PORT", mailbox.addr().port().to_string()),
        ("STOREWIRE__MAIL__TLS", "none".to_owned()),
        ("STOREWIRE__MAIL__FROM", "Storewire <desk@storewire.example>".to_owned()),
    ];
    let (scene, browsers) = tokio::join!(Scene::set_with(&mail), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk, shop] = browsers.open().await?;
    desk.log_in(&scene.node.url(""), ADMIN).await?;
    shop.log_in(&scene.node.url(""), MERCHANT).await?;
    let product = scene.product(1).await?;

    let page = open(&scene, &desk, &product).await?;
    shop.watch(&scene.node.url(&page)).await?;
    let looks_only = "!document.querySelector('main form[method=post]')";
    shop.until("the merchant looks and is offered nothing to do", looks_only).await?;
    photograph(&scene, &desk, &shop).await?;
    move_on(&desk, "accept", "accepted").await?;
    shop.until("the merchant sees that the goods may come", &stands("accepted")).await?;
    move_on(&desk, "receive", "received").await?;
    restock(&scene, &desk, &shop, &product).await?;
    write(&desk, &mailbox).await?;
    move_on(&desk, "close", "closed").await?;
    shop.until("the merchant sees that it is over", &stands("closed")).await?;
    shop.until("and what the buyer was told", "document.body.innerText.includes('We have it back.')").await?;
    ensure!(mailbox.letters().len() == 1, "the letter went {} times", mailbox.letters().len());
    ensure!(!shop.frames().await?.is_empty(), "the merchant's page was told by its socket");
    for window in [&desk, &shop] {
        window.has_no_complaints(false).await?;
    }
    for theme in ["light", "dark"] {
        desk.set_theme(theme).await?;
        looks::visit(&desk, &scene.node.url(&page), "return", theme).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

/// The page says that the return stands there.
fn stands(state: &str) -> String {
    format!("document.querySelector('.returning [data-flash]')?.dataset.flash === '{state}'")
}

/// From the page of an order to the page of its return, whose path this answers.
async fn open(scene: &Scene, desk: &Window, product: &Product) -> Result<String> {
    let buyer = json!({ "first_name": "Mary", "last_name": "Kaya", "email": BUYER });
    let order = json!({ "status": "completed", "billing": buyer, "line_items": [one_of(product)] });
    let order = scene.order(1, &scene.place(1, &order).await?).await?;
    // The sale has left the shelf before anything comes back to it.
    scene.settled().await?;
    desk.goto(&scene.node.url(&format!("/orders/{order}"))).await?;
    desk.click("#order-returns a.button").await?;
    desk.is_at(&format!("/returns/new?order={order}")).await?;
    desk.type_into("input[name^=quantity-]", "1").await?;
    desk.ask::<Value>("document.getElementById('reason').value = 'damaged'").await?;
    desk.type_into("#note", "the bag is torn").await?;
    desk.click("form[action='/returns'] button").await?;
    desk.until("the return is open", &stands("asked")).await?;
    desk.path().await
}

async fn photograph(scene: &Scene, desk: &Window, shop: &Window) -> Result<()> {
    let file = scene.node.folder.path().join("bag.png");
    std::fs::write(&file, PICTURE)?;
    desk.type_into("#photo-files", path(&file)?).await?;
    desk.click("form[action$='/photos'] button").await?;
    let is_shown = "document.querySelector('img.photo')?.naturalWidth === 1";
    desk.until("the photo is shown", is_shown).await?;
    shop.until("the merchant sees it without having asked", is_shown).await
}

fn path(file: &Path) -> Result<&str> {
    file.to_str().context("a path in UTF-8")
}

/// Presses the button of a step.
async fn move_on(desk: &Window, step: &str, state: &str) -> Result<()> {
    desk.click(&format!("form:has(> input[value='{step}']) button")).await?;
    desk.until(&format!("the return is {state}"), &stands(state)).await
}

/// What came is decided on, and the shop itself counts one more.
async fn restock(scene: &Scene, desk: &Window, shop: &Window, product: &Product) -> Result<()> {
    let before = count(scene, product).await?;
    until(PATIENCE, "our copy counts as the shop does", || async {
        let sql = "SELECT stock_quantity::bigint FROM product WHERE id = $1";
        Ok(scene.admin.query_one(sql, &[&product.id]).await?.get::<_, i64>(0) == before)
    })
    .await?;
    desk.ask::<Value>("document.getElementById('decision-1').value = 'restock'").await?;
    move_on(desk, "decide", "decided").await?;
    let is_back = "document.querySelector('.restock')?.dataset.state === 'done'";
    for window in [desk, shop] {
        window.until("the store has it back", is_back).await?;
    }
    let after = count(scene, product).await?;
    ensure!(after == before + 1, "the shop counts {after} after {before}");
    desk.until("it may be closed now", "document.querySelector('input[value=close]')").await
}

async fn count(scene: &Scene, product: &Product) -> Result<i64> {
    let products = scene.sim.records(1, "products").await?;
    let found = products.iter().find(|one| one["id"] == product.remote_id);
    found.and_then(|one| one["stock_quantity"].as_i64()).context("the shop counts it")
}

/// A message to the buyer leaves the house, and its delivery log says so.
async fn write(desk: &Window, mailbox: &Mailbox) -> Result<()> {
    desk.click("#return-message > summary").await?;
    desk.type_into("#message-subject", "Your return").await?;
    desk.type_into("#message-text", "We have it back.").await?;
    desk.click("#return-message button").await?;
    desk.until("it was taken", "location.search.includes('said=return-written')").await?;
    until(PATIENCE, "the buyer has the letter", || async { Ok(!mailbox.letters().is_empty()) }).await?;
    let letters = mailbox.letters();
    let letter = letters.first().context("a letter")?;
    ensure!(letter.to == [BUYER] && letter.header("Subject").as_deref() == Some("Your return"), "{letter:?}");
    ensure!(letter.body().trim_end() == "We have it back.", "{letter:?}");
    desk.until("the delivery log says sent", "document.querySelector('#letters .tone-good')").await
}
