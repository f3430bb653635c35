//! The main job, seen from the chairs of those it is for.

use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, STRANGER, Scene, one_of},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_buys_reaches_the_admin_and_its_own_merchant_by_socket_and_no_other_merchant() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [admin, merchant, stranger, customer] = browsers.open().await?;
    let base = scene.node.url("");
    for (window, email) in [(&admin, ADMIN), (&merchant, MERCHANT), (&stranger, STRANGER)] {
        window.log_in(&base, email).await?;
        window.watch(&scene.node.url("/orders")).await?;
    }

    orders_arrive(&scene, &admin, &merchant, &stranger, &customer).await?;
    names_are_shown_as_text(&scene, &admin, &merchant).await?;
    stock_changes(&scene, &admin, &merchant, &stranger).await?;
    for window in [&admin, &merchant, &stranger] {
        window.has_no_complaints(false).await?;
    }
    another_merchants_product_is_not_there(&scene, &stranger).await?;
    logging_out_closes_the_socket(&merchant, &stranger).await?;
    browsers.quit().await?;
    scene.stop()
}

/// On `/orders`: one bought in the shop's own window, then one that proves the stranger's line works.
async fn orders_arrive(
    scene: &Scene,
    admin: &Window,
    merchant: &Window,
    stranger: &Window,
    customer: &Window,
) -> Result<()> {
    customer.goto(&scene.shop(1)?.shop_url).await?;
    let clicked = Instant::now();
    customer.click(".shelf li form button:not([disabled])").await?;
    for window in [admin, merchant] {
        let number: String = customer.ask("return document.querySelector('.note strong').textContent").await?;
        has_row(window, &number, &scene.shop(1)?.name).await?;
    }
    println!("bought to seen by two: {:?}", clicked.elapsed());

    let own = scene.buy(3, json!({})).await?;
    let own = scene.order(3, &own).await?;
    stranger.until("the stranger's own order arrives", &is_there(&format!("order-{own}"))).await?;
    sees_only(stranger, scene.store(3).await?).await?;
    let text: String = stranger.ask("return document.body.textContent").await?;
    for shop in [1, 2] {
        ensure!(!text.contains(&scene.shop(shop)?.name), "the stranger reads of shop {shop}");
    }
    let others = merchant.frames().await?;
    let foreign = scene.store(3).await?.to_string();
    ensure!(others.iter().all(|frame| frame.store != foreign), "the merchant was sent {others:?}");
    admin.until("the admin sees the third shop's order too", &is_there(&format!("order-{own}"))).await
}

/// Markup in a customer's name is what the customer is called.
async fn names_are_shown_as_text(scene: &Scene, admin: &Window, merchant: &Window) -> Result<()> {
    let (first, last) = ("<script>window.__ran = true</script>", "\"><img src=x onerror=\"window.__ran = true\">");
    let product = scene.product(2).await?;
    let order = json!({
        "status": "processing",
        "billing": { "first_name": first, "last_name": last, "email": "eve@example.com", "company": "</td></tr><b>" },
        "line_items": [{ "product_id": product.remote_id, "quantity": 1 }],
    });
    let remote_id = scene.place(2, &order).await?;
    let row = format!("order-{}", scene.order(2, &remote_id).await?);
    for window in [admin, merchant] {
        window.until("the row with the hostile name arrives", &is_there(&row)).await?;
        let shown: String = window.ask(&format!("return document.getElementById('{row}').textContent")).await?;
        ensure!(shown.contains(first) && shown.contains(last), "the name is shown as {shown:?}");
        let made: u64 =
            window.ask("return document.querySelectorAll('table script, table img, table b').length").await?;
        ensure!(made == 0, "a name became {made} elements");
        ensure!(!window.ask::<bool>("return window.__ran === true").await?, "a name was run");
    }
    Ok(())
}

/// On `/products`, then on the product's own page.
async fn stock_changes(scene: &Scene, admin: &Window, merchant: &Window, stranger: &Window) -> Result<()> {
    let product = scene.product(1).await?;
    let count = format!("#stock-{} .stock__count", product.id);
    for window in [admin, merchant, stranger] {
        window.watch(&scene.node.url("/products")).await?;
    }
    for window in [admin, merchant] {
        window.shows(&count, &product.stock.to_string()).await?;
    }
    scene.buy(1, one_of(&product)).await?;
    for window in [admin, merchant] {
        window.shows(&count, &(product.stock - 1).to_string()).await?;
        ensure!(!window.frames().await?.is_empty(), "the stock changed without a frame");
    }
    let own = scene.product(3).await?;
    scene.buy(3, one_of(&own)).await?;
    stranger.shows(&format!("#stock-{} .stock__count", own.id), &(own.stock - 1).to_string()).await?;
    sees_only(stranger, scene.store(3).await?).await?;

    for window in [admin, merchant] {
        window.watch(&scene.node.url(&format!("/products/{}", product.id))).await?;
    }
    scene.buy(1, one_of(&product)).await?;
    for window in [admin, merchant] {
        window.shows(&count, &(product.stock - 2).to_string()).await?;
        window.until("the timeline tells of it", "window.__added.some((id) => id.startsWith('change-'))").await?;
    }
    Ok(())
}

async fn another_merchants_product_is_not_there(scene: &Scene, stranger: &Window) -> Result<()> {
    stranger.goto(&scene.node.url(&format!("/products/{}", scene.product(1).await?.id))).await?;
    let code: String = stranger.ask("return document.querySelector('.error-page__code').textContent").await?;
    ensure!(code.contains("404"), "another's product is answered with {code}");
    Ok(())
}

/// The end of a login ends its sockets, with the code that is not retried; others keep theirs.
async fn logging_out_closes_the_socket(merchant: &Window, stranger: &Window) -> Result<()> {
    let home = merchant.ask::<String>("return location.origin + '/orders'").await?;
    merchant.watch(&home).await?;
    stranger.watch(&home).await?;
    merchant
        .ask::<Value>(
            "document.addEventListener('htmx:ws:close', ({ detail }) => sessionStorage.setItem('closed', detail.code));
            fetch('/logout', { method: 'POST' });",
        )
        .await?;
    merchant.until("the page goes to the login", "location.pathname === '/login'").await?;
    let code: String = merchant.ask("return String(sessionStorage.getItem('closed'))").await?;
    ensure!(code == "1008", "the socket was closed with {code}");
    stranger.is_live().await?;

    // By the button, too.
    stranger.click("form[action='/logout'] button").await?;
    stranger.until("the button leads to the login", "location.pathname === '/login'").await?;
    stranger.goto(&home).await?;
    ensure!(stranger.path().await? == "/login", "still logged in");
    Ok(())
}

async fn has_row(window: &Window, number: &str, shop: &str) -> Result<()> {
    let (number, shop) = (json!(number), json!(shop));
    let expression = format!(
        "[...document.querySelectorAll('#order-rows tr')].some((row) =>
            row.querySelector('.row__link').textContent === {number} && row.textContent.includes({shop}))"
    );
    window.until(&format!("the row of order {number} of {shop} arrives"), &expression).await?;
    ensure!(!window.frames().await?.is_empty(), "the row came without a frame");
    Ok(())
}

/// Something came, and all of it from this store.
async fn sees_only(window: &Window, store: Uuid) -> Result<()> {
    let frames = window.frames().await?;
    ensure!(!frames.is_empty(), "nothing came at all");
    ensure!(frames.iter().all(|frame| frame.store == store.to_string()), "foreign frames: {frames:?}");
    Ok(())
}

fn is_there(id: &str) -> String {
    format!("document.getElementById('{id}')")
}
