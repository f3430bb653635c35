//! An order that a merchant places for a buyer: put together in a form, approved by staff, made by the shop.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene},
    window::Window,
};

const ADDRESS: [(&str, &str); 6] = [
    ("first_name", "Ada"),
    ("last_name", "Bozkurt"),
    ("address_1", "Rose Lane 1"),
    ("address_2", "Flat 2"),
    ("city", "Izmir"),
    ("country", "TR"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_places_an_order_and_the_shop_makes_it_once_staff_agree() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [merchant, admin] = browsers.open().await?;
    merchant.log_in(&scene.node.url(""), MERCHANT).await?;
    admin.log_in(&scene.node.url(""), ADMIN).await?;
    let sku: String =
        scene.admin.query_one("SELECT sku FROM product WHERE id = $1", &[&scene.product(1).await?.id]).await?.get(0);

    let request = place(&scene, &merchant, &sku).await?;
    merchant.is_live().await?;
    admin.goto(&scene.node.url("/orders/pending-approvals")).await?;
    admin.click(&format!("#request-{request} form[action$='/approve'] button")).await?;
    let applied = format!("document.getElementById('request-{request}-state').dataset.flash === 'applied'");
    merchant.until("the merchant sees it made", &applied).await?;

    let made: Option<String> =
        scene.admin.query_one("SELECT result->>'remote_id' FROM request WHERE id = $1", &[&request]).await?.get(0);
    let made = made.context("the store said which it is")?;
    let order = scene.order(1, &made).await?;
    admin.goto(&scene.node.url(&format!("/orders/{order}"))).await?;
    let shown = admin.texts("main").await?.concat();
    for (_, part) in ADDRESS {
        ensure!(shown.contains(part), "the order's page lacks {part}: {shown}");
    }

    admin.goto(&scene.node.url("/orders/stats")).await?;
    ensure!(admin.texts("main").await?.concat().contains("Figures"), "there are no figures");
    for window in [&merchant, &admin] {
        window.resize(360, 740).await?;
        for path in ["/orders/stats", "/orders/pending-approvals"] {
            window.goto(&scene.node.url(path)).await?;
            fits(window, path).await?;
        }
        window.has_no_complaints(false).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

/// Finds an article, wants two of it, and says where it goes; answers the request that this is.
async fn place(scene: &Scene, merchant: &Window, sku: &str) -> Result<Uuid> {
    merchant.goto(&scene.node.url(&format!("/orders/new?store={}", scene.store(1).await?))).await?;
    for (part, value) in ADDRESS {
        merchant.type_into(&format!("[name='billing.{part}']"), value).await?;
    }
    // The return key looks for the article; what was typed elsewhere stays.
    merchant.type_into("#q", &format!("{sku}\n")).await?;
    merchant.until("the article is found", "document.querySelector('[name=add]')").await?;
    merchant.click("[name=add]").await?;
    merchant.until("the article is chosen", "document.querySelector(\"[name^='quantity.']\")").await?;
    let kept = format!("document.querySelector(\"[name='billing.city']\").value === {}", json!("Izmir"));
    merchant.until("the address is kept", &kept).await?;
    fits(merchant, "/orders/new").await?;
    merchant.ask::<serde_json::Value>("document.querySelector(\"[name^='quantity.']\").value = ''").await?;
    merchant.type_into("[name^='quantity.']", "2").await?;
    merchant.click("form[action='/orders/place'] .button--main").await?;
    merchant.is_at("/requests/").await?;
    let path = merchant.path().await?;
    path.strip_prefix("/requests/").and_then(|id| id.parse().ok()).with_context(|| format!("{path} is no request"))
}

/// Nothing sticks out of the screen.
async fn fits(window: &Window, page: &str) -> Result<()> {
    let root = "document.documentElement";
    let is_wide: bool = window.ask(&format!("return {root}.scrollWidth > {root}.clientWidth")).await?;
    ensure!(!is_wide, "{page} is wider than the screen");
    Ok(())
}
