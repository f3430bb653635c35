//! A tenant with a store, as the tests need it.

use anyhow::Result;
use jiff::Timestamp;
use storewire_db::{
    Db,
    changes::{self, Counted, NewChange},
    identity, leases,
    stores::{self, NewStore},
};
use storewire_domain::{AuthScheme, ChangeKind, OrderId, PlatformRole, Source, StoreId, TenantId, UserId};
use storewire_testkit::TestDb;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

pub struct Shop {
    pub tenant: TenantId,
    pub store: StoreId,
}

pub fn now() -> Timestamp {
    Timestamp::from_second(1_772_366_400).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A fresh tenant with one store.
pub async fn open(db: &Db, name: &str) -> Result<Shop> {
    open_in(db, TenantId::fresh(), name).await
}

/// The same, in a tenant that is yet to be.
pub async fn open_in(db: &Db, tenant: TenantId, name: &str) -> Result<Shop> {
    let tx = db.tenant(tenant).await?;
    identity::create_tenant(&tx, name).await?;
    tx.commit().await?;
    add(db, tenant, name).await
}

/// One more store of a tenant.
pub async fn add(db: &Db, tenant: TenantId, name: &str) -> Result<Shop> {
    let store = StoreId::fresh();
    let tx = db.tenant(tenant).await?;
    let mut digest = [0; 32];
    digest[..16].copy_from_slice(store.uuid().as_bytes());
    let new = NewStore {
        id: store,
        name: name.to_owned(),
        home_url: format!("https://{name}.example"),
        rest_root: format!("https://{name}.example/wp-json/"),
        auth: AuthScheme::Basic,
        plain_http: false,
        timezone: "Europe/Istanbul".to_owned(),
        currency: "TRY".to_owned(),
        decimals: 2,
        woo_version: None,
        hook_token_digest: digest,
        secrets: vec![("webhook_secret", b"sealed".to_vec())],
    };
    stores::insert(&tx, &new, now()).await?;
    tx.commit().await?;
    Ok(Shop { tenant, store })
}

/// One of the platform's admins.
pub async fn anna(db: &Db) -> Result<UserId> {
    let tx = db.auth().await?;
    let anna = identity::create_user(&tx, "anna@example.test", "Anna", "-", Some(PlatformRole::Admin)).await?;
    tx.commit().await?;
    Ok(anna)
}

/// An order of Mary's that has this status.
pub async fn order(test: &TestDb, shop: &Shop, status: &str) -> Result<OrderId> {
    let order = OrderId::fresh();
    let sql = "INSERT INTO orders (tenant_id, id, store_id, remote_id, number, status, currency, total, total_tax,
            shipping_total, discount_total, customer_name, customer_email, billing, shipping, payment_method,
            payment_method_title, transaction_id, customer_note, created_via, item_count, created_at, content_hash,
            search_text, raw, saved_at)
        VALUES ($1, $2, $3, '41', '1041', $4, 'TRY', 30, 0, 0, 0, 'Mary', 'mary@example.com', '{}', '{}', '', '', '',
            '', '', 2, now(), '', '', '{}', now())";
    let params: [&(dyn ToSql + Sync); 4] = [&shop.tenant.uuid(), &order.uuid(), &shop.store.uuid(), &status];
    test.admin().await?.execute(sql, &params).await?;
    Ok(order)
}

/// Takes every shard for a node and answers the epoch of the store's.
pub async fn lease(db: &Db, node: Uuid, store: StoreId, until: Timestamp) -> Result<Option<i64>> {
    let tx = db.auth().await?;
    let epochs = leases::take(&tx, node, now(), until).await?;
    tx.commit().await?;
    Ok(epochs.get(&store.shard()).copied())
}

pub fn change() -> NewChange {
    NewChange {
        kind: ChangeKind::OrderCreated,
        entity_id: Uuid::now_v7(),
        source: Source::Webhook,
        store_time: Some(now()),
        received_at: Some(now()),
        detail: Default::default(),
    }
}

/// Appends `count` changes in one transaction.
pub async fn append(db: &Db, shop: &Shop, count: usize) -> Result<()> {
    let tx = db.tenant(shop.tenant).await?;
    let list: Vec<NewChange> = (0..count).map(|_| change()).collect();
    changes::append(&tx, shop.store, &list, Counted::default(), now()).await?;
    Ok(tx.commit().await?)
}
