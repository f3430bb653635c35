//! A command that comes again after others were carried out is answered, and changes nothing.

use anyhow::{Context as _, Result, ensure};
use storewire_actors::desk::AtProduct;
use storewire_domain::{
    LetterId, ProductId,
    request::{Decision, RequestState},
};
use storewire_post::Post;
use uuid::Uuid;

use super::{ABSOLUTE, Office};

#[actix_web::test]
async fn a_decision_that_is_repeated_after_others_is_answered_and_made_no_second_time() -> Result<()> {
    let office = Office::with(|config| config.pull_interval = std::time::Duration::from_secs(600)).await?;
    let (desk, [ada, bob]) = (office.desk(), office.staff.clone());
    let row = office.ask(60).await?;
    // Nobody has heard of it: what is approved fails.
    office.set_silently(44).await;
    let [approval, reopening, rejection] = [(); 3].map(|()| Uuid::now_v7());
    let approve = async || desk.decide(approval, ada.clone(), office.at(&row), ABSOLUTE, String::new()).await;
    approve().await?;
    let failed = office.until(row.id, "failed", |row| row.state == RequestState::Failed).await?;
    let reopen = async || desk.reopen(reopening, bob.clone(), office.at(&failed)).await;
    let open = reopen().await?;
    ensure!(approve().await?.state == RequestState::Waiting, "approved twice by one deed");
    let reason = || "there is no pallet".to_owned();
    let reject = async || desk.decide(rejection, ada.clone(), office.at(&open), Decision::Reject, reason()).await;
    let rejected = reject().await?;
    let (told, proofs) = (office.timeline(row.id).await?, office.proofs(row.id).await?);
    for again in [approve().await?, reopen().await?, reject().await?] {
        ensure!((again.state, again.version) == (RequestState::Rejected, rejected.version), "{again:?}");
    }
    ensure!(told == ["asked", "approved", "failed", "reopened", "rejected"], "{told:?}");
    ensure!((office.timeline(row.id).await?, office.proofs(row.id).await?) == (told, proofs));
    let written = "SELECT count(*) FROM intent WHERE cause->>'request' = $1::uuid::text";
    ensure!(office.bench.house.count(written, &[&row.id.uuid()]).await? == 1 && office.count()? == 44);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_level_that_is_set_again_by_its_deed_stays_as_others_have_set_it_since() -> Result<()> {
    let office = Office::open().await?;
    let of = AtProduct { tenant: office.bench.house.tenant, product: ProductId(office.entity) };
    let (desk, deed) = (office.desk(), Uuid::now_v7());
    let first = async || desk.set_level(deed, office.merchant.clone(), of, Some(45.into()), None).await;
    // Of those who say the same at once, one does it.
    for outcome in futures_util::future::join_all((0..4).map(|_| first())).await {
        ensure!(outcome?.version == 1);
    }
    desk.set_level(Uuid::now_v7(), office.staff[0].clone(), of, Some(70.into()), Some(1)).await?;
    let again = first().await?;
    ensure!((again.level, again.version) == (Some(70.into()), 2), "{again:?}");
    let set = "SELECT count(*) FROM audit WHERE entity_id = $1 AND action = 'stock.level'";
    ensure!(office.bench.house.count(set, &[&office.entity]).await? == 2, "each is done once");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_letter_is_sent_again_once_for_each_deed_however_often_it_fails() -> Result<()> {
    let mut office = Office::open().await?;
    let house = &mut office.bench.house;
    house.stop().await;
    house.post = Post::none();
    house.start();
    let (desk, tenant, ada) = (office.desk(), office.bench.house.tenant, office.staff[0].clone());
    let row = office.ask(60).await?;
    office.decide(&row, Decision::Reject).await?;
    let house = &office.bench.house;
    let failed = "SELECT count(*) FROM letter WHERE state = 'failed'";
    house.count_is(failed, &[], 1).await?;
    let letter = house.admin.query_opt("SELECT id FROM letter", &[]).await?.context("a letter")?;
    let letter = LetterId(letter.try_get(0)?);
    let sent = "SELECT count(*) FROM audit WHERE entity_id = $1 AND action = 'letter.send'";
    let [first, second] = [(); 2].map(|()| Uuid::now_v7());
    for (deed, times) in [(first, 1), (first, 1), (second, 2), (first, 2)] {
        ensure!(desk.send_again(deed, ada.clone(), tenant, letter).await?, "it is on its way, or was");
        ensure!(house.count(sent, &[&letter.uuid()]).await? == times, "{deed} was done a second time");
        house.count_is(failed, &[], 1).await?;
    }
    office.bench.house.close().await;
    Ok(())
}
