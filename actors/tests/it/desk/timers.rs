//! What time brings is found in the rows, whoever was awake.

use std::time::Duration;

use anyhow::{Result, ensure};
use storewire_actors::desk::RefusalKind;
use storewire_domain::request::RequestState;

use super::{ABSOLUTE, Office, refused};

#[actix_web::test]
async fn requests_are_reminded_of_and_expire_by_their_rows_whoever_was_awake() -> Result<()> {
    let office = Office::with(|config| {
        config.desk.interval = Duration::from_millis(50);
        config.desk.idle = Duration::from_millis(100);
        config.desk.request_reminds = vec![Duration::from_millis(100), Duration::from_millis(100)];
        config.desk.request_expires = Duration::from_secs(3);
    })
    .await?;
    let row = office.ask(60).await?;
    office.until(row.id, "reminded of twice", |row| row.reminders == 2).await?;
    // Who sleeps through it finds it done by the row alone.
    office.bench.house.stop().await;
    office.bench.house.start();
    let expired = office.until(row.id, "expired", |row| row.state == RequestState::Expired).await?;
    ensure!(expired.version == 2 && expired.due_at.is_none(), "{expired:?}");
    ensure!(office.timeline(row.id).await? == ["asked", "reminded", "reminded", "expired"]);
    let proofs = office.proofs(row.id).await?;
    ensure!(proofs == ["request.ask", "request.remind", "request.remind", "request.expire"], "{proofs:?}");
    for staff in &office.staff {
        ensure!(office.told(row.id, staff).await? == ["request-asked", "request-reminded", "request-reminded"]);
    }
    ensure!(office.told(row.id, &office.merchant).await? == ["request-expired"]);
    refused(office.decide(&row, ABSOLUTE).await, "not_waiting", RefusalKind::Conflict)?;
    office.bench.house.close().await;
    Ok(())
}
