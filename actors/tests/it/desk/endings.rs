//! A request ends as its write does.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storewire_actors::desk::RefusalKind;
use storewire_domain::{RemoteId, request::RequestState};
use uuid::Uuid;

use super::{ABSOLUTE, Office, refused};
use crate::push::note;

#[actix_web::test]
async fn what_is_approved_is_written_once_and_applied_when_the_store_says_that_it_holds_it() -> Result<()> {
    let office = Office::open().await?;
    let before = office.bench.writes("product", office.product).len();
    let row = office.ask(60).await?;
    ensure!((row.base.clone(), row.about.is_empty()) == (row.current.clone(), false), "{row:?}");
    let approved = office.decide(&row, ABSOLUTE).await?;
    ensure!(approved.decided_edit.is_some() && approved.intent_id.is_some(), "{approved:?}");
    let applied = office.until(row.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(applied.version == 3 && applied.result == Some(json!({"stock_quantity": "60"})), "{applied:?}");
    ensure!(office.count()? == 60, "the shop counts {}", office.count()?);
    ensure!(office.bench.writes("product", office.product).len() == before + 1);
    ensure!(office.timeline(row.id).await? == ["asked", "approved", "applied"]);
    ensure!(office.way(row.id).await? == ["waiting", "approved", "applied"]);
    ensure!(office.told(row.id, &office.merchant).await? == ["request-approved", "request-applied"]);
    let intent = office.bench.intent(applied.intent_id.context("an intent")?).await?;
    ensure!(intent.cause.request == Some(row.id) && intent.cause.user == office.staff[0].user);
    ensure!(intent.expected == Some(json!({"stock_quantity": "50"})), "what the decider saw is what is demanded");
    let proofs = office.proofs(row.id).await?;
    ensure!(proofs == ["request.ask", "intent.propose", "request.approve", "request.apply"], "{proofs:?}");
    let nobodys = "SELECT count(*) FROM audit WHERE entity_id = $1 AND user_id IS NULL AND action = 'request.apply'";
    ensure!(office.bench.house.count(nobodys, &[&office.entity]).await? == 1, "the engine brought it about");

    // Of a note nothing is expected: it is added to whatever the order holds.
    let order = office.bench.placed_order()?;
    let entity = office.bench.entity("orders", order).await?;
    let wish = office.want(entity, note("fragile"));
    let row = office.desk().ask(Uuid::now_v7(), office.merchant.clone(), wish).await?;
    office.decide(&row, ABSOLUTE).await?;
    let applied = office.until(row.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(applied.base == storewire_domain::intent::Fields::default());
    office.bench.house.converges().await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_could_not_be_written_may_be_decided_again_on_what_the_store_holds() -> Result<()> {
    let office = Office::with(|config| config.pull_interval = std::time::Duration::from_secs(600)).await?;
    let row = office.ask(60).await?;
    // Nobody has heard of it: the precondition finds it.
    office.set_silently(44).await;
    office.decide(&row, ABSOLUTE).await?;
    let failed = office.until(row.id, "failed", |row| row.state == RequestState::Failed).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(failed.result == Some(json!({"stock_quantity": "44"})) && office.count()? == 44);
    ensure!(office.told(row.id, &office.merchant).await? == ["request-approved", "request-failed"]);
    let intent = office.bench.intent(failed.intent_id.context("an intent")?).await?;
    ensure!(!office.bench.house.engine().retry_intent(&intent, office.staff[0].user).await?, "sent on old numbers");

    let (desk, ada) = (office.desk(), office.staff[0].clone());
    let own = super::Hand { class: storewire_domain::RoleClass::Staff, ..office.merchant.clone() };
    let refusal = desk.reopen(Uuid::now_v7(), own, office.at(&failed)).await;
    refused(refusal, "four_eyes", RefusalKind::Forbidden)?;
    refused(desk.reopen(Uuid::now_v7(), ada.clone(), office.at(&row)).await, "changed", RefusalKind::Outdated)?;
    let deed = Uuid::now_v7();
    let open = desk.reopen(deed, ada.clone(), office.at(&failed)).await?;
    ensure!(desk.reopen(deed, ada, office.at(&failed)).await?.version == open.version, "reopened twice by one deed");
    ensure!((open.state, open.intent_id) == (RequestState::Waiting, None) && open.stale_at.is_some(), "{open:?}");
    let held = serde_json::to_value(&open.current)?;
    ensure!(held == json!({"stock_quantity": "44"}), "{held}");
    office.decide(&open, super::RELATIVE).await?;
    office.until(row.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(office.count()? == 54, "ten more than there were, not {}", office.count()?);
    ensure!(office.timeline(row.id).await? == ["asked", "approved", "failed", "reopened", "approved", "applied"]);
    let proofs = office.proofs(row.id).await?.join(" ");
    let approved = "intent.propose request.approve";
    let wanted = format!("request.ask {approved} request.fail request.reopen {approved} request.apply");
    ensure!(proofs == wanted, "{proofs}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_request_whose_intent_is_taken_back_has_failed() -> Result<()> {
    let office = Office::open().await?;
    let store = office.bench.house.row(office.bench.store).await?;
    office.bench.house.engine().pause(&store, office.bench.by).await?;
    let row = office.ask(60).await?;
    let approved = office.decide(&row, ABSOLUTE).await?;
    let intent = office.bench.intent(approved.intent_id.context("an intent")?).await?;
    ensure!(office.bench.house.engine().cancel_intent(&intent, office.staff[1].user).await?, "it was sent");
    let failed = office.row(row.id).await?;
    ensure!((failed.state, failed.reason.as_deref()) == (RequestState::Failed, Some("cancelled")), "{failed:?}");
    ensure!(office.way(row.id).await? == ["waiting", "approved", "failed"]);
    ensure!(intent.remote_id == RemoteId::from(office.product).as_str());
    office.bench.house.close().await;
    Ok(())
}
