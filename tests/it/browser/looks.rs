//! Every page in both themes and on a phone: within its policy, and never wider than the screen.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{
    chromium::Chromium,
    scene::{ADMIN, Scene, one_of},
    window::Window,
};

const SIZES: [(u32, u32); 2] = [(1280, 800), (360, 740)];
const THEMES: [&str; 2] = ["light", "dark"];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_keeps_its_policy_and_fits_a_phone_in_both_themes() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [window] = browsers.open().await?;
    let product = scene.product(1).await?;
    let order = scene.order(1, &scene.buy(1, one_of(&product)).await?).await?;
    let variable: uuid::Uuid = scene
        .admin
        .query_one(
            "SELECT id FROM product WHERE kind = 'variable' ORDER BY cardinality(variation_ids) DESC, id LIMIT 1",
            &[],
        )
        .await?
        .get(0);
    let store = scene.store(1).await?;
    let others = others(&scene).await?;

    for theme in THEMES {
        window.goto(&scene.node.url("/login")).await?;
        window.set_theme(theme).await?;
        visit(&window, &scene.node.url("/login"), "login", theme).await?;
    }
    window.log_in(&scene.node.url(""), ADMIN).await?;
    let pages = [
        ("orders", "/orders".to_owned()),
        ("orders-none", "/orders?q=nothing-is-called-this".to_owned()),
        ("order", format!("/orders/{order}")),
        ("figures", "/orders/stats".to_owned()),
        ("orders-to-be-placed", "/orders/pending-approvals".to_owned()),
        ("products", "/products".to_owned()),
        ("product", format!("/products/{}", product.id)),
        ("variations", format!("/products/{variable}")),
        ("requests", "/requests".to_owned()),
        ("inventory", "/inventory".to_owned()),
        ("stock", format!("/inventory/{}", product.id)),
        ("import", "/inventory/import".to_owned()),
        ("returns", "/returns".to_owned()),
        ("new-return", format!("/returns/new?order={order}")),
        ("support", "/support".to_owned()),
        ("new-ticket", format!("/support/new?about=order:{order}")),
        ("stores", "/stores".to_owned()),
        ("store", format!("/stores/{store}")),
        ("new-store", "/stores/new".to_owned()),
        ("diary", format!("/stores/{store}/diary")),
        ("control", "/control".to_owned()),
        ("changes", "/changes".to_owned()),
        ("deliveries", "/deliveries".to_owned()),
        ("delivery", format!("/deliveries/{}", others.delivery)),
        ("dead-letters", "/dead-letters".to_owned()),
        ("customers", "/customers".to_owned()),
        ("customer", format!("/customers/{}", others.customer)),
    ];
    for theme in THEMES {
        window.set_theme(theme).await?;
        for (name, path) in &pages {
            visit(&window, &scene.node.url(path), name, theme).await?;
        }
    }
    // A page that is not there is one of ours too; that it is not there is all the browser may complain of.
    window.has_no_complaints(false).await?;
    window.goto(&scene.node.url("/no-such-page")).await?;
    fits(&window, "no-such-page").await?;
    browsers.quit().await?;
    scene.stop()
}

/// Records that come by themselves.
struct Others {
    delivery: uuid::Uuid,
    customer: uuid::Uuid,
}

async fn others(scene: &Scene) -> Result<Others> {
    scene.settled().await?;
    let first = async |sql: &str| Ok::<uuid::Uuid, anyhow::Error>(scene.admin.query_one(sql, &[]).await?.get(0));
    Ok(Others {
        delivery: first("SELECT id FROM inbox ORDER BY id DESC LIMIT 1").await?,
        customer: first("SELECT id FROM customer ORDER BY length(raw::text) DESC, id LIMIT 1").await?,
    })
}

/// Looks at a page in every size of screen; the window keeps the last.
pub async fn visit(window: &Window, url: &str, name: &str, theme: &str) -> Result<()> {
    window.goto(url).await?;
    window
        .until(&format!("{name} is {theme}"), &format!("document.documentElement.dataset.theme === '{theme}'"))
        .await?;
    let is_bare = "!document.getElementById('live')";
    let is_live = "document.getElementById('live')?.dataset.state === 'live'";
    window.until(&format!("{name} is live"), &format!("{is_bare} || {is_live}")).await?;
    unfold(window).await?;
    everything_has_a_name(window, name).await?;
    for (width, height) in SIZES {
        window.resize(width, height).await?;
        fits(window, name).await?;
        if let Some(folder) = std::env::var_os("STOREWIRE_SCREENSHOTS") {
            let folder = PathBuf::from(folder);
            std::fs::create_dir_all(&folder)?;
            window.screenshot(&folder.join(format!("{name}-{theme}-{width}.png"))).await?;
        }
    }
    window.has_no_complaints(false).await
}

/// What is folded up is a part of the page too.
async fn unfold(window: &Window) -> Result<()> {
    window.ask::<Value>("for (const one of document.querySelectorAll('details')) one.open = true").await.map(drop)
}

/// Whoever does not see the page is told what each field, button and link is for.
async fn everything_has_a_name(window: &Window, page: &str) -> Result<()> {
    let nameless: Vec<String> = window
        .ask(
            "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], summary')]
                .filter((one) => !(one.labels?.length || one.ariaLabel || one.title || one.textContent.trim()))
                .map((one) => one.outerHTML.slice(0, 200))",
        )
        .await?;
    ensure!(nameless.is_empty(), "{page} has what nobody can name: {nameless:?}");
    Ok(())
}

/// Nothing sticks out of the screen; if something does, says what.
pub async fn fits(window: &Window, name: &str) -> Result<()> {
    let wide: Value = window
        .ask(
            "const root = document.documentElement;
            if (root.scrollWidth <= root.clientWidth) return null;
            return [...document.querySelectorAll('body *')]
                .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
                .map((one) => `${one.tagName}.${one.className}`).slice(0, 20)",
        )
        .await?;
    ensure!(wide.is_null(), "{name} is wider than the screen: {wide}");
    Ok(())
}
