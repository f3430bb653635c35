//! Customers: their tags, their orders in all stores of their merchant, and what those and others add up to.

mod buyers;
mod sums;

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_db::{
    Db, OrderFilter, Sent, bootstrap,
    customers::{self, CustomerFilter, tags},
    orders::{self, Lines, OrderWrite},
};
use storewire_domain::{Address, Customer, Order, OrderId, ReadScope, RemoteId};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::{
    plans,
    shop::{self, Shop, now},
};

const STAFF: ReadScope = ReadScope::Platform { stores: None };
const SENT: Sent<'static> = Sent { raw: "{}", content_hash: [0; 32], read_at: None };

fn customer(remote_id: u64, email: &str) -> Customer {
    Customer {
        remote_id: RemoteId::from(remote_id),
        email: email.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: format!("No {remote_id}"),
        username: String::new(),
        role: "customer".to_owned(),
        created_at: None,
        modified_at: None,
        billing: Address::default(),
        shipping: Address::default(),
    }
}

async fn keep(db: &Db, shop: &Shop, customer: &Customer) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let tx = db.tenant(shop.tenant).await?;
    customers::upsert(&tx, shop.store, id, customer, SENT, now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// An order of 100 that was sold at that moment.
fn order(remote_id: u64, sold: Timestamp) -> Order {
    Order {
        remote_id: RemoteId::from(remote_id),
        parent_remote_id: None,
        number: remote_id.to_string(),
        status: "completed".to_owned(),
        currency: "TRY".to_owned(),
        created_at: Some(sold),
        modified_at: Some(sold),
        paid_at: None,
        completed_at: None,
        total: Decimal::ONE_HUNDRED,
        total_tax: Decimal::ZERO,
        shipping_total: Decimal::ZERO,
        discount_total: Decimal::ZERO,
        customer_remote_id: None,
        billing: Address::default(),
        shipping: Address::default(),
        payment_method: String::new(),
        payment_method_title: String::new(),
        transaction_id: String::new(),
        customer_note: String::new(),
        created_via: String::new(),
        lines: Vec::new(),
        refunds: Vec::new(),
        parcels: Vec::new(),
    }
}

fn by(email: &str, order: Order) -> Order {
    Order { billing: Address { email: email.to_owned(), ..Address::default() }, ..order }
}

async fn sell(db: &Db, shop: &Shop, sold: &[Order]) -> Result<Vec<OrderId>> {
    let write = |order| OrderWrite {
        id: OrderId::fresh(),
        order,
        sent: SENT,
        lines_hash: [0; 32],
        trashed_at: None,
        lines: Lines::New,
        has_refunds: true,
    };
    let writes: Vec<OrderWrite<'_>> = sold.iter().map(write).collect();
    let tx = db.tenant(shop.tenant).await?;
    orders::upsert(&tx, shop.store, &writes, now()).await?;
    tx.commit().await?;
    Ok(writes.iter().map(|write| write.id).collect())
}

#[tokio::test]
async fn a_customers_orders_are_those_of_the_account_and_of_the_address_in_all_stores_of_the_merchant() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let tea = shop::add(db, coffee.tenant, "tea").await?;
    let rival = shop::open(db, "rival").await?;
    let ada = keep(db, &coffee, &customer(7, "Ada@example.org")).await?;
    let silent = keep(db, &coffee, &customer(8, "")).await?;
    let account = Order { customer_remote_id: Some(RemoteId::from(7)), ..order(1, now()) };
    let own =
        sell(db, &coffee, &[account, by("ada@example.org", order(2, now())), by("bo@example.org", order(3, now()))])
            .await?;
    let namesake = Order { customer_remote_id: Some(RemoteId::from(7)), ..order(1, now()) };
    let elsewhere = sell(db, &tea, &[by("Ada@example.org", order(2, now())), namesake]).await?;
    sell(db, &rival, &[by("Ada@example.org", order(2, now()))]).await?;

    for (scope, wanted) in [
        (ReadScope::Tenant(coffee.tenant), vec![own[0], own[1], elsewhere[0]]),
        (STAFF, vec![own[0], own[1], elsewhere[0]]),
        (ReadScope::Platform { stores: Some(vec![coffee.store]) }, vec![own[0], own[1]]),
    ] {
        let tx = db.read(&scope).await?;
        let detail = customers::find(&tx, ada).await?.context("the customer is there")?;
        let filter = OrderFilter { buyer: Some(detail.summary.buyer()), ..OrderFilter::default() };
        let listed = orders::list(&tx, &filter).await?;
        let nobody = customers::find(&tx, silent).await?.context("the other too")?;
        tx.commit().await?;
        for mut found in [detail.orders, listed].map(|all| all.iter().map(|one| one.id).collect::<Vec<_>>()) {
            found.sort_unstable();
            let mut wanted = wanted.clone();
            wanted.sort_unstable();
            ensure!(found == wanted, "{scope:?}: {found:?}");
        }
        ensure!(nobody.orders.is_empty(), "no address is nobody's");
    }
    Ok(())
}

