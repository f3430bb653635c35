//! What staff do from a thread: it is done as elsewhere, and the thread says so.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_actors::{
    DeskError,
    desk::{RefusalKind, TicketAct},
};
use storewire_domain::{
    request::{Meaning, RequestState},
    ticket::{AboutKind, MessageKind, Priority},
};
use uuid::Uuid;

use super::{super::refused, Office, seen, thread};

#[actix_web::test]
async fn a_request_is_approved_from_the_thread_and_both_say_so() -> Result<()> {
    let office = Office::open().await?;
    let (desk, [ada, _]) = (office.desk(), office.staff.clone());
    let (row, request) = (office.open_ticket().await?, office.ask(60).await?);
    let approve = |version| TicketAct::Approve { request: request.id, version, meaning: Meaning::Absolute };
    let late = desk.act(Uuid::now_v7(), ada.clone(), thread(&row), approve(7)).await;
    refused(late, "changed", RefusalKind::Outdated)?;
    let elsewhere = desk.open(Uuid::now_v7(), office.merchant.clone(), office.about(None)).await?;
    let unrelated = desk.act(Uuid::now_v7(), ada.clone(), thread(&elsewhere), approve(1)).await;
    ensure!(matches!(unrelated, Err(DeskError::NotFound)), "{unrelated:?}");
    ensure!(office.thread(&row).await?.len() == 1, "what was refused is in the thread");
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        desk.act(deed, ada.clone(), thread(&row), approve(1)).await?;
    }
    office.until(request.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(office.count()? == 60);
    let entries = office.thread(&row).await?;
    let done = entries.last().context("the action is in the thread")?;
    ensure!(entries.len() == 2 && done.kind == MessageKind::Action && done.detail["request"] == json!(request.id));
    ensure!(done.by_staff && done.by_name == "Ada");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_request_is_rejected_and_a_record_asked_for_again_from_the_thread() -> Result<()> {
    let office = Office::open().await?;
    let (desk, [ada, _]) = (office.desk(), office.staff.clone());
    let (row, request) = (office.open_ticket().await?, office.ask(60).await?);
    let reject = |reason: &str| TicketAct::Reject { request: request.id, version: 1, reason: reason.to_owned() };
    let silent = desk.act(Uuid::now_v7(), ada.clone(), thread(&row), reject(" ")).await;
    refused(silent, "reason_needed", RefusalKind::Unprocessable)?;
    desk.act(Uuid::now_v7(), ada.clone(), thread(&row), reject("there is no pallet")).await?;
    ensure!(office.row(request.id).await?.state == RequestState::Rejected);
    let edit = json!({
        "kind": "products", "ids": [office.product], "fields": {"stock_quantity": 77}, "silent": true,
    });
    office.bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    desk.act(Uuid::now_v7(), ada.clone(), thread(&row), TicketAct::Resync).await?;
    let told: Vec<_> = office.thread(&row).await?.into_iter().map(|entry| entry.detail["action"].clone()).collect();
    ensure!(told == [json!(null), json!("reject"), json!("resync")], "{told:?}");
    let read = "SELECT count(*) FROM product WHERE id = $1 AND stock_quantity::bigint = 77";
    office.bench.house.count_is(read, &[&office.entity], 1).await?;
    let status = TicketAct::OrderStatus { status: "completed".to_owned(), seen: "processing".to_owned() };
    let of_no_order = desk.act(Uuid::now_v7(), ada.clone(), thread(&row), status).await;
    ensure!(matches!(of_no_order, Err(DeskError::NotFound)), "{of_no_order:?}");
    let about = office.about(Some((AboutKind::Store, office.bench.store.uuid())));
    let of_store = desk.open(Uuid::now_v7(), office.merchant.clone(), about).await?;
    desk.act(Uuid::now_v7(), ada.clone(), thread(&of_store), TicketAct::Resync).await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn the_goal_moves_with_the_priority_until_staff_have_answered_and_reading_is_kept_per_person() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let row = office.open_ticket().await?;
    let urgent = desk.prioritise(Uuid::now_v7(), ada.clone(), seen(&row), Priority::Urgent).await?;
    ensure!((urgent.priority, urgent.version) == (Priority::Urgent, 2) && urgent.answer_due_at < row.answer_due_at);
    let late = desk.prioritise(Uuid::now_v7(), ada.clone(), seen(&row), Priority::Low).await;
    let now = refused(late, "changed", RefusalKind::Outdated)?;
    ensure!(now["priority"] == "urgent", "{now}");
    let answered = office.say(&row, &ada, "we look").await?;
    let low = desk.prioritise(Uuid::now_v7(), ada.clone(), seen(&answered), Priority::Low).await?;
    ensure!(low.answer_due_at == urgent.answer_due_at, "what was reached moves no more");

    let unread = async |user| office.has_unread(&row, user).await;
    ensure!(unread(merchant.user).await? && unread(bob.user).await? && !unread(ada.user).await?);
    desk.read(&merchant, thread(&row), low.last_message_at).await?;
    ensure!(!unread(merchant.user).await? && unread(bob.user).await?);
    office.say(&row, &ada, "found it").await?;
    ensure!(unread(merchant.user).await?);
    office.bench.house.close().await;
    Ok(())
}
