//! A ticket: a merchant asks about an order with a photo, staff answer and act before their eyes, and note what stays among staff.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    chromium::Chromium,
    scene::{ADMIN, MERCHANT, Scene, one_of},
    window::{PATIENCE, Window},
};
use crate::node::until;

/// One grey pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\xdacd\xf8\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

const NOTE: &str = "they always say so";

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_from_an_order_with_a_photo_is_answered_live_and_the_note_stays_unseen() -> Result<()> {
    let (scene, browsers) = tokio::join!(Scene::set(), Chromium::start());
    let (scene, mut browsers) = (scene?, browsers?);
    let [desk, shop] = browsers.open().await?;
    desk.log_in(&scene.node.url(""), ADMIN).await?;
    shop.log_in(&scene.node.url(""), MERCHANT).await?;
    let photo = scene.node.folder.path().join("wet-box.png");
    std::fs::write(&photo, PICTURE)?;
    let product = scene.product(1).await?;
    let remote_id = scene.place(1, &json!({ "status": "processing", "line_items": [one_of(&product)] })).await?;
    let order = scene.order(1, &remote_id).await?;
    scene.settled().await?;

    desk.watch(&scene.node.url("/support")).await?;
    let page = open(&scene, &shop, order, &photo).await?;
    desk.until("it is on the desk's list, unread", "document.querySelector('#tickets .ticket--unread')").await?;
    desk.click("#tickets .ticket .link").await?;
    desk.until("the photo is shown", "document.querySelector('#thread img')?.naturalWidth === 1").await?;
    desk.is_live().await?;
    shop.watch(&scene.node.url(&page)).await?;

    answer(&desk, &shop).await?;
    note(&desk, &photo).await?;
    set_the_order(&scene, &desk, &shop, &remote_id).await?;
    nothing_of_the_note_is_seen(&scene, &shop, &page).await?;
    shop.click("form[action$='/close'] button").await?;
    shop.is_at(&format!("{page}?said=ticket_closed")).await?;
    desk.until("the desk sees that it is closed", "document.querySelector('.headline [data-flash=closed]')").await?;
    desk.resize(360, 740).await?;
    let width: u32 = desk.ask("return document.documentElement.scrollWidth").await?;
    ensure!(width <= 360, "on a phone the ticket is {width} pixels wide");
    desk.has_no_complaints(false).await?;
    // That the note's file is not there is all the merchant's browser may complain of.
    shop.has_no_complaints(true).await?;
    browsers.quit().await?;
    scene.stop()
}

/// From the order's page to the page of the ticket, whose path this answers.
async fn open(scene: &Scene, shop: &Window, order: Uuid, photo: &Path) -> Result<String> {
    shop.goto(&scene.node.url(&format!("/orders/{order}"))).await?;
    shop.click(".page__tools a[href^='/support/new']").await?;
    shop.is_at("/support/new?about=order").await?;
    shop.until("the order's card is there", "document.querySelector('.headline [data-flash=processing]')").await?;
    shop.type_into("#text", "One box is wet.").await?;
    shop.type_into("#files", &photo.display().to_string()).await?;
    shop.click("form[action='/support'] button").await?;
    shop.until("the ticket is open", "location.search.includes('said=ticket_opened')").await?;
    let said = shop.texts("#thread .entry__text").await?;
    ensure!(said == ["One box is wet."], "the thread says {said:?}");
    shop.path().await
}

/// The merchant sees that the question was read, that somebody writes, and then what; staff see that it was read.
async fn answer(desk: &Window, shop: &Window) -> Result<()> {
    let seen = "document.getElementById('thread').innerText.includes('Seen by staff')";
    shop.until("the merchant sees that staff have read it", seen).await?;
    desk.type_into("#reply", "We send another.").await?;
    let writes = "document.getElementById('here').innerText.includes('is writing')";
    shop.until("the merchant sees that somebody writes", writes).await?;
    desk.click("form[action$='/messages'] button").await?;
    desk.until("it was sent", "location.search.includes('said=ticket_said')").await?;
    let said = "document.getElementById('thread').innerText.includes('We send another.')";
    shop.until("the merchant reads the answer", said).await?;
    let seen = "document.getElementById('thread').innerText.includes('Seen by the merchant')";
    desk.until("the desk sees that the merchant has", seen).await?;
    shop.until("and that it is answered", "document.querySelector('.headline [data-flash=answered]')").await
}

async fn note(desk: &Window, photo: &Path) -> Result<()> {
    desk.click("details.fold > summary").await?;
    desk.type_into("#note", NOTE).await?;
    desk.type_into("#note-files", &photo.display().to_string()).await?;
    desk.click("form[action$='/notes'] button").await?;
    desk.until("it was noted", "location.search.includes('said=ticket_noted')").await?;
    desk.shows(".entry--note .entry__text", NOTE).await
}

/// From the thread to the shop, and back to both pages.
async fn set_the_order(scene: &Scene, desk: &Window, shop: &Window, remote_id: &str) -> Result<()> {
    desk.click("#act-status option[value=completed]").await?;
    desk.click("#acts form:has(#act-status) button").await?;
    desk.until("it is on its way", "location.search.includes('said=ticket_acted')").await?;
    let card = "document.querySelector('#card [data-flash=completed]')";
    for window in [desk, shop] {
        window.until("the card is that of a completed order", card).await?;
    }
    let told = "document.getElementById('thread').innerText.includes('set the order to')";
    shop.until("the thread says who did it", told).await?;
    let id: u64 = remote_id.parse()?;
    until(PATIENCE, "the shop's order is completed", || async {
        let orders = scene.sim.records(1, "orders").await?;
        Ok(orders.iter().any(|order| order["id"] == id && order["status"] == "completed"))
    })
    .await
}

/// Not in a frame, not on the page, not in an answer, and not as a file.
async fn nothing_of_the_note_is_seen(scene: &Scene, shop: &Window, page: &str) -> Result<()> {
    let row = scene.admin.query_one("SELECT id FROM ticket_note WHERE text = $1", &[&NOTE]).await?;
    let id: Uuid = row.get(0);
    let file: Uuid =
        scene.admin.query_one("SELECT id FROM attachment WHERE carrier_id = $1 AND for_staff", &[&id]).await?.get(0);
    ensure!(!shop.frames().await?.is_empty(), "the merchant's page was told by its socket");
    let api = page.replace("/support/", "/api/v1/support/tickets/");
    let seen: Value = shop
        .ask(&format!(
            "const text = (path) => {{
                const request = new XMLHttpRequest();
                request.open('GET', path, false);
                request.send();
                return request.status + request.responseText;
            }};
            return [JSON.stringify(window.__frames), document.documentElement.outerHTML, text('{page}'), text('{api}'),
                text('/support'), text('/notices')];"
        ))
        .await?;
    let (id, file) = (id.to_string(), file.to_string());
    for secret in [NOTE, &id, &file] {
        ensure!(!seen.to_string().contains(secret), "{secret} is in {seen}");
    }
    let missing: u16 = shop
        .ask(&format!(
            "const request = new XMLHttpRequest();
            request.open('GET', '/attachments/{file}', false);
            request.send();
            return request.status;"
        ))
        .await?;
    ensure!(missing == 404, "the note's file is answered {missing}");
    let frames = seen.get(0).and_then(Value::as_str).context("frames were recorded")?;
    ensure!(frames.contains("card-beat"), "the page was told that the order has changed");
    Ok(())
}
