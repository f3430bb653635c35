//! Staff work on orders: many at once, and one on which two of them work at the same time.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, Scene},
    window::Window,
};

const OTHER_ADMIN: &str = "other-admin@example.com";

/// An order of shop 1, by its own id and ours.
struct Placed {
    remote_id: String,
    id: Uuid,
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_bulk_change_one_row_fails_and_says_why_and_the_others_are_made() -> Result<()> {
    // A poll would find what nobody told us of: it reads again whatever is minutes old.
    let rarely = [("STOREWIRE__ENGINE__PULL_INTERVAL", "1h".to_owned())];
    let (scene, browsers) = tokio::join!(Scene::set_with(&rarely), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk] = browsers.open().await?;
    desk.log_in(&scene.node.url(""), ADMIN).await?;
    let (one, other) = (place(&scene, "processing").await?, place(&scene, "processing").await?);
    let (moved, over) = (place(&scene, "processing").await?, place(&scene, "cancelled").await?);
    scene.settled().await?;
    desk.watch(&scene.node.url("/orders")).await?;
    for order in [&one, &other, &moved, &over] {
        desk.click(&tick(order)).await?;
    }
    desk.shows("#bulk-chosen", "4").await?;

    // A row that is replaced by a newer copy stays ticked.
    edit(&scene, &other, json!({ "billing": { "first_name": "Feride", "last_name": "Aydın" } }), false).await?;
    let renamed = format!("document.getElementById('order-{}').textContent.includes('Feride')", other.id);
    desk.until("the row tells of another name", &renamed).await?;
    desk.until("it is still ticked", &format!("document.querySelector({}).checked", json!(tick(&other)))).await?;
    desk.shows("#bulk-chosen", "4").await?;

    // Somebody in the shop moves one, and nobody tells us.
    edit(&scene, &moved, json!({ "status": "on-hold" }), true).await?;
    desk.ask::<Value>("document.querySelector('.bulk select').value = 'completed'").await?;
    desk.click(".bulk button").await?;
    desk.is_at("/orders/bulk/").await?;
    desk.is_live().await?;
    let told = desk.texts(".intents").await?.concat();
    ensure!(told.matches("Status to Completed").count() == 3, "not three are on their way: {told}");
    for order in [&one, &other] {
        desk.until("the order's row says that it is done", &stands(&scene, order, "done").await?).await?;
    }
    desk.until("the moved one's says that it failed", &stands(&scene, &moved, "failed").await?).await?;
    let told = desk.texts(".intents").await?.concat();
    for words in ["Left alone", "An order in this status cannot be given that one", "On hold"] {
        ensure!(told.contains(words), "{words:?} is not told: {told}");
    }
    desk.until("the sums follow", "/Done\\s*2[\\s\\S]*Failed\\s*1[\\s\\S]*Left alone\\s*1/.test(document.getElementById('bulk-counts').innerText)").await?;
    for (order, status) in [(&one, "completed"), (&other, "completed"), (&moved, "on-hold"), (&over, "cancelled")] {
        ensure!(
            held(&scene, order).await? == status,
            "the shop has {} as {}",
            order.remote_id,
            held(&scene, order).await?
        );
    }
    desk.has_no_complaints(false).await?;
    browsers.quit().await?;
    scene.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_refused_because_somebody_was_faster_and_both_values_are_shown() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    scene.node.create_user(OTHER_ADMIN, "platform-admin", None)?;
    let [slow, fast] = browsers.open().await?;
    for (window, email) in [(&slow, ADMIN), (&fast, OTHER_ADMIN)] {
        window.log_in(&scene.node.url(""), email).await?;
    }
    let order = place(&scene, "processing").await?;
    scene.settled().await?;
    let page = scene.node.url(&format!("/orders/{}", order.id));
    for window in [&slow, &fast] {
        window.watch(&page).await?;
        window.click("#edit > summary").await?;
    }
    let sql = "SELECT name FROM app_user WHERE email = $1";
    let name: String = scene.admin.query_one(sql, &[&OTHER_ADMIN]).await?.get(0);
    let here = format!("document.getElementById('here')?.textContent.includes({})", json!(name));
    slow.until("who else looks at the order is told", &here).await?;

    // The slow one has chosen, so the form keeps what was seen whatever happens meanwhile.
    choose(&slow, "completed").await?;
    choose(&fast, "on-hold").await?;
    fast.click("form[action$='/status'] button").await?;
    fast.until("the change is done", "document.querySelector('#intents [data-flash]')?.dataset.flash === 'done'")
        .await?;
    slow.until("the head tells of it", "document.querySelector('.headline [data-flash]').dataset.flash === 'on-hold'")
        .await?;
    slow.click("form[action$='/status'] button").await?;
    slow.until("who was faster is told", "document.getElementById('faster')").await?;
    let told = slow.texts("#faster").await?.concat();
    for words in [name.as_str(), "Processing", "On hold", "Completed"] {
        ensure!(told.contains(words), "{words:?} is not told: {told}");
    }
    ensure!(held(&scene, &order).await? == "on-hold", "it was written all the same");
    let wishes = "SELECT count(*) FROM intent WHERE entity_id = $1";
    ensure!(scene.admin.query_one(wishes, &[&order.id]).await?.get::<_, i64>(0) == 1, "it was written down");

    // Decided again on the values of now, it is done.
    slow.click("#faster form button").await?;
    slow.is_at(&format!("/orders/{}?said=proposed", order.id)).await?;
    slow.until("it is done", "document.querySelector('#intents [data-flash]')?.dataset.flash === 'done'").await?;
    ensure!(held(&scene, &order).await? == "completed", "the shop has it as {}", held(&scene, &order).await?);
    fast.has_no_complaints(false).await?;
    browsers.quit().await?;
    scene.stop()
}

async fn place(scene: &Scene, status: &str) -> Result<Placed> {
    let product = scene.product(1).await?;
    let order = json!({ "status": status, "line_items": [{ "product_id": product.remote_id, "quantity": 1 }] });
    let remote_id = scene.place(1, &order).await?;
    let id = scene.order(1, &remote_id).await?;
    Ok(Placed { remote_id, id })
}

/// Somebody in the shop changes an order; `silently`, the shop itself does not notice.
async fn edit(scene: &Scene, order: &Placed, fields: Value, silently: bool) -> Result<()> {
    let ids = [order.remote_id.parse::<u64>()?];
    let wish = json!({ "kind": "orders", "ids": ids, "fields": fields, "silent": silently });
    scene.sim.post("/_sim/stores/1/edit", wish).await.map(drop)
}

async fn choose(window: &Window, status: &str) -> Result<()> {
    let script = format!("document.getElementById('edit-status').value = {}", json!(status));
    window.ask::<Value>(&script).await.map(drop)
}

/// The status that the shop itself has.
async fn held(scene: &Scene, order: &Placed) -> Result<String> {
    let orders = scene.sim.records(1, "orders").await?;
    let id: u64 = order.remote_id.parse()?;
    let found = orders.iter().find(|one| one["id"] == id).context("the shop has the order")?;
    Ok(found["status"].as_str().unwrap_or_default().to_owned())
}

fn tick(order: &Placed) -> String {
    format!("#order-{} input[name=order]", order.id)
}

/// Whether the row of an order's only intent says that it stands there.
async fn stands(scene: &Scene, order: &Placed, state: &str) -> Result<String> {
    let sql = "SELECT id FROM intent WHERE entity_id = $1";
    let rows = scene.admin.query(sql, &[&order.id]).await?;
    let [row] = rows.as_slice() else { anyhow::bail!("order {} became {} writes", order.remote_id, rows.len()) };
    let id: Uuid = row.get(0);
    Ok(format!("document.getElementById('intent-{id}-state')?.dataset.flash === '{state}'"))
}
