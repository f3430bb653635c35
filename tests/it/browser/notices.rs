//! The bell: it rings under the eyes of who looks on, leads to what happened, and falls silent when that was read.

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene},
};
use crate::person::Person;

const COUNT: &str = "#bell .bell__count";

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_rings_for_what_others_do_leads_there_and_falls_silent_when_it_was_read() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk] = browsers.open().await?;
    desk.log_in(&scene.node.url(""), ADMIN).await?;
    desk.watch(&scene.node.url("/requests")).await?;
    desk.until("the bell was asked for and is silent", &format!("!document.querySelector('{COUNT}')")).await?;

    let merchant = Person::log_in(&scene.node, MERCHANT).await?;
    let product = scene.product(1).await?;
    let wish = json!({ "entity_id": product.id, "stock_quantity": (product.stock + 8).to_string() });
    let asked = merchant.ask(Method::POST, "/api/v1/inventory/approvals", Some(wish)).await?;
    ensure!(asked.status == StatusCode::CREATED, "{}", asked.text);
    let request = asked.json()?["id"].as_str().unwrap_or_default().to_owned();
    desk.shows(COUNT, "1").await?;
    ensure!(desk.ask::<bool>("return Array.isArray(window.__frames)").await?, "the page was loaded anew");

    desk.click("#bell a").await?;
    desk.is_at("/notices").await?;
    let line = format!("document.querySelector('.intent a.strong')?.getAttribute('href') === '/requests/{request}'");
    desk.until("the line leads to the request", &line).await?;
    desk.click("form[action='/notices/read'] button").await?;
    let unread = "!document.querySelector('.intent a.strong, form[action=\"/notices/read\"]')";
    desk.until("nothing is unread", unread).await?;
    let staff = Person::log_in(&scene.node, ADMIN).await?;
    ensure!(staff.get("/api/v1/notices").await?["unread"] == 0, "the bell would ring on");
    desk.has_no_complaints(false).await?;
    browsers.quit().await?;
    scene.stop()
}
