//! Staff at work: a change that goes to the store under their eyes, and a store that they pause and wake.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{
    chromium::Chromium,
    scene::{ADMIN, Product, Scene},
    window::Window,
};

/// How long the shop takes for an answer, so that a person can watch what happens before it comes.
const SLOW_MS: u64 = 4_000;

/// Notes each state that the newest change on its way goes through.
const WATCH_STATES: &str = "
    window.__states = [];
    const note = () => {
        const state = document.querySelector('#intents .intent [data-flash]')?.dataset.flash;
        if (state && window.__states.at(-1) !== state) window.__states.push(state);
    };
    note();
    new MutationObserver(note).observe(document.getElementById('intents'), { subtree: true, childList: true, attributes: true });";

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_change_goes_to_the_store_before_their_eyes_and_a_paused_store_says_so_everywhere() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk, wall] = browsers.open().await?;
    for window in [&desk, &wall] {
        window.log_in(&scene.node.url(""), ADMIN).await?;
    }
    stock_is_set(&scene, &desk).await?;
    a_store_is_paused_and_resumed(&scene, &desk, &wall).await?;
    for window in [&desk, &wall] {
        window.has_no_complaints(false).await?;
    }
    browsers.quit().await?;
    scene.stop()
}

/// On the product's page, twice: the second time from the form as the first one's outcome left it.
async fn stock_is_set(scene: &Scene, desk: &Window) -> Result<()> {
    let product = scene.product(1).await?;
    let page = scene.node.url(&format!("/products/{}", product.id));
    desk.goto(&page).await?;
    let faults = "/_sim/stores/1/faults";
    scene.sim.post(faults, json!({ "slow_ms": SLOW_MS })).await?;
    send(desk, product.stock + 7).await?;
    desk.until("the page tells of the change", "document.querySelector('#intents .intent')").await?;
    desk.is_live().await?;
    desk.ask::<Value>(WATCH_STATES).await?;
    // What is under way takes its time; what comes after it does not.
    scene.sim.post(faults, json!({})).await?;
    desk.until("the change is done", "window.__states.at(-1) === 'done'").await?;
    let states: Vec<String> = desk.ask("return window.__states").await?;
    ensure!(["waiting", "sending"].contains(&states[0].as_str()), "it went through {states:?}");
    holds(scene, desk, &product, product.stock + 7).await?;

    let seen = format!("document.querySelector('#edit [name=seen]').value === '{}'", product.stock + 7);
    desk.until("the form knows what the store holds now", &seen).await?;
    send(desk, product.stock + 3).await?;
    let done = "[...document.querySelectorAll('#intents [data-flash]')].filter((one) => one.dataset.flash === 'done').length === 2";
    desk.until("the second change is done too", done).await?;
    holds(scene, desk, &product, product.stock + 3).await
}

async fn send(desk: &Window, quantity: i64) -> Result<()> {
    if !desk.ask::<bool>("return document.getElementById('edit').open").await? {
        desk.click("#edit > summary").await?;
    }
    desk.ask::<Value>("document.getElementById('edit-stock').value = ''").await?;
    desk.type_into("#edit-stock", &quantity.to_string()).await?;
    desk.click("form[action$='/stock'] button").await?;
    desk.until("the form was taken", "location.search.includes('said=proposed')").await
}

/// The page and the shop itself agree.
async fn holds(scene: &Scene, desk: &Window, product: &Product, quantity: i64) -> Result<()> {
    desk.shows(&format!("#stock-{} .stock__count", product.id), &quantity.to_string()).await?;
    let products = scene.sim.records(1, "products").await?;
    let held = products.iter().find(|one| one["id"] == product.remote_id).map(|one| &one["stock_quantity"]);
    ensure!(held == Some(&json!(quantity)), "the shop holds {held:?}");
    Ok(())
}

/// One person presses the button; the control room on the wall, which nobody touches, tells of it.
async fn a_store_is_paused_and_resumed(scene: &Scene, desk: &Window, wall: &Window) -> Result<()> {
    let store = scene.store(2).await?;
    wall.watch(&scene.node.url("/control")).await?;
    let state = |word: &str| format!("document.getElementById('store-state-{store}')?.dataset.flash === '{word}'");
    wall.until("the tile says live", &state("live")).await?;
    desk.goto(&scene.node.url(&format!("/stores/{store}"))).await?;
    desk.click(&format!("form[action='/stores/{store}/pause'] button")).await?;
    wall.until("the tile says paused", &state("paused")).await?;
    wall.until(
        "the tile offers to go on",
        &format!("document.querySelector(\"form[action='/stores/{store}/resume']\")"),
    )
    .await?;
    // The room looks again now and then; what it was told by its socket came at once.
    let told =
        format!("window.__frames.some(({{ store, content }}) => store === '{store}' && content.includes('paused'))");
    wall.until("the tile's frame came", &told).await?;

    wall.click(&format!("form[action='/stores/{store}/resume'] button")).await?;
    wall.is_at("/control?said=resumed").await?;
    wall.until("the tile says live again", &state("live")).await?;
    desk.until("so does the store's page", &state("live")).await
}
