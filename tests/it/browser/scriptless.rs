//! A browser that runs no scripts: everything can still be read, filtered and opened.

use anyhow::{Result, ensure};

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene},
    window::{PATIENCE, Window},
};
use crate::node::until;

#[tokio::test(flavor = "multi_thread")]
async fn lists_filters_and_details_are_read_without_javascript() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let window = browsers.open_without_scripts().await?;
    window.log_in(&scene.node.url(""), ADMIN).await?;
    // The driver's own scripts run all the same.
    let sign: String = window.ask("return document.getElementById('live').innerText").await?;
    ensure!(sign.contains("Reload"), "the sign does not say what to do: {sign:?}");
    ensure!(window.ask::<String>("return typeof window.htmx").await? == "undefined", "the page's scripts ran");
    let all = window.texts("#order-rows .row__link").await?;
    ensure!(!all.is_empty(), "no order is listed");

    // A tab, then a search within it.
    let tab = window.texts(".tabs__link").await?;
    let completed = tab.iter().position(|label| label == "Completed").map(|at| at + 1);
    let completed = completed.ok_or_else(|| anyhow::anyhow!("no tab for completed orders in {tab:?}"))?;
    window.click(&format!(".tabs__link:nth-child({completed})")).await?;
    window.is_at("/orders?status=completed").await?;
    let badges = window.texts("#order-rows .badge__word").await?;
    ensure!(!badges.is_empty() && badges.iter().all(|badge| badge == "Completed"), "the tab shows {badges:?}");
    let numbers = window.texts("#order-rows .row__link").await?;
    let wanted = numbers.last().map(|number| number.trim_start_matches('#').to_owned()).unwrap_or_default();
    window.type_into("[data-search]", &wanted).await?;
    window.click(".filters__form button.scriptless").await?;
    window.is_at("/orders?status=completed&store=&q=").await?;
    let found = window.texts("#order-rows .row__link").await?;
    ensure!(found.iter().any(|number| number.contains(&wanted)), "{wanted} finds {found:?}");
    ensure!(found.len() < numbers.len(), "the search narrows nothing");

    let first = found.first().cloned().unwrap_or_default();
    window.click("#order-rows .row__link").await?;
    window.is_at("/orders/").await?;
    ensure!(window.texts("h1").await?.concat() == first, "the order's page is another");
    ensure!(!window.texts(".table--lines tbody tr").await?.is_empty(), "the order has no lines");
    ensure!(!window.texts("#timeline .change").await?.is_empty(), "the order has no timeline");

    window.goto(&scene.node.url("/products")).await?;
    ensure!(!window.texts("#product-rows .stock__word").await?.is_empty(), "no stock is shown");
    window.click("#product-rows .row__link").await?;
    window.is_at("/products/").await?;
    a_change_is_sent_and_followed(&scene, &window).await?;
    window.goto(&scene.node.url("/stores")).await?;
    ensure!(window.texts("#store-rows .row__link").await?.len() == 3, "not every store is listed");
    window.click("form[action='/logout'] button").await?;
    window.is_at("/login").await?;
    browsers.quit().await?;
    scene.stop()
}

/// By a plain form, and by loading the page again.
async fn a_change_is_sent_and_followed(scene: &Scene, window: &Window) -> Result<()> {
    let product = scene.product(1).await?;
    let page = scene.node.url(&format!("/products/{}", product.id));
    window.goto(&page).await?;
    window.click("#edit > summary").await?;
    window.click("#edit-status option[value=draft]").await?;
    window.click("form[action$='/status'] button").await?;
    window.is_at(&format!("/products/{}?said=proposed", product.id)).await?;
    until(PATIENCE, "the change is done", || async {
        window.goto(&page).await?;
        Ok(window.ask::<String>("return document.querySelector('#intents [data-flash]').dataset.flash").await?
            == "done")
    })
    .await?;
    let head = window.texts(".headline .badge__word").await?;
    ensure!(head == ["Draft"], "the page shows {head:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_opened_answered_noted_on_and_closed_without_javascript() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let window = browsers.open_without_scripts().await?;
    let list = scene.node.folder.path().join("boxes.txt");
    std::fs::write(&list, "box 12")?;
    window.log_in(&scene.node.url(""), MERCHANT).await?;
    window.goto(&scene.node.url("/support")).await?;
    window.click(".page__tools a[href='/support/new']").await?;
    window.click("#store option:last-child").await?;
    window.type_into("#subject", "Two boxes are wet").await?;
    window.type_into("#text", "They were left outside.").await?;
    window.type_into("#files", &list.display().to_string()).await?;
    window.click("form[action='/support'] button").await?;
    window.until("the ticket is open", "location.search.includes('said=ticket_opened')").await?;
    let page = window.path().await?;
    ensure!(window.texts("#thread .file__name").await? == ["boxes.txt"], "the file is not shown");
    window.click("form[action='/logout'] button").await?;
    window.is_at("/login").await?;

    window.log_in(&scene.node.url(""), ADMIN).await?;
    window.goto(&scene.node.url("/support")).await?;
    window.click("#tickets .ticket--unread .link").await?;
    window.is_at(&page).await?;
    window.click("form[action$='/read'] button").await?;
    window.until("it is read", "!document.querySelector(\"form[action$='/read']\")").await?;
    window.type_into("#reply", "We send two others.").await?;
    window.click("form[action$='/messages'] button").await?;
    window.is_at(&format!("{page}?said=ticket_said")).await?;
    window.click("details.fold > summary").await?;
    window.type_into("#note", "they always say so").await?;
    window.click("form[action$='/notes'] button").await?;
    window.is_at(&format!("{page}?said=ticket_noted")).await?;
    window.click("form[action$='/close'] button").await?;
    window.is_at(&format!("{page}?said=ticket_closed")).await?;
    let said = window.texts("#thread .entry__text").await?;
    ensure!(said == ["They were left outside.", "We send two others.", "they always say so"], "{said:?}");
    browsers.quit().await?;
    scene.stop()
}
