//! The network ends between a commit and its answer: nobody knows what became of it, and all must come out as if everybody had known.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, StatusCode};
use serde_json::json;
use storewire_testkit::fault_proxy::{CutRule, Faults, Place, Way};
use uuid::Uuid;

use super::{Lab, PATIENCE};
use crate::{
    node,
    person::{self, Person},
};

/// The night's chaos makes more of them.
const CUTS: usize = 120;
const WISHES: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn d7_commits_whose_answers_are_lost_have_exactly_one_effect_each() -> Result<()> {
    // A change whose sending was noted and nothing more may still be under way for so long.
    let lab = Lab::open(2, &[("OUTBOX_SETTLE", "3s")]).await?;
    let node = &lab.intake.node;
    node.create_user("admin@example.com", "platform-admin", None)?;
    let token = Person::log_in(node, "admin@example.com").await?.token;
    let orders = "SELECT id FROM orders WHERE deleted_at IS NULL AND trashed_at IS NULL ORDER BY id";

    lab.wire.set(Faults {
        cut: CutRule {
            part: 0.12,
            holding: b"COMMIT\0".to_vec(),
            places: vec![Place::BeforeRequest, Place::AfterRequest],
            ways: vec![Way::Close, Way::Reset],
        },
        ..Faults::default()
    });
    lab.trade(30.0);
    let mut promised = BTreeSet::new();
    for number in 0..WISHES {
        // Shops that trade throw orders away.
        let kept: Vec<Uuid> = lab.intake.admin.query(orders, &[]).await?.iter().map(|row| row.get(0)).collect();
        let order = kept.get(number % kept.len().max(1)).context("nothing to note on")?;
        promised.extend(ask(&node.url(&format!("/api/v1/orders/{order}")), &token, number).await?);
    }
    let cuts = || lab.wire.cuts();
    lab.intake.until("commits were cut often enough", async || Ok(cuts().len() >= CUTS)).await?;
    lab.wire.set(Faults::default());
    let after = cuts().iter().filter(|cut| cut.place == Place::AfterRequest).count();
    println!("{} commits were cut, {after} of them after they had happened; {WISHES} wishes", cuts().len());
    ensure!(after > CUTS / 5 && after < cuts().len() * 4 / 5, "one way only");

    ensure!(promised.len() == WISHES, "{} intents for {WISHES} wishes", promised.len());
    let open = "SELECT count(*) FROM intent WHERE finished_at IS NULL";
    lab.intake.until("every wish has ended", async || Ok(lab.intake.count(open, &[]).await? == 0)).await?;
    lab.converges(50).await?;
    let promised: Vec<Uuid> = promised.into_iter().collect();
    let writes = storewire_oracle::writes::judge(&node::sim(&lab.intake.fleet), &lab.intake.admin, &promised).await?;
    println!("{}\n{}", writes.doubled, writes.unaccounted);
    ensure!(writes.doubled.holds() && writes.unaccounted.holds(), "{}\n{}", writes.doubled, writes.unaccounted);
    // An order may be thrown away between a wish and its write: then it fails, and says so.
    let done = lab.intake.count("SELECT count(*) FROM intent WHERE state = 'done'", &[]).await?;
    println!("{done} of them granted");
    ensure!(done >= i64::try_from(WISHES / 5)?, "hardly a wish was granted: {done}");
    Ok(())
}

/// Asks with one key until the answer is yes; the intents that were promised.
async fn ask(url: &str, token: &str, number: usize) -> Result<Vec<Uuid>> {
    let client = Client::new();
    // A note is added whatever else happens to its order: were it written twice, it would be there twice.
    let body = json!({ "note": { "text": format!("wish {number}"), "for_customer": false } }).to_string();
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        let request = client.patch(url).bearer_auth(token).header("idempotency-key", format!("wish-{number}"));
        let request = request.header("content-type", "application/json").body(body.clone());
        let answer = person::read(request).await?;
        if answer.status == StatusCode::ACCEPTED {
            let said = answer.json()?;
            let intents = said["intents"].as_array().context("intents")?;
            return intents.iter().map(|one| Ok(one["id"].as_str().context("an id")?.parse()?)).collect();
        }
        // Not written down, or nobody knows; or the first try is still under way.
        let may_ask_again = answer.status == StatusCode::SERVICE_UNAVAILABLE || answer.status == StatusCode::CONFLICT;
        ensure!(may_ask_again, "a lost commit was answered with {}: {}", answer.status, answer.text);
        ensure!(std::time::Instant::now() < deadline, "never taken: {} {}", answer.status, answer.text);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
