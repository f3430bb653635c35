//! Who owns a store's fields: set by the desk alone, version by version, and seen by no other tenant.

use anyhow::{Result, ensure};
use storewire_db::{
    bootstrap,
    ownership::{self, Ownership},
};
use storewire_domain::{
    ReadScope, UserId,
    owner::{OwnedField, Owner, Owners},
};
use storewire_testkit::TestDb;
use tokio_postgres::error::SqlState;

use crate::shop::{self, Shop, now};

struct Cast {
    test: TestDb,
    shop: Shop,
    by: UserId,
}

impl Cast {
    async fn gather() -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open(test.db(), "coffee").await?;
        let by = shop::anna(test.db()).await?;
        Ok(Self { test, shop, by })
    }

    async fn set(&self, owners: &Owners, version: i64) -> Result<Option<i64>> {
        let tx = self.test.db().desk(self.shop.tenant).await?;
        let set = ownership::set(&tx, self.shop.store, owners, version, self.by, now()).await?;
        tx.commit().await?;
        Ok(set)
    }

    async fn held(&self, scope: &ReadScope) -> Result<Ownership> {
        let tx = self.test.db().read(scope).await?;
        let held = ownership::of_store(&tx, self.shop.tenant, self.shop.store).await?;
        tx.commit().await?;
        Ok(held)
    }
}

#[tokio::test]
async fn owners_are_set_on_the_version_that_was_seen_and_every_field_can_be_the_shops() -> Result<()> {
    let cast = Cast::gather().await?;
    let own = ReadScope::Tenant(cast.shop.tenant);
    ensure!(cast.held(&own).await? == Ownership::default(), "nobody has said anything");
    let all = OwnedField::ALL.iter().fold(Owners::default(), |owners, field| owners.with(*field, Owner::Shop));
    ensure!(cast.set(&all, 7).await?.is_none(), "there is no seventh version yet");
    ensure!(cast.set(&all, 0).await? == Some(1));
    ensure!(cast.set(&Owners::default(), 0).await?.is_none(), "who saw nothing overwrites something");
    ensure!(cast.held(&own).await? == Ownership { owners: all.clone(), version: 1 });
    ensure!(cast.set(&Owners::default(), 1).await? == Some(2) && cast.set(&all, 1).await?.is_none());
    ensure!(cast.held(&own).await? == Ownership { owners: Owners::default(), version: 2 });
    Ok(())
}

#[tokio::test]
async fn two_who_say_the_first_word_about_a_store_at_once_are_one_too_many() -> Result<()> {
    let cast = Cast::gather().await?;
    let price = Owners::default().with(OwnedField::Price, Owner::Shop);
    let stock = Owners::default().with(OwnedField::Stock, Owner::Shop);
    let (one, other) = tokio::join!(cast.set(&price, 0), cast.set(&stock, 0));
    let set = [one?, other?];
    ensure!(set.iter().flatten().count() == 1, "{set:?}");
    let expected = if set[0].is_some() { price } else { stock };
    ensure!(cast.held(&ReadScope::Everything).await?.owners == expected);
    Ok(())
}

#[tokio::test]
async fn only_the_desk_sets_owners_and_no_tenant_sees_anothers() -> Result<()> {
    let cast = Cast::gather().await?;
    let owners = Owners::default().with(OwnedField::Price, Owner::Shop);
    ensure!(cast.set(&owners, 0).await? == Some(1));
    let other = shop::open(cast.test.db(), "outdoor").await?;
    ensure!(cast.held(&ReadScope::Tenant(other.tenant)).await? == Ownership::default(), "another tenant reads them");
    ensure!(cast.held(&ReadScope::Platform { stores: None }).await?.owners == owners);
    let tx = cast.test.db().desk(other.tenant).await?;
    ensure!(ownership::set(&tx, cast.shop.store, &owners, 1, cast.by, now()).await?.is_none(), "and changes them");
    drop(tx);

    let client = bootstrap::connect(&cast.test.app_url().parse()?, &cast.test.drivers()).await?;
    for (role, statement) in [
        ("sw_tenant", "UPDATE store_ownership SET shop_fields = '{}'"),
        ("sw_tenant", "DELETE FROM store_ownership"),
        ("sw_desk", "DELETE FROM store_ownership"),
        ("sw_platform", "UPDATE store_ownership SET shop_fields = '{}'"),
    ] {
        let scope = format!("BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '{}'", cast.shop.tenant);
        client.batch_execute(&scope).await?;
        let refused = client.batch_execute(statement).await.err().and_then(|error| error.code().cloned());
        client.batch_execute("ROLLBACK").await?;
        ensure!(refused == Some(SqlState::INSUFFICIENT_PRIVILEGE), "{role} may {statement}: {refused:?}");
    }
    let scope = format!("BEGIN; SET LOCAL ROLE sw_desk; SET LOCAL app.tenant = '{}'", cast.shop.tenant);
    client.batch_execute(&scope).await?;
    let unknown = client.batch_execute("UPDATE store_ownership SET shop_fields = '{product.colour}'").await;
    ensure!(unknown.err().and_then(|error| error.code().cloned()) == Some(SqlState::CHECK_VIOLATION));
    Ok(())
}
