//! A step of a return that comes again after others is answered, and taken no second time.

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use storewire_actors::desk::ReturnStep;
use storewire_domain::returns::{ItemDecision, ReturnState};
use uuid::Uuid;

use super::{Counter, at, decide};

#[actix_web::test]
async fn every_step_is_taken_once_by_its_deed_whatever_was_done_since() -> Result<()> {
    let counter = Counter::open().await?;
    let (desk, ada) = (counter.office.desk(), counter.office.staff[0].clone());
    let mut row = counter.open_return(Decimal::ONE).await?;
    let steps = [
        ReturnStep::Accept,
        ReturnStep::Receive(vec![(1, Decimal::ONE)]),
        decide(ItemDecision::Restock),
        ReturnStep::Close,
    ];
    let before = counter.count()?;
    let mut taken = Vec::new();
    for step in steps {
        let (deed, of) = (Uuid::now_v7(), at(&row));
        row = desk.step_return(deed, ada.clone(), of, step.clone()).await?;
        taken.push((deed, of, step));
        if row.items[0].intent_id.is_some() {
            row = counter.until_restock(row.id, storewire_domain::IntentState::Done).await?;
        }
    }
    let events = "SELECT kind FROM return_event WHERE return_id = $1 ORDER BY at, id";
    let told = counter.texts(events, row.id.uuid()).await?;
    for (deed, of, step) in taken {
        let again = desk.step_return(deed, ada.clone(), of, step.clone()).await?;
        ensure!((again.state, again.version) == (ReturnState::Closed, row.version), "{step:?}: {again:?}");
    }
    ensure!(counter.texts(events, row.id.uuid()).await? == told, "{told:?}");
    let written = "SELECT count(*) FROM intent WHERE cause->>'returned' = $1::uuid::text";
    let written = counter.office.bench.house.count(written, &[&row.id.uuid()]).await?;
    ensure!(written == 1 && counter.count()? == before + 1, "{written} writes");
    let intent = row.items[0].intent_id.context("an intent")?;
    ensure!(counter.office.bench.intent(intent).await?.reason.is_none());
    counter.office.bench.house.close().await;
    Ok(())
}
