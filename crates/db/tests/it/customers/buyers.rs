//! Who bought an order, found from the order.

use anyhow::{Context as _, Result, ensure};
use storewire_db::{
    OrderFilter,
    orders::{self, Bought},
};
use storewire_domain::{Address, Customer, Order, OrderId, ReadScope, RemoteId};
use storewire_testkit::TestDb;

use super::{STAFF, by, customer, keep, order, sell};
use crate::shop::{self, now};

#[tokio::test]
async fn an_order_leads_to_its_account_and_to_every_address_of_both_in_all_stores_that_the_reader_sees() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let tea = shop::add(db, coffee.tenant, "tea").await?;
    let rival = shop::open(db, "rival").await?;
    let billing = Address { email: "ada@home.example".to_owned(), ..Address::default() };
    let ada = keep(db, &coffee, &Customer { billing, ..customer(7, "Ada@example.org") }).await?;
    let account = |order: Order| Order { customer_remote_id: Some(RemoteId::from(7)), ..order };
    let own =
        [account(by("ada@work.example", order(1, now()))), by("bo@example.org", order(2, now())), order(3, now())];
    let own = sell(db, &coffee, &own).await?;
    let emails = ["ada@work.example", "ada@home.example", "ada@example.org", "bo@example.org", "cem@example.org"];
    let others: Vec<Order> = emails.iter().zip(1..).map(|(email, number)| by(email, order(number, now()))).collect();
    let elsewhere = sell(db, &tea, &others).await?;
    sell(db, &rival, &others).await?;

    let one_store = ReadScope::Platform { stores: Some(vec![coffee.store]) };
    for (scope, tea_too) in [(ReadScope::Tenant(coffee.tenant), true), (STAFF, true), (one_store, false)] {
        let tx = db.read(&scope).await?;
        let of = async |id: OrderId| {
            let summary = orders::summaries(&tx, &[id.uuid()]).await?.pop().context("the order is there")?;
            let Bought { buyer, customer } = orders::buyer(&tx, &summary).await?;
            let filter = OrderFilter { buyer: Some(buyer), ..OrderFilter::default() };
            let mut found: Vec<OrderId> = orders::list(&tx, &filter).await?.iter().map(|order| order.id).collect();
            found.sort_unstable();
            anyhow::Ok((found, customer))
        };
        let sorted = |here: &[OrderId], there: &[OrderId]| {
            let mut all = [here, if tea_too { there } else { &[] }].concat();
            all.sort_unstable();
            all
        };
        ensure!(of(own[0]).await? == (sorted(&own[..1], &elsewhere[..3]), Some(ada)), "the account's, {scope:?}");
        ensure!(of(own[1]).await? == (sorted(&own[1..2], &elsewhere[3..4]), None), "the guest's, {scope:?}");
        ensure!(of(own[2]).await? == (Vec::new(), None), "without an address it is nobody's, {scope:?}");
        tx.commit().await?;
    }
    Ok(())
}
