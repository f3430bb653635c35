//! What orders add up to, and who did what to one.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use jiff::{Timestamp, civil::date};
use rust_decimal::Decimal;
use storewire_db::{
    audit,
    orders::{self, Sales, SalesFilter},
};
use storewire_domain::{Order, ReadScope, Refund, RemoteId, StoreId, zone::Days};
use storewire_testkit::TestDb;

use super::{STAFF, order, sell};
use crate::shop::{self, now};

#[tokio::test]
async fn sums_are_of_the_stores_own_days_and_of_what_was_sold_and_kept() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let empty = shop::add(db, coffee.tenant, "empty").await?;
    // In Istanbul it is the second of March for three hours longer than in UTC.
    let [early, late]: [Timestamp; 2] = ["2026-03-01T20:59:59Z".parse()?, "2026-03-01T21:00:00Z".parse()?];
    let with = |status: &str, order: Order| Order { status: status.to_owned(), ..order };
    let refund = Refund {
        remote_id: RemoteId::from(90),
        amount: Decimal::new(3050, 2),
        reason: String::new(),
        created_at: None,
        lines: Vec::new(),
    };
    let sold = [
        order(1, early),
        order(2, late),
        with("processing", Order { refunds: vec![refund], ..order(3, late) }),
        with("packed", order(4, late)),
        with("cancelled", order(5, late)),
        with("COMPLETED-ELSEWHERE", order(6, early)),
        Order { currency: "EUR".to_owned(), total: Decimal::from(7), ..order(7, late) },
        Order { currency: "EUR".to_owned(), total: Decimal::MAX, ..order(8, early) },
        Order { currency: "EUR".to_owned(), total: Decimal::MAX, ..order(9, early) },
    ];
    sell(db, &coffee, &sold).await?;
    let second = Days { first: date(2026, 3, 2), last: date(2026, 3, 2) };
    let tx = db.read(&ReadScope::Tenant(coffee.tenant)).await?;
    let sums = orders::sales(&tx, &SalesFilter { store: None, days: Some(second) }, now()).await?;
    let usual = orders::sales(&tx, &SalesFilter { store: Some(coffee.store), days: None }, late).await?;
    tx.commit().await?;
    let sales = |store: StoreId, currency: &str, orders, gross: &str, by: &[(&str, i64)]| -> Result<Sales> {
        let store_name = if store == coffee.store { "coffee" } else { "empty" };
        Ok(Sales {
            store_id: store,
            store_name: store_name.to_owned(),
            currency: currency.to_owned(),
            days: second,
            orders,
            gross: gross.parse()?,
            by_status: by.iter().map(|(status, count)| ((*status).to_owned(), *count)).collect::<BTreeMap<_, _>>(),
        })
    };
    let wanted = [
        sales(coffee.store, "EUR", 1, "7", &[("completed", 1)])?,
        sales(
            coffee.store,
            "TRY",
            3,
            "269.50",
            &[("cancelled", 1), ("completed", 1), ("packed", 1), ("processing", 1)],
        )?,
        sales(empty.store, "TRY", 0, "0", &[])?,
    ];
    ensure!(sums == wanted, "{sums:#?}");
    let [euros, lira] = usual.as_slice() else { anyhow::bail!("{usual:?}") };
    ensure!(euros.gross == Decimal::MAX, "what no amount can hold stops there: {}", euros.gross);
    ensure!((lira.orders, lira.days.last) == (5, date(2026, 3, 2)), "{lira:?}");
    Ok(())
}

#[tokio::test]
async fn an_orders_page_tells_who_did_what_and_a_merchants_scope_cannot_look_staff_up() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let anna = shop::anna(db).await?;
    let id = sell(db, &coffee, &[order(1, now())]).await?[0];
    let tx = db.desk(coffee.tenant).await?;
    for action in ["intent.propose", "desk.charge"] {
        audit::write(&tx, Some(anna), action, Some(id.uuid()), &serde_json::json!({}), now()).await?;
    }
    tx.commit().await?;
    for (scope, wanted) in [
        (STAFF, vec![("desk.charge", Some("Anna")), ("intent.propose", Some("Anna"))]),
        (ReadScope::Tenant(coffee.tenant), vec![("intent.propose", None)]),
    ] {
        let tx = db.read(&scope).await?;
        let order = orders::find(&tx, id).await?.context("the order is there")?;
        tx.commit().await?;
        let told: Vec<_> = order.deeds.iter().map(|deed| (deed.action.as_str(), deed.user_name.as_deref())).collect();
        ensure!(told == wanted, "{told:?}");
    }
    Ok(())
}
