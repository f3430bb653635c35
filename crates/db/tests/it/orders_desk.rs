//! Work around orders: what merchants' scopes have no right to, what the schema refuses, and what a bulk keeps.

use anyhow::{Context as _, Result, ensure};
use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    bootstrap,
    bulks::{self, NewBulkRow},
    orders::{self, Buyer, NewCharge, NewShare, OrderFilter},
    stores,
};
use storewire_domain::{Edit, OrderId, ReadScope, StoreId, TenantId, UserId};
use storewire_testkit::TestDb;
use tokio_postgres::error::SqlState;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

struct Cast {
    test: TestDb,
    shop: Shop,
    order: OrderId,
    by: UserId,
}

impl Cast {
    async fn gather() -> Result<Self> {
        Self::gather_in(TenantId::fresh()).await
    }

    /// A shop of this tenant with an order.
    async fn gather_in(tenant: TenantId) -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open_in(test.db(), tenant, "coffee").await?;
        let by = shop::anna(test.db()).await?;
        let order = shop::order(&test, &shop, "processing").await?;
        Ok(Self { test, shop, order, by })
    }

    async fn charge(&self, id: Uuid) -> Result<bool> {
        let tx = self.test.db().desk(self.shop.tenant).await?;
        let new = NewCharge {
            id,
            order: self.order,
            label: "Wrapping",
            amount: 5.into(),
            currency: "TRY",
            by: self.by,
            by_name: "Anna",
        };
        let is_new = orders::add_charge(&tx, &new, now()).await?;
        tx.commit().await?;
        Ok(is_new)
    }

    async fn share(&self, id: Uuid, digest: &[u8; 32], by: UserId, expires_at: Timestamp) -> Result<bool> {
        let tx = self.test.db().desk(self.shop.tenant).await?;
        let new = NewShare { id, order: self.order, digest, by, by_name: "Anna", expires_at };
        let is_made = orders::make_share(&tx, &new, now()).await?;
        tx.commit().await?;
        Ok(is_made)
    }
}

