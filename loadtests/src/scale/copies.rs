//! Thousands of connected stores out of one: its rows copied in the database, its shop copied in the simulator.
//!
//! One shop is connected by the product itself, and everything that the product wrote about it is what it writes about each: the rows are
//! copied whole, each store to a tenant of its own, with its secrets sealed anew for their new place. The webhooks of a copied shop carry
//! the first shop's address and so does, sealed, each copy's token; that nothing is delivered while idling is why that is good enough.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use storesim::Fleet;
use storewire_domain::{StoreId, TenantId};
use storewire_guard::seal::{Keyring, SealContext};
use tokio_postgres::{Client, Transaction};
use uuid::Uuid;

/// Every kind of secret that a store has.
const SECRETS: [&str; 4] = ["consumer_key", "consumer_secret", "webhook_secret", "webhook_token"];
/// What reading a store again looks at. Lines of orders, deliveries, changes and its diary are left to the first.
const TABLES: [&str; 9] = [
    "store_counter",
    "store_webhook",
    "store_budget",
    "checkpoint",
    "sweep",
    "orders",
    "product",
    "customer",
    "coupon",
];

/// The new stores, column by column.
#[derive(Default)]
struct Copies {
    tenants: Vec<Uuid>,
    stores: Vec<Uuid>,
    shards: Vec<i16>,
    homes: Vec<String>,
    digests: Vec<Vec<u8>>,
}

/// Makes shops 2 to `count` out of the first, spread over the fleet's hosts, and connects each as the first is.
///
/// # Errors
/// If the first shop is not connected, or its rows cannot be copied.
pub async fn make(fleet: &Fleet, admin: &mut Client, data_dir: &Path, count: usize) -> Result<()> {
    let homes = copy_shops(fleet, count).await?;
    let keyring = Keyring::load(data_dir.join("storewire.key"))?;
    let row = admin.query_one("SELECT tenant_id, id, home_url FROM store", &[]).await.context("no first store")?;
    let (tenant, store, home): (Uuid, Uuid, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let copies = Copies::of(homes);
    let tx = admin.transaction().await?;
    tx.batch_execute(
        "CREATE TEMP TABLE copy (tenant uuid, store uuid, shard smallint, home text, digest bytea) ON COMMIT DROP",
    )
    .await?;
    tx.execute(
        "INSERT INTO copy SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::text[], $5::bytea[])",
        &[&copies.tenants, &copies.stores, &copies.shards, &copies.homes, &copies.digests],
    )
    .await?;
    tx.batch_execute("INSERT INTO tenant (id, name) SELECT tenant, 'Tenant of ' || home FROM copy").await?;
    copy_store(&tx, store, &home).await?;
    for table in TABLES {
        copy_rows(&tx, table, store).await.with_context(|| format!("rows of {table}"))?;
    }
    seal(&tx, &keyring, (tenant, store), &copies).await?;
    tx.commit().await?;
    // As autovacuum does within a minute.
    admin.batch_execute("ANALYZE").await?;
    Ok(())
}

/// Answers the copies' homes.
async fn copy_shops(fleet: &Fleet, count: usize) -> Result<Vec<String>> {
    let hosts: &[SocketAddr] = fleet.hosts();
    for host in hosts.iter().cycle().skip(1).take(count.saturating_sub(1)) {
        let copy = fleet.copy_store(1).context("no first shop")?;
        let settings = json!({ "authority": host.to_string() });
        let (status, answer) = fleet.sim("POST", &format!("stores/{}/settings", copy.index), &settings).await;
        ensure!(status == 200, "a copied shop does not move: {status} {answer}");
    }
    Ok(fleet.stores().into_iter().skip(1).map(|shop| shop.home_url).collect())
}

impl Copies {
    fn of(homes: Vec<String>) -> Self {
        let mut copies = Self { homes, ..Self::default() };
        for _ in &copies.homes {
            let store = StoreId::fresh();
            copies.tenants.push(TenantId::fresh().uuid());
            copies.stores.push(store.uuid());
            copies.shards.push(i16::from(store.shard()));
            // Of a token that nobody knows: nothing is delivered.
            copies.digests.push([Uuid::new_v4(), Uuid::new_v4()].map(Uuid::into_bytes).concat());
        }
        copies
    }
}

async fn copy_store(tx: &Transaction<'_>, original: Uuid, home: &str) -> Result<()> {
    let columns = columns(tx, "store").await?;
    let value = |column: &String| match column.as_str() {
        "tenant_id" => "copy.tenant".to_owned(),
        "id" => "copy.store".to_owned(),
        "shard" => "copy.shard".to_owned(),
        "home_url" => "copy.home".to_owned(),
        "rest_root" => "replace(row.rest_root, $2, copy.home)".to_owned(),
        "hook_token_digest" => "copy.digest".to_owned(),
        other => format!("row.{other}"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let sql = format!(
        "INSERT INTO store ({}) SELECT {} FROM store row, copy WHERE row.id = $1",
        columns.join(", "),
        values.join(", ")
    );
    tx.execute(&sql, &[&original, &home]).await?;
    Ok(())
}

/// Each copy's records have ids of their own, as they would: whoever looks one up across tenants must find one.
async fn copy_rows(tx: &Transaction<'_>, table: &str, original: Uuid) -> Result<()> {
    let columns = columns(tx, table).await?;
    let value = |column: &String| match column.as_str() {
        "tenant_id" => "copy.tenant".to_owned(),
        "store_id" => "copy.store".to_owned(),
        "shard" => "copy.shard".to_owned(),
        id @ ("id" | "order_id" | "entity_id") => format!("md5(row.{id}::text || copy.store::text)::uuid"),
        other => format!("row.{other}"),
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {table} row, copy WHERE row.store_id = $1",
        columns.join(", "),
        values.join(", ")
    );
    tx.execute(&sql, &[&original]).await?;
    Ok(())
}

/// The columns of a table that are written, not reckoned.
async fn columns(tx: &Transaction<'_>, table: &str) -> Result<Vec<String>> {
    let sql = "SELECT attname::text FROM pg_attribute
        WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum";
    let rows = tx.query(sql, &[&table]).await?;
    Ok(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?)
}

/// Opens the first store's secrets and seals them for each copy, under the same ids.
async fn seal(tx: &Transaction<'_>, keyring: &Keyring, original: (Uuid, Uuid), copies: &Copies) -> Result<()> {
    let (tenant, store) = original;
    let sql = "SELECT id, sealed FROM store_secret WHERE store_id = $1 AND kind = $2 AND retired_at IS NULL";
    for column in SECRETS {
        let row = tx.query_one(sql, &[&store, &column]).await.with_context(|| format!("no {column}"))?;
        let (id, sealed): (Uuid, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        let plain = keyring.open(&SealContext { tenant, store, column }, &sealed)?;
        let places = copies.tenants.iter().zip(&copies.stores);
        let sealed: Vec<Vec<u8>> = places
            .map(|(tenant, store)| keyring.seal(&SealContext { tenant: *tenant, store: *store, column }, &plain))
            .collect();
        tx.execute(
            "INSERT INTO store_secret (tenant_id, store_id, id, kind, sealed)
            SELECT tenant, store, $3, $4, sealed FROM unnest($1::uuid[], $2::uuid[], $5::bytea[]) AS of (tenant, store, sealed)",
            &[&copies.tenants, &copies.stores, &id, &column, &sealed],
        )
        .await?;
    }
    Ok(())
}
