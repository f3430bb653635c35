//! A step of a ticket that comes again after others is answered, and taken no second time.

use anyhow::{Result, ensure};
use storewire_actors::desk::Seen;
use storewire_domain::ticket::{Priority, TicketState};
use uuid::Uuid;

use super::{Office, seen};

#[actix_web::test]
async fn every_step_is_taken_once_by_its_deed_whatever_was_done_since() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let opened = office.open_ticket().await?;
    let deeds = [(); 4].map(|()| Uuid::now_v7());
    let step = async |number: i64, deed: Uuid| {
        let (by, of) = (ada.clone(), Seen { version: number, ..seen(&opened) });
        match number {
            1 => desk.assign(deed, by, of, Some(bob.user)).await,
            2 => desk.prioritise(deed, by, of, Priority::Urgent).await,
            3 => desk.close(deed, by, of).await,
            _ => desk.reopen_ticket(deed, by, of).await,
        }
    };
    for (number, deed) in (1..).zip(deeds) {
        ensure!(step(number, deed).await?.version == number + 1);
    }
    let proofs = "SELECT count(*) FROM audit WHERE entity_id = $1";
    let proofs = async || office.bench.house.count(proofs, &[&opened.id.uuid()]).await;
    let (proven, heard) = (proofs().await?, office.told_of(&opened, &merchant).await?);
    for (number, deed) in (1..).zip(deeds) {
        let again = step(number, deed).await?;
        ensure!((again.state, again.version) == (TicketState::Open, 5), "{number}: {again:?}");
        ensure!((again.priority, again.assignee) == (Priority::Urgent, Some(bob.user)), "{number}: {again:?}");
    }
    ensure!(proven == 5 && proofs().await? == proven, "each is proven once");
    ensure!(office.thread(&opened).await?.len() == 3, "opened, closed and opened again");
    ensure!(office.told_of(&opened, &merchant).await? == heard && heard.len() == 2, "{heard:?}");
    ensure!(office.told_of(&opened, &bob).await? == ["ticket-opened", "ticket-assigned"]);
    office.bench.house.close().await;
    Ok(())
}
