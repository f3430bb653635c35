//! A tenant with a store, as the tests need it.

use anyhow::Result;
use jiff::Timestamp;
use storewire_db::{
    Db,
    changes::{self, Counted, NewChange},
    identity, leases,
    stores::{self, NewStore},
};
use storewire_domain::{AuthScheme, ChangeKind, Source, StoreId, TenantId};
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
