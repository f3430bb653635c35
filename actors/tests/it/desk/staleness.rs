//! Nobody decides on old numbers.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_actors::desk::RefusalKind;
use storewire_domain::request::RequestState;
use uuid::Uuid;

use super::{ABSOLUTE, Office, RELATIVE, refused};

#[actix_web::test]
async fn a_sale_makes_a_request_stale_and_only_who_has_seen_it_may_approve() -> Result<()> {
    let office = Office::open().await?;
    let row = office.ask(60).await?;
    office.bench.house.fleet.buy(1, Some(office.product), 3).expect("it is for sale");
    let stale = office.until(row.id, "stale", |row| row.stale_at.is_some()).await?;
    ensure!(serde_json::to_value(&stale.current)? == json!({"stock_quantity": "47"}) && stale.version == 2);
    ensure!(serde_json::to_value(&stale.base)? == json!({"stock_quantity": "50"}));

    let detail = refused(office.decide(&row, ABSOLUTE).await, "changed", RefusalKind::Outdated)?;
    ensure!(detail["version"] == 2 && detail["current"] == json!({"stock_quantity": "47"}), "{detail}");
    ensure!(detail["proposed"] == json!({"stock_quantity": "60"}), "{detail}");
    office.decide(&stale, RELATIVE).await?;
    office.until(row.id, "applied", |row| row.state == RequestState::Applied).await?;
    ensure!(office.count()? == 57, "ten more than there were, not {}", office.count()?);
    ensure!(office.timeline(row.id).await? == ["asked", "stale", "approved", "applied"]);
    let moves =
        "SELECT count(*) FROM change WHERE entity_id = $1 AND detail->'current'->1 = '{\"stock_quantity\": \"47\"}'";
    ensure!(office.bench.house.count(moves, &[&row.id.uuid()]).await? == 1, "open pages were told once");
    office.bench.house.converges().await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_request_is_fresh_again_when_the_store_holds_what_its_asker_saw() -> Result<()> {
    let office = Office::open().await?;
    let row = office.ask(60).await?;
    office.bench.carry_out(office.product, crate::push::stock(40)).await?;
    let stale = office.row(row.id).await?;
    ensure!(stale.stale_at.is_some(), "our own write, read back, is news too: {stale:?}");
    office.bench.carry_out(office.product, crate::push::stock(50)).await?;
    let fresh = office.row(row.id).await?;
    ensure!(fresh.stale_at.is_none() && fresh.version == 3 && fresh.current == fresh.base, "{fresh:?}");
    ensure!(office.proofs(row.id).await? == ["request.ask", "request.stale", "request.fresh"]);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_record_that_is_gone_is_not_approved() -> Result<()> {
    let office = Office::open().await?;
    let row = office.ask(60).await?;
    let path = format!("stores/1/products/{}/trash", office.product);
    office.bench.house.fleet.sim("POST", &path, &json!(null)).await;
    let trashed = "SELECT count(*) FROM product WHERE id = $1 AND (trashed_at IS NOT NULL OR deleted_at IS NOT NULL)";
    office.bench.house.count_is(trashed, &[&office.entity], 1).await?;
    ensure!(office.timeline(row.id).await? == ["asked", "stale"]);
    ensure!(office.proofs(row.id).await? == ["request.ask", "request.stale"]);
    let row = office.row(row.id).await?;
    refused(office.decide(&row, ABSOLUTE).await, "gone", RefusalKind::Conflict)?;
    let wish = office.desk().ask(Uuid::now_v7(), office.merchant.clone(), office.wish(70)).await;
    ensure!(matches!(wish, Err(super::DeskError::NotFound)), "{wish:?}");
    office.bench.house.close().await;
    Ok(())
}
