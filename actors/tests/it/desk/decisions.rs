//! Who decides, and that only one does.

use anyhow::{Result, ensure};
use futures_util::future::join_all;
use storewire_actors::desk::RefusalKind;
use storewire_domain::{
    Edit,
    request::{Decision, RequestState},
};
use uuid::Uuid;

use super::{ABSOLUTE, Office, RELATIVE, refused};
use crate::push::stock;

#[actix_web::test]
async fn a_request_is_asked_once_and_only_for_what_makes_sense() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant) = (office.desk(), office.merchant.clone());
    let deed = Uuid::now_v7();
    let first = desk.ask(deed, merchant.clone(), office.wish(60)).await?;
    let again = desk.ask(deed, merchant.clone(), office.wish(60)).await?;
    ensure!(first.id.uuid() == deed && again.id == first.id && first.number == 1, "{again:?}");
    ensure!(office.told(first.id, &office.staff[0]).await? == ["request-asked"]);
    ensure!(office.told(first.id, &office.staff[1]).await? == ["request-asked"]);

    let ask = async |wish| desk.ask(Uuid::now_v7(), merchant.clone(), wish).await;
    let waiting = refused(ask(office.wish(70)).await, "already_asked", RefusalKind::Conflict)?;
    ensure!(waiting["id"] == first.id.to_string() && waiting["number"] == 1, "{waiting}");
    let price = |price: i64| Edit::Price { regular: Some(price.into()), sale: None };
    let odd =
        super::Asked { meaning: storewire_domain::request::Meaning::Relative, ..office.want(office.entity, price(7)) };
    refused(ask(odd).await, "no_meaning", RefusalKind::Unprocessable)?;
    let status = Edit::OrderStatus { status: "completed".to_owned() };
    refused(ask(office.want(office.entity, status)).await, "not_askable", RefusalKind::Unprocessable)?;
    let stranger = ask(office.want(Uuid::now_v7(), stock(7))).await;
    ensure!(matches!(stranger, Err(super::DeskError::NotFound)), "{stranger:?}");
    let negative = ask(office.want(office.entity, stock(-1))).await;
    ensure!(negative.as_ref().is_err_and(|error| error.code() == Some("negative")), "{negative:?}");
    desk.withdraw(Uuid::now_v7(), merchant.clone(), office.at(&first)).await?;
    refused(ask(office.wish(50)).await, "nothing_to_change", RefusalKind::Unprocessable)?;
    let seen = stock(49).wanted();
    let outdated = super::Asked { seen: Some(seen), ..office.wish(60) };
    let now = refused(ask(outdated).await, "changed", RefusalKind::Outdated)?;
    ensure!(
        (&now["base"]["stock_quantity"], &now["current"]["stock_quantity"]) == (&"49".into(), &"50".into()),
        "{now}"
    );
    ensure!(office.bench.house.count("SELECT count(*) FROM request", &[]).await? == 1);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn g7_own_twice_withdrawn_and_old_decisions_are_refused_each_with_its_word() -> Result<()> {
    let office = Office::open().await?;
    let (desk, [ada, bob]) = (office.desk(), office.staff.clone());
    let row = office.ask(60).await?;
    let at = office.at(&row);
    let decide = async |deed, by: &super::Hand, decision, reason: &str| {
        desk.decide(deed, by.clone(), at, decision, reason.to_owned()).await
    };
    refused(decide(Uuid::now_v7(), &office.merchant, ABSOLUTE, "").await, "staff_only", RefusalKind::Forbidden)?;
    // Somebody may be of both sides: their own request is theirs all the same.
    let both = super::Hand { class: storewire_domain::RoleClass::Staff, ..office.merchant.clone() };
    refused(decide(Uuid::now_v7(), &both, ABSOLUTE, "").await, "four_eyes", RefusalKind::Forbidden)?;
    refused(decide(Uuid::now_v7(), &ada, Decision::Reject, "  ").await, "reason_needed", RefusalKind::Unprocessable)?;

    let deed = Uuid::now_v7();
    let rejected = decide(deed, &ada, Decision::Reject, "there is no pallet").await?;
    ensure!((rejected.state, rejected.version) == (RequestState::Rejected, 2));
    ensure!(
        rejected.reason.as_deref() == Some("there is no pallet") && rejected.decided_name.as_deref() == Some("Ada")
    );
    let again = decide(deed, &ada, Decision::Reject, "there is no pallet").await?;
    ensure!(again.version == 2 && office.timeline(row.id).await? == ["asked", "rejected"]);
    let faster = refused(decide(Uuid::now_v7(), &bob, ABSOLUTE, "").await, "already_decided", RefusalKind::Conflict)?;
    ensure!((&faster["state"], &faster["decided_by"]) == (&"rejected".into(), &"Ada".into()), "{faster}");
    ensure!(office.told(row.id, &office.merchant).await? == ["request-rejected"]);

    let taken_back = office.ask(61).await?;
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        let row = desk.withdraw(deed, office.merchant.clone(), office.at(&taken_back)).await?;
        ensure!((row.state, row.version) == (RequestState::Withdrawn, 2));
    }
    refused(office.decide(&taken_back, ABSOLUTE).await, "not_waiting", RefusalKind::Conflict)?;
    let late = desk.withdraw(Uuid::now_v7(), office.merchant.clone(), office.at(&taken_back)).await;
    refused(late, "not_waiting", RefusalKind::Conflict)?;
    let late = desk.reopen(Uuid::now_v7(), ada, office.at(&taken_back)).await;
    refused(late, "not_failed", RefusalKind::Conflict)?;
    ensure!(office.bench.house.count("SELECT count(*) FROM intent WHERE cause ? 'request'", &[]).await? == 0);
    let deeds = "SELECT count(*) FROM audit WHERE action LIKE 'request.%' AND entity_id = $1";
    ensure!(office.bench.house.count(deeds, &[&office.entity]).await? == 4, "asked twice, rejected, withdrawn");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn of_many_who_decide_at_once_one_does_and_the_shop_is_written_to_at_most_once() -> Result<()> {
    let office = Office::open().await?;
    let before = office.bench.writes("product", office.product).len();
    let mut applied = 0;
    for round in 0..9_usize {
        let row = office.ask(100 + i64::try_from(round)?).await?;
        let deeds = (0..12).map(|n| {
            let (desk, at, by) = (office.desk(), office.at(&row), office.staff[n % 2].clone());
            let decision = [ABSOLUTE, Decision::Reject, RELATIVE][(n + round) % 3];
            async move { desk.decide(Uuid::now_v7(), by, at, decision, "no".to_owned()).await }
        });
        let outcomes = join_all(deeds).await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        ensure!(won.len() == 1, "{} decided", won.len());
        for outcome in lost {
            let detail = refused(outcome, "already_decided", RefusalKind::Conflict)?;
            ensure!(detail["decided_by"].is_string(), "{detail}");
        }
        let ended = office.until(row.id, "the request has ended", |row| {
            matches!(row.state, RequestState::Applied | RequestState::Rejected)
        });
        let ended = ended.await?;
        applied += usize::from(ended.state == RequestState::Applied);
        ensure!(office.timeline(row.id).await?.len() == if ended.intent_id.is_some() { 3 } else { 2 });
    }
    let intents = office.bench.house.count("SELECT count(*) FROM intent WHERE cause ? 'request'", &[]).await?;
    ensure!(usize::try_from(intents)? == applied && applied > 0, "{intents} intents, {applied} applied");
    ensure!(office.bench.writes("product", office.product).len() - before == applied);
    office.bench.house.close().await;
    Ok(())
}
