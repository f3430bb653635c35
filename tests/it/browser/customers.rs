//! Staff work on customers, two of them on one at the same time.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    looks::fits,
    scene::{ADMIN, Scene},
    window::{PATIENCE, Window},
};
use crate::node::until;

const OTHER_ADMIN: &str = "other-admin@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn two_change_one_customer_and_the_later_joins_both_and_chooses_what_both_changed() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    scene.node.create_user(OTHER_ADMIN, "platform-admin", None)?;
    let [slow, fast] = browsers.open().await?;
    for (window, email) in [(&slow, ADMIN), (&fast, OTHER_ADMIN)] {
        window.log_in(&scene.node.url(""), email).await?;
    }
    let (remote_id, id) = customer(&scene).await?;
    scene.settled().await?;
    let page = format!("/customers/{id}");
    for window in [&slow, &fast] {
        window.watch(&scene.node.url(&page)).await?;
        window.click("#edit > summary").await?;
    }

    fill(&slow, "#edit", "billing.phone", "0312").await?;
    fill(&slow, "#edit", "billing.city", "Ankara").await?;
    let told = "document.getElementById('here')?.textContent.includes('is editing the billing address')";
    fast.until("what is being edited is told", told).await?;
    fill(&fast, "#edit", "billing.city", "Bursa").await?;
    fill(&fast, "#edit", "billing.postcode", "16000").await?;
    fast.click("#edit form button").await?;
    let is_done = "document.querySelector('#intents [data-flash]')?.dataset.flash === 'done'";
    fast.until("the change is done", is_done).await?;
    let copy = "SELECT 1 FROM customer WHERE id = $1 AND billing->>'city' = 'Bursa'";
    until(PATIENCE, "our copy has it", || async { Ok(scene.admin.query_opt(copy, &[&id]).await?.is_some()) }).await?;

    slow.click("#edit form button").await?;
    slow.until("both changes are shown", "document.getElementById('faster')").await?;
    let sql = "SELECT name FROM app_user WHERE email = $1";
    let name: String = scene.admin.query_one(sql, &[&OTHER_ADMIN]).await?.get(0);
    let told = slow.texts("#faster").await?.concat();
    for words in [name.as_str(), "Izmir", "Bursa", "0312", "Yours is written"] {
        ensure!(told.contains(words), "{words:?} is not told: {told}");
    }
    let choices = "return [...document.querySelectorAll('#faster legend')].map((one) => one.textContent)";
    ensure!(slow.ask::<Vec<String>>(choices).await?.len() == 1, "only the city was changed by both: {told}");
    slow.resize(360, 740).await?;
    fits(&slow, "merge").await?;
    ensure!(held(&scene, remote_id).await?["phone"] == "1", "it was written all the same");

    // A value of one's own is a choice.
    fill(&slow, "#faster", "billing.city", "Ankara Ulus").await?;
    slow.until("it is chosen", "document.querySelector('#faster input[value=mine]').checked").await?;
    slow.click("#faster .button--main").await?;
    slow.is_at(&format!("{page}?said=proposed")).await?;
    slow.until("it is done", is_done).await?;
    let held = held(&scene, remote_id).await?;
    for (field, value) in [("city", "Ankara Ulus"), ("phone", "0312"), ("postcode", "16000")] {
        ensure!(held[field] == value, "the shop has the {field} as {}", held[field]);
    }
    fast.has_no_complaints(false).await?;
    browsers.quit().await?;
    scene.stop()
}

/// A customer of shop 1 with an address, by its own id and ours.
async fn customer(scene: &Scene) -> Result<(u64, Uuid)> {
    let customers = scene.sim.records(1, "customers").await?;
    let remote_id = customers.iter().find_map(|one| one["id"].as_u64()).context("the shop has a customer")?;
    let fields = json!({ "billing": { "city": "Izmir", "postcode": "35000", "phone": "1" } });
    let wish = json!({ "kind": "customers", "ids": [remote_id], "fields": fields });
    scene.sim.post("/_sim/stores/1/edit", wish).await?;
    let (store, text) = (scene.store(1).await?, remote_id.to_string());
    let sql = "SELECT id FROM customer WHERE store_id = $1 AND remote_id = $2 AND billing->>'postcode' = '35000'";
    until(PATIENCE, "the customer's address is here", || async {
        Ok(scene.admin.query_opt(sql, &[&store, &text]).await?.is_some())
    })
    .await?;
    Ok((remote_id, scene.admin.query_one(sql, &[&store, &text]).await?.get(0)))
}

/// Replaces what a field of a form holds, as a person does.
async fn fill(window: &Window, form: &str, field: &str, text: &str) -> Result<()> {
    let selector = format!("{form} input[name='{field}']:not([type=hidden])");
    window.ask::<Value>(&format!("document.querySelector({}).value = ''", json!(selector))).await?;
    window.type_into(&selector, text).await
}

/// The billing address that the shop itself has.
async fn held(scene: &Scene, remote_id: u64) -> Result<Value> {
    let customers = scene.sim.records(1, "customers").await?;
    let found = customers.iter().find(|one| one["id"] == remote_id).context("the shop has the customer")?;
    Ok(found["billing"].clone())
}