fn in_days(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_merchants_scope_has_no_right_on_charges_and_a_link_shows_its_columns_only() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = Uuid::now_v7();
    ensure!(cast.charge(id).await? && !cast.charge(id).await?, "one id, two charges");
    ensure!(cast.share(Uuid::now_v7(), &[7; 32], cast.by, in_days(7)).await?);
    let tx = cast.test.db().platform().await?;
    ensure!(orders::charges(&tx, cast.shop.tenant, cast.order).await?.len() == 1);
    tx.commit().await?;
    let tx = cast.test.db().read(&ReadScope::Tenant(cast.shop.tenant)).await?;
    ensure!(orders::charges(&tx, cast.shop.tenant, cast.order).await.is_err(), "a merchant's scope reads charges");
    drop(tx);

    let client = bootstrap::connect(&cast.test.app_url().parse()?, &cast.test.drivers()).await?;
    for (role, statements) in [
        (
            "sw_tenant",
            &[
                "SELECT 1 FROM order_charge",
                "SELECT count(*) FROM orders LEFT JOIN order_charge ON order_charge.order_id = orders.id",
                "UPDATE order_charge SET ended_at = now(), ended_by = made_by",
                "SELECT token_digest FROM order_share",
                "SELECT order_share FROM order_share",
                "UPDATE order_share SET looks = 0",
                "DELETE FROM order_share",
            ][..],
        ),
        ("sw_desk", &["UPDATE order_charge SET amount = 1", "DELETE FROM order_charge"][..]),
        ("sw_platform", &["SELECT token_digest FROM order_share", "UPDATE order_share SET expires_at = now()"][..]),
    ] {
        for statement in statements {
            let scope = format!("BEGIN; SET LOCAL ROLE {role}; SET LOCAL app.tenant = '{}'", cast.shop.tenant);
            client.batch_execute(&scope).await?;
            let refused = client.batch_execute(statement).await.err().and_then(|error| error.code().cloned());
            client.batch_execute("ROLLBACK").await?;
            ensure!(refused == Some(SqlState::INSUFFICIENT_PRIVILEGE), "{role} may {statement}: {refused:?}");
        }
    }
    let other = shop::open(cast.test.db(), "outdoor").await?;
    let tx = cast.test.db().desk(other.tenant).await?;
    ensure!(!orders::end_charge(&tx, cast.order, id, cast.by, now()).await?, "another tenant takes it back");
    ensure!(orders::held(&tx, cast.order).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_link_opens_its_order_while_it_is_good_and_counts_each_look() -> Result<()> {
    let cast = Cast::gather().await?;
    let (id, until) = (Uuid::now_v7(), in_days(1));
    ensure!(cast.share(id, &[7; 32], cast.by, until).await?);
    let db = cast.test.db();
    let (order, ends) = orders::shared(db, &[7; 32], now()).await?.context("it opens")?;
    ensure!((order.number.as_str(), ends) == ("1041", until));
    // The same command again gives it a new address; nobody else's does.
    ensure!(cast.share(id, &[8; 32], cast.by, in_days(7)).await?);
    ensure!(orders::shared(db, &[7; 32], now()).await?.is_none(), "two addresses open");
    ensure!(orders::shared(db, &[8; 32], now()).await?.is_some_and(|(_, ends)| ends == until));
    let stranger = UserId(Uuid::now_v7());
    ensure!(cast.share(id, &[9; 32], stranger, until).await.is_ok_and(|is_made| !is_made), "a stranger's command");
    ensure!(orders::shared(db, &[8; 32], until).await?.is_none(), "it outlives its end");

    let tx = db.platform().await?;
    let links = orders::shares(&tx, cast.shop.tenant, cast.order).await?;
    tx.commit().await?;
    ensure!(links.len() == 1 && links[0].looks == 2 && links[0].is_good(now()) && !links[0].is_good(until));
    let tx = db.desk(cast.shop.tenant).await?;
    ensure!(orders::revoke_share(&tx, cast.order, id, cast.by, now()).await?);
    ensure!(!orders::revoke_share(&tx, cast.order, id, cast.by, now()).await?, "revoked twice");
    tx.commit().await?;
    ensure!(orders::shared(db, &[8; 32], now()).await?.is_none(), "it is revoked");
    let too_long = cast.share(Uuid::now_v7(), &[1; 32], cast.by, in_days(32)).await;
    ensure!(too_long.is_err(), "a link for more than a month");
    Ok(())
}

#[tokio::test]
async fn every_link_is_found_by_its_id_and_good_ones_are_listed_before_any_that_was_revoked() -> Result<()> {
    let cast = Cast::gather().await?;
    let db = cast.test.db();
    let good = Uuid::now_v7();
    ensure!(cast.share(good, &[0; 32], cast.by, in_days(7)).await?);
    // As many newer ones as a list shows, and one more.
    let mut revoked = Vec::new();
    for number in 1..=51 {
        let id = Uuid::now_v7();
        ensure!(cast.share(id, &[number; 32], cast.by, in_days(7)).await?);
        let tx = db.desk(cast.shop.tenant).await?;
        ensure!(orders::revoke_share(&tx, cast.order, id, cast.by, now()).await?);
        tx.commit().await?;
        revoked.push(id);
    }
    let tx = db.platform().await?;
    let links = orders::shares(&tx, cast.shop.tenant, cast.order).await?;
    ensure!(links.len() == 50 && links[0].id == good, "the one that opens is not to be seen");
    for id in [good, revoked[0]] {
        let found = orders::find_share(&tx, cast.shop.tenant, cast.order, id).await?;
        ensure!(found.is_some_and(|link| link.id == id), "a link that no list shows can be ended all the same");
    }
    ensure!(orders::find_share(&tx, cast.shop.tenant, OrderId::fresh(), good).await?.is_none(), "of another order");
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn an_order_is_kept_and_found_whose_buyers_address_is_longer_than_a_tree_of_an_index_takes() -> Result<()> {
    let cast = Cast::gather().await?;
    let long: String = (0..20_000).map(|number| number.to_string()).collect();
    let sql = "UPDATE orders SET customer_email = $2 WHERE id = $1";
    cast.test.admin().await?.execute(sql, &[&cast.order.uuid(), &long]).await?;
    let tx = cast.test.db().read(&ReadScope::Tenant(cast.shop.tenant)).await?;
    let buyer =
        Buyer { tenant: cast.shop.tenant, store: cast.shop.store, remote_id: "7".to_owned(), emails: vec![long] };
    let filter = OrderFilter { buyer: Some(buyer), ..OrderFilter::default() };
    let found = orders::list(&tx, &filter).await?;
    ensure!(found.iter().map(|order| order.id).eq([cast.order]), "{found:?}");
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_link_to_a_rehearsals_order_opens_nothing() -> Result<()> {
    let cast = Cast::gather_in(TenantId::for_rehearsal()).await?;
    ensure!(cast.share(Uuid::now_v7(), &[7; 32], cast.by, in_days(1)).await?);
    ensure!(orders::shared(cast.test.db(), &[7; 32], now()).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_bulk_keeps_what_became_of_each_of_its_records_in_their_order() -> Result<()> {
    let cast = Cast::gather().await?;
    let bulk = Uuid::now_v7();
    let edit = Edit::OrderStatus { status: "completed".to_owned() };
    let row = |position, outcome| NewBulkRow {
        position,
        store: cast.shop.store,
        entity: cast.order.uuid(),
        edit: &edit,
        outcome,
    };
    let tx = cast.test.db().desk(cast.shop.tenant).await?;
    ensure!(!bulks::is_written(&tx, bulk).await?);
    let rows = [row(1, Err("changed")), row(0, Err("illegal_step"))];
    bulks::insert(&tx, bulk, cast.by, &rows, now()).await?;
    ensure!(bulks::is_written(&tx, bulk).await?);
    tx.commit().await?;

    let staff = |stores: Option<Vec<StoreId>>| ReadScope::Platform { stores };
    let words = async |scope: ReadScope| -> Result<Vec<String>> {
        let tx = cast.test.db().read(&scope).await?;
        let rows = bulks::rows(&tx, bulk).await?;
        tx.commit().await?;
        Ok(rows.into_iter().filter_map(|row| row.refusal).collect())
    };
    ensure!(words(staff(None)).await? == ["illegal_step", "changed"]);
    ensure!(words(staff(Some(vec![StoreId::fresh()]))).await?.is_empty(), "staff of another store see it");
    let other = shop::open(cast.test.db(), "outdoor").await?;
    ensure!(words(ReadScope::Tenant(other.tenant)).await?.is_empty(), "another tenant sees it");
    Ok(())
}

#[tokio::test]
async fn forms_know_what_a_store_said_of_its_statuses_and_what_its_orders_have() -> Result<()> {
    let cast = Cast::gather().await?;
    let said = ["completed", "packed"].map(str::to_owned);
    let tx = cast.test.db().tenant(cast.shop.tenant).await?;
    stores::keep_order_statuses(&tx, cast.shop.store, &said).await?;
    tx.commit().await?;
    let tx = cast.test.db().platform().await?;
    ensure!(orders::statuses(&tx, cast.shop.tenant, cast.shop.store).await? == ["completed", "packed", "processing"]);
    ensure!(stores::order_statuses(&tx, None).await? == said);
    ensure!(stores::order_statuses(&tx, Some(StoreId::fresh())).await?.is_empty());
    tx.commit().await?;
    Ok(())
}
