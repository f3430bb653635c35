//! Deeds are listed newest first, within the reader's tenants, and found by their ids.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_db::audit::{self, AuditFilter};
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, now};

#[tokio::test]
async fn deeds_are_listed_newest_first_and_only_to_their_own_tenant() -> Result<()> {
    let test = TestDb::create().await?;
    let (coffee, outdoor) = (shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?);
    for (shop, action) in [(&coffee, "store.pause"), (&outdoor, "store.pause"), (&coffee, "store.resume")] {
        let tx = test.db().tenant(shop.tenant).await?;
        audit::write(&tx, None, action, Some(shop.store.uuid()), &json!({}), now()).await?;
        tx.commit().await?;
    }
    let all = AuditFilter { entity: None, before: None, limit: 10 };
    let actions = async |scope: ReadScope, filter: &AuditFilter| {
        let tx = test.db().read(&scope).await?;
        let rows = audit::list(&tx, filter).await?;
        tx.commit().await?;
        anyhow::Ok(rows.into_iter().map(|row| (row.id, row.tenant_id, row.action)).collect::<Vec<_>>())
    };
    let of_coffee = actions(ReadScope::Tenant(coffee.tenant), &all).await?;
    ensure!(of_coffee.iter().map(|(_, _, action)| action.as_str()).eq(["store.resume", "store.pause"]));
    ensure!(of_coffee.iter().all(|(_, tenant, _)| *tenant == coffee.tenant));
    ensure!(actions(ReadScope::Platform { stores: None }, &all).await?.len() == 3);

    let older = AuditFilter { before: Some(of_coffee[0].0), ..all.clone() };
    ensure!(actions(ReadScope::Tenant(coffee.tenant), &older).await?.len() == 1);
    let other = AuditFilter { entity: Some(outdoor.store.uuid()), ..all };
    ensure!(actions(ReadScope::Tenant(coffee.tenant), &other).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_deed_is_found_by_its_id_whatever_was_done_to_the_record_since() -> Result<()> {
    let test = TestDb::create().await?;
    let (coffee, outdoor) = (shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?);
    let (entity, first, second) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let tx = test.db().tenant(coffee.tenant).await?;
    for (deed, action) in [(first, "ticket.close"), (second, "ticket.reopen")] {
        ensure!(!audit::was_done(&tx, action, entity, deed).await?);
        let detail = audit::with_deed(json!({ "version": 1 }), deed);
        ensure!(detail["version"] == 1, "what else tells it is kept: {detail}");
        audit::write(&tx, None, action, Some(entity), &detail, now()).await?;
    }
    ensure!(audit::was_done(&tx, "ticket.close", entity, first).await?, "another was done since");
    ensure!(audit::was_done(&tx, "ticket.reopen", entity, second).await?);
    ensure!(!audit::was_done(&tx, "ticket.reopen", entity, first).await?, "it was something else");
    ensure!(!audit::was_done(&tx, "ticket.close", coffee.store.uuid(), first).await?, "it was done to something else");
    tx.commit().await?;
    let tx = test.db().tenant(outdoor.tenant).await?;
    ensure!(!audit::was_done(&tx, "ticket.close", entity, first).await?, "it is another tenant's");
    tx.commit().await?;
    Ok(())
}