#[tokio::test]
async fn a_buyers_orders_are_found_by_two_indexes_among_many() -> Result<()> {
    let test = TestDb::create().await?;
    let coffee = shop::open(test.db(), "coffee").await?;
    sell(test.db(), &coffee, &[order(1, now())]).await?;
    sell(test.db(), &shop::open(test.db(), "tea").await?, &[order(1, now())]).await?;
    let columns: Vec<String> = test
        .admin()
        .await?
        .query("SELECT attname::text FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let value = |column: &String| match column.as_str() {
        "id" => "gen_random_uuid()".to_owned(),
        "remote_id" | "customer_remote_id" => "'r' || n".to_owned(),
        "customer_email" => "n || '@example.org'".to_owned(),
        "created_at" => "created_at - n * interval '1 minute'".to_owned(),
        other => other.to_owned(),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let fill = format!(
        "INSERT INTO orders ({}) SELECT {} FROM orders, generate_series(1, 4000) AS n; ANALYZE orders",
        columns.join(", "),
        values.join(", ")
    );
    let admin = test.admin().await?;
    admin.batch_execute(&fill).await?;
    // Whatever somebody typed at the till.
    let long =
        "UPDATE orders SET customer_email = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 200) AS n)
        WHERE remote_id = 'r1'";
    ensure!(admin.execute(long, &[]).await? > 0);
    let client = bootstrap::connect(&test.app_url().parse()?, &test.drivers()).await?;
    let (tenant, store) = (coffee.tenant, coffee.store);
    let query = format!(
        "SELECT id FROM orders WHERE tenant_id = '{tenant}' AND trashed_at IS NULL AND deleted_at IS NULL \
         AND ((store_id = '{store}' AND customer_remote_id = 'r7') \
         OR (customer_email = ANY (ARRAY['9@example.org', '8@example.org']) AND customer_email <> '')) \
         ORDER BY created_at DESC, id DESC LIMIT 50"
    );
    let scope = format!("SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{tenant}'");
    let plan = plans::of(&client, &scope, &query).await?;
    ensure!(plan.contains("orders_of_buyer") && plan.contains("orders_of_customer"), "{plan}");
    Ok(())
}

#[tokio::test]
async fn tags_are_each_once_and_lists_are_narrowed_to_them() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db();
    let coffee = shop::open(db, "coffee").await?;
    let rival = shop::open(db, "rival").await?;
    let anna = shop::anna(db).await?;
    let ada = keep(db, &coffee, &customer(7, "ada@example.org")).await?;
    let bo = keep(db, &coffee, &customer(8, "bo@example.org")).await?;
    let other = keep(db, &rival, &customer(7, "ada@example.org")).await?;
    for (shop, of, tag) in
        [(&coffee, ada, "vip"), (&coffee, ada, "wholesale"), (&coffee, bo, "vip"), (&rival, other, "vip")]
    {
        let tx = db.tenant(shop.tenant).await?;
        ensure!(tags::lock(&tx, of).await? == Some(shop.store), "the customer is there");
        ensure!(tags::add(&tx, of, tag, anna, now()).await?, "{tag} is new");
        ensure!(!tags::add(&tx, of, tag, anna, now()).await?, "{tag} is there");
        tx.commit().await?;
    }
    let tx = db.tenant(coffee.tenant).await?;
    ensure!(tags::lock(&tx, other).await?.is_none(), "another tenant's customer is not there");
    ensure!(tags::of(&tx, ada).await? == ["vip", "wholesale"]);
    ensure!(!tags::remove(&tx, other, "vip").await?, "another tenant's tag was taken off");
    tx.commit().await?;

    let tx = db.read(&ReadScope::Tenant(coffee.tenant)).await?;
    let tagged = |tag: &str| CustomerFilter { tag: Some(tag.to_owned()), ..CustomerFilter::default() };
    let listed = customers::list(&tx, &tagged("wholesale")).await?;
    ensure!(listed.iter().map(|one| one.id).collect::<Vec<_>>() == [ada] && listed[0].tags == ["vip", "wholesale"]);
    ensure!(customers::list(&tx, &tagged("vip")).await?.len() == 2);
    let all = tags::all(&tx, 10).await?;
    ensure!(all == [("vip".to_owned(), 2), ("wholesale".to_owned(), 1)], "{all:?}");
    tx.commit().await?;
    let tx = db.read(&ReadScope::Platform { stores: Some(vec![rival.store]) }).await?;
    ensure!(tags::all(&tx, 10).await? == [("vip".to_owned(), 1)]);
    tx.commit().await?;

    let tx = db.tenant(coffee.tenant).await?;
    ensure!(tags::remove(&tx, ada, "vip").await? && !tags::remove(&tx, ada, "vip").await?);
    let wrong = tags::add(&tx, ada, &"x".repeat(41), anna, now()).await;
    ensure!(wrong.is_err_and(|error| error.constraint() == Some("customer_tag_is_a_word")));
    Ok(())
}
