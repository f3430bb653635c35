//! A thousand requests, each decided by several people at once on two nodes.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use storewire_actors::{Desk, DeskError};
use storewire_domain::request::Decision;
use uuid::Uuid;

use super::{ABSOLUTE, Office};
use crate::push::note;

const REQUESTS: usize = 1_000;
/// Under way at once: each holds a connection while it decides.
const AT_ONCE: usize = 8;

#[actix_web::test]
async fn g7_a_thousand_racing_decisions_have_one_outcome_each_whoever_decides_where() -> Result<()> {
    let office = Office::open().await?;
    let house = &office.bench.house;
    let remote = office.bench.placed_order()?;
    let order = office.bench.entity("orders", remote).await?;
    // What is approved waits: this is about the decision alone.
    house.engine().pause(&house.row(office.bench.store).await?, office.bench.by).await?;
    let first = house.engine();
    house.start();
    let second = house.engine();
    let desks = [first.desk().clone(), second.desk().clone()];

    let races = stream::iter(0..REQUESTS).map(|number| race(&office, &desks, order, number));
    let decided: Vec<usize> = races.buffer_unordered(AT_ONCE).try_collect().await?;
    ensure!(decided.len() == REQUESTS && decided.iter().all(|winners| *winners == 1), "{decided:?}");

    for (what, sql, wanted) in [
        ("ended", "SELECT count(*) FROM request WHERE state IN ('approved', 'rejected', 'withdrawn') AND version = 2", REQUESTS),
        ("decided twice", "SELECT count(*) FROM request_event WHERE kind IN ('approved', 'rejected', 'withdrawn')", REQUESTS),
        (
            "in the audit",
            "SELECT count(*) FROM audit WHERE action IN ('request.approve', 'request.reject', 'request.withdraw')",
            REQUESTS,
        ),
        ("by their asker", "SELECT count(*) FROM request WHERE decided_by = asked_by", 0),
        (
            "approved without an intent of their own, or with another",
            "SELECT count(*) FROM request FULL JOIN (SELECT * FROM intent WHERE cause ? 'request') AS intent
             ON intent.id = request.intent_id WHERE (request.state = 'approved') IS DISTINCT FROM (intent.id IS NOT NULL)",
            0,
        ),
        ("numbered", "SELECT count(DISTINCT number) FROM request WHERE number <= 1000", REQUESTS),
    ] {
        let found = house.count(sql, &[]).await?;
        ensure!(usize::try_from(found)? == wanted, "{found} are {what}, not {wanted}");
    }
    for state in ["approved", "rejected", "withdrawn"] {
        let sql = format!("SELECT count(*) FROM request WHERE state = '{state}'");
        ensure!(house.count(&sql, &[]).await? > 20, "hardly any was {state}: nobody raced");
    }
    first.stop().await;
    house.engine().resume(&house.row(office.bench.store).await?, office.bench.by).await?;
    each_approval_is_one_write(&office, remote).await?;
    office.bench.house.close().await;
    Ok(())
}

/// Waits until the shop has been sent everything that was approved, and compares its own log of writes with that.
async fn each_approval_is_one_write(office: &Office, remote: u64) -> Result<()> {
    const LEFT: &str = "SELECT count(*) FROM request WHERE state = 'approved'";
    let house = &office.bench.house;
    let mut left = house.count(LEFT, &[]).await?;
    // How long they all take is the shop's affair; that it goes on is ours.
    while left > 0 {
        house.until("more is written", || async { Ok(house.count(LEFT, &[]).await? < left) }).await?;
        left = house.count(LEFT, &[]).await?;
    }
    let rows = house.admin.query("SELECT decided_edit->>'text' FROM request WHERE state = 'applied'", &[]).await?;
    let approved: BTreeSet<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let writes = office.bench.writes("note", remote);
    let written: BTreeSet<String> =
        writes.iter().filter_map(|write| Some(write.changed["note"]["to"].as_str()?.to_owned())).collect();
    ensure!(writes.len() == rows.len(), "{} writes for {} approvals", writes.len(), rows.len());
    ensure!(approved.len() == rows.len() && written == approved, "{:?}", written.symmetric_difference(&approved));
    ensure!(house.count("SELECT count(*) FROM request WHERE state = 'failed'", &[]).await? == 0, "a write failed");
    ensure!(house.count("SELECT count(*) FROM intent WHERE finished_at IS NULL", &[]).await? == 0, "one is left");
    Ok(())
}

/// Answers how many deeds were carried out: a repetition of one counts as that one.
async fn race(office: &Office, desks: &[Desk; 2], order: Uuid, number: usize) -> Result<usize> {
    let [here, there] = desks;
    let wish = office.want(order, note(&format!("box {number}")));
    let row = here.ask(Uuid::now_v7(), office.merchant.clone(), wish).await?;
    let (at, [ada, bob]) = (office.at(&row), office.staff.clone());
    let (approval, rejection, withdrawal) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let approve = |desk: &Desk| {
        let (desk, by) = (desk.clone(), ada.clone());
        async move { desk.decide(approval, by, at, ABSOLUTE, String::new()).await }
    };
    let reject = |desk: &Desk| {
        let (desk, by) = (desk.clone(), bob.clone());
        async move { desk.decide(rejection, by, at, Decision::Reject, "no".to_owned()).await }
    };
    let withdraw = |desk: &Desk| {
        let (desk, by) = (desk.clone(), office.merchant.clone());
        async move { desk.withdraw(withdrawal, by, at).await }
    };
    // Whoever comes first to the node that has less to do is mostly the fastest: each of them in turn.
    let (approved, repeated, rejected, withdrawn) = match number % 3 {
        0 => {
            let (rejected, approved, repeated, withdrawn) =
                tokio::join!(biased; reject(there), approve(there), approve(here), withdraw(here));
            (approved, repeated, rejected, withdrawn)
        }
        1 => {
            let (withdrawn, approved, repeated, rejected) =
                tokio::join!(biased; withdraw(there), approve(there), approve(here), reject(here));
            (approved, repeated, rejected, withdrawn)
        }
        _ => tokio::join!(biased; approve(there), approve(here), reject(there), withdraw(here)),
    };
    ensure!(approved.is_ok() == repeated.is_ok(), "one deed, two outcomes: {approved:?}, {repeated:?}");
    let outcomes = [approved, rejected, withdrawn];
    for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        ensure!(is_slower(lost), "{lost:?}");
    }
    Ok(outcomes.iter().filter(|outcome| outcome.is_ok()).count())
}

fn is_slower(error: &DeskError) -> bool {
    matches!(error.code(), Some("already_decided" | "not_waiting"))
}
