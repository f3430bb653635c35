//! A rehearsal from the form to its report: staff watch twins sell on the real panel, and nobody else meets them.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene},
    window::Window,
};
use crate::node::until;

/// Its ten seconds, and all the time that it may take to compare afterwards.
const ENDS_WITHIN: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread")]
async fn staff_rehearse_with_twins_of_a_store_and_a_merchant_notices_nothing_of_it() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [staff, merchant] = browsers.open().await?;
    staff.log_in(&scene.node.url(""), ADMIN).await?;
    merchant.log_in(&scene.node.url(""), MERCHANT).await?;
    merchant.goto(&scene.node.url("/orders")).await?;
    merchant.is_live().await?;
    let before: i64 = merchant.ask("return document.querySelectorAll('#order-rows > *').length").await?;

    let page = begin(&scene, &staff).await?;
    twins_sell_before_their_eyes(&scene, &staff, &page).await?;
    it_comes_to_its_report(&staff).await?;

    let after: i64 = merchant.ask("return document.querySelectorAll('#order-rows > *').length").await?;
    ensure!(before == after, "the merchant's list went from {before} to {after} orders, though no shop of theirs sold");
    let sees_twin: bool = merchant.ask("return document.body.innerText.includes('twin')").await?;
    ensure!(!sees_twin, "the merchant's page tells of a twin");
    merchant.goto(&scene.node.url("/rehearsals")).await?;
    let is_shown: bool = merchant.ask("return !!document.querySelector('.form--rehearse')").await?;
    ensure!(!is_shown, "a merchant is offered a rehearsal");
    staff.has_no_complaints(false).await?;
    browsers.quit().await?;
    scene.stop()
}

/// Two twins of the first shop for ten seconds, with a trouble. Answers the rehearsal's page.
async fn begin(scene: &Scene, staff: &Window) -> Result<String> {
    staff.goto(&scene.node.url("/rehearsals")).await?;
    let store = scene.store(1).await?;
    staff.click(&format!("input[name=store][value='{store}']")).await?;
    staff.click("input[name=trouble][value=webhooks_lost]").await?;
    staff
        .ask::<Value>("document.getElementById('factor').value = '2'; document.getElementById('seconds').value = '10'")
        .await?;
    staff.click(".form--rehearse button").await?;
    staff.until("the rehearsal has a page", "location.pathname.startsWith('/rehearsals/')").await?;
    let page: String = staff.ask("return location.pathname").await?;
    staff.watch(&scene.node.url(&page)).await?;
    staff.until("it is told as it moves", "window.__frames.some(({ kind }) => kind === 'rehearsal.moved')").await?;
    staff.until("its course is measured", "document.querySelector('.table--course tbody tr')").await?;
    Ok(page)
}

/// The orders of the twins, on the page that shows the real ones otherwise, and back again.
async fn twins_sell_before_their_eyes(scene: &Scene, staff: &Window, page: &str) -> Result<()> {
    staff.click(&format!("form[action='{page}/watch'] input[value='/orders'] + button")).await?;
    staff.is_at("/orders").await?;
    staff.is_live().await?;
    staff.until("a twin's order is listed", "document.getElementById('order-rows').innerText.includes('twin')").await?;
    let real = scene.shop(3)?.name.clone();
    let shows: bool = staff.ask(&format!("return document.querySelector('main').innerText.includes({real:?})")).await?;
    ensure!(!shows, "a real store is shown among the twins");
    staff.click("form[action='/rehearsals/leave'] button").await?;
    staff.is_at("/control").await?;
    let twins: i64 = staff
        .ask("return [...document.querySelectorAll('.actor')].filter((one) => one.innerText.includes('twin')).length")
        .await?;
    ensure!(twins == 0, "{twins} twins are among the real stores");
    staff.goto(&scene.node.url(page)).await
}

async fn it_comes_to_its_report(staff: &Window) -> Result<()> {
    until(ENDS_WITHIN, "there is a report", || async {
        staff.ask("return !!document.getElementById('report-title')").await
    })
    .await?;
    let counts: Vec<String> =
        staff.ask("return [...document.querySelectorAll('.numbers--found dd')].map((dd) => dd.innerText)").await?;
    ensure!(counts == ["0", "0", "0", "0", "0"], "lost, doubled, gone back, acknowledged and gone, dead: {counts:?}");
    staff.until("it says that it held", "document.querySelector('.badge.tone-good')").await
}
