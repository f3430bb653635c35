//! Deeds are listed newest first, within the reader's tenants.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_db::audit::{self, AuditFilter};
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;

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
