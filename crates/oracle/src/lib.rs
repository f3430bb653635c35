//! Compares what the simulated shops hold with what PostgreSQL holds, store by store: by count, by content hash, by delivery.
//!
//! It shares no code with the product: both sides are projected here, from the shops' JSON and by SQL of its own, so that a mistake in the
//! product's decoding or reading cannot hide itself.

mod check;
mod clocks;
mod copy;
mod deliveries;
pub mod frames;
pub mod letters;
pub mod log;
mod projection;
mod sim;
mod totals;
pub mod writes;

use std::{collections::BTreeMap, fmt};

use anyhow::{Result, bail};
use serde_json::Value;
pub use tokio_postgres::Client;
use uuid::Uuid;

pub use check::Check;
pub use clocks::Clocks;
pub use frames::{Shown, Watcher};
pub use sim::{Sim, SimStore};
pub use totals::Totals;

/// One side of a comparison: what each record is, by the store's own id.
pub type Side = BTreeMap<String, String>;

/// What was found for one kind of record of one store.
#[derive(Clone, Debug)]
pub struct Finding {
    pub store: String,
    pub kind: &'static str,
    pub in_shop: usize,
    pub in_copy: usize,
    /// SHA-256 over all projections in order of id, in hex.
    pub shop_hash: String,
    pub copy_hash: String,
    /// What each side adds up to.
    pub shop_totals: Totals,
    pub copy_totals: Totals,
    /// Up to ten records that differ, with both projections.
    pub differences: Vec<String>,
}

/// What a comparison of a whole fleet found.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    /// Deliveries that we answered with 2xx and do not hold.
    pub lost_deliveries: Vec<String>,
    /// Deliveries that we answered with 2xx.
    pub acknowledged: usize,
}

impl Verdict {
    /// Adds what was found of another shop.
    pub fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.lost_deliveries.extend(other.lost_deliveries);
        self.acknowledged += other.acknowledged;
    }

    /// What differs or is missing, a line each; up to ten of a kind and store.
    #[must_use]
    pub fn differences(&self) -> Vec<String> {
        let of_findings = self.findings.iter().filter(|finding| !finding.is_equal());
        let lines = of_findings.flat_map(|finding| {
            finding.differences.iter().map(move |line| format!("{}, {}: {line}", finding.store, finding.kind))
        });
        lines.chain(self.lost_deliveries.iter().map(|lost| format!("delivery lost: {lost}"))).collect()
    }

    /// Whether both sides are equal and nothing acknowledged is missing.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.lost_deliveries.is_empty() && self.findings.iter().all(Finding::is_equal)
    }
}

impl Finding {
    /// Whether both sides are equal.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.in_shop == self.in_copy && self.shop_hash == self.copy_hash && self.shop_totals == self.copy_totals
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            let sign = if finding.is_equal() { "equal" } else { "DIFFERS" };
            writeln!(
                f,
                "{:<28} {:<9} shop {:>6} copy {:>6}  {:.12} {:.12}  {sign}",
                finding.store, finding.kind, finding.in_shop, finding.in_copy, finding.shop_hash, finding.copy_hash
            )?;
            if finding.shop_totals != finding.copy_totals {
                writeln!(f, "    in all: shop {}; copy {}", finding.shop_totals, finding.copy_totals)?;
            }
            for difference in &finding.differences {
                writeln!(f, "    {difference}")?;
            }
        }
        writeln!(f, "deliveries acknowledged {}, missing {}", self.acknowledged, self.lost_deliveries.len())?;
        for lost in self.lost_deliveries.iter().take(10) {
            writeln!(f, "    {lost}")?;
        }
        Ok(())
    }
}

/// Opens a connection by an administrator's URL.
///
/// # Errors
/// If the database does not answer.
pub async fn connect(admin_url: &str) -> Result<Client> {
    let (client, driver) = tokio_postgres::connect(admin_url, tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    Ok(client)
}

/// Opens a connection by the application's URL that sees one tenant's rows, as that tenant does: everything here then speaks of it alone.
///
/// # Errors
/// If the database does not answer.
pub async fn connect_within(app_url: &str, tenant: Uuid) -> Result<Client> {
    let client = connect(app_url).await?;
    client.batch_execute(&format!("SET ROLE sw_tenant; SET app.tenant = '{tenant}'")).await?;
    Ok(client)
}

/// Compares every shop of the fleet with its copy. `admin` must see every row (a superuser's connection). Shops that are not connected
/// are left out; which shop is which store is told by the home URL.
///
/// # Errors
/// If one of the sides does not answer.
pub async fn compare(sim: &Sim, admin: &Client) -> Result<Verdict> {
    compare_kinds(sim, admin, &["orders", "products"]).await
}

/// Every kind of record that a shop has and we copy.
pub const KINDS: [&str; 4] = ["orders", "products", "customers", "coupons"];

/// Compares as [`compare`] does, these kinds of record: customers and coupons change without a date, and are equal after a sweep.
///
/// # Errors
/// If one of the sides does not answer, or a kind is not known.
pub async fn compare_kinds(sim: &Sim, admin: &Client, kinds: &[&'static str]) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for shop in sim.stores().await? {
        verdict.add(compare_shop(sim, admin, &shop, kinds).await?);
    }
    Ok(verdict)
}

/// Compares one shop with its copy; finds nothing where it is not connected.
///
/// # Errors
/// As [`compare_kinds`].
pub async fn compare_shop(sim: &Sim, admin: &Client, shop: &SimStore, kinds: &[&'static str]) -> Result<Verdict> {
    let Some(store) = copy::find_store(admin, &shop.home_url).await? else { return Ok(Verdict::default()) };
    let findings = compare_records(sim, admin, shop, store, kinds).await?;
    let (acknowledged, lost_deliveries) = deliveries::lost(sim, shop.index, admin, store).await?;
    Ok(Verdict { findings, acknowledged, lost_deliveries })
}

/// Compares the records alone, of a shop whose store is known.
///
/// # Errors
/// As [`compare_kinds`].
pub async fn compare_records(
    sim: &Sim,
    admin: &Client,
    shop: &SimStore,
    store: Uuid,
    kinds: &[&'static str],
) -> Result<Vec<Finding>> {
    let refunds = sim.refunds(shop.index).await?;
    let mut findings = Vec::with_capacity(kinds.len());
    for kind in kinds.iter().copied() {
        let records = sim.records(shop.index, kind).await?;
        let (truth, held) = (of_shop(kind, &records, &refunds)?, of_copy(kind, admin, store).await?);
        findings.push(Finding {
            shop_totals: Totals::of_shop(kind, &records)?,
            copy_totals: Totals::of_copy(kind, admin, store).await?,
            ..finding(&shop.name, kind, &truth, &held)
        });
    }
    Ok(findings)
}

/// The id of the store that is a copy of this shop.
///
/// # Errors
/// If the database does not answer.
pub async fn store_of(admin: &Client, home_url: &str) -> Result<Option<Uuid>> {
    copy::find_store(admin, home_url).await
}

/// A shop's side: its records of a kind (`orders`, `products`, `customers`, `coupons`) as REST shows them. A refund that is not among
/// `refunds` is one whose lines are not known.
///
/// # Errors
/// If a record is not what shops send.
pub fn of_shop(kind: &str, records: &[Value], refunds: &[Value]) -> Result<Side> {
    projection::of_shop(kind, records, refunds)
}

/// What PostgreSQL holds of a store's records of a kind, what was deleted left out.
///
/// # Errors
/// If the database does not answer, or the kind is not known.
pub async fn of_copy(kind: &str, admin: &Client, store: Uuid) -> Result<Side> {
    match kind {
        "orders" => copy::orders(admin, store).await,
        "products" => copy::products(admin, store).await,
        "customers" => copy::customers(admin, store).await,
        "coupons" => copy::coupons(admin, store).await,
        other => bail!("no copy of {other}"),
    }
}

/// Compares the two sides of one kind of one store, by number and content; sums are not looked at.
#[must_use]
pub fn finding(store: &str, kind: &'static str, truth: &Side, held: &Side) -> Finding {
    let mut differences = Vec::new();
    for (id, shop) in truth {
        match held.get(id) {
            None => differences.push(format!("{id}: only in the shop: {shop}")),
            Some(copy) if copy != shop => differences.push(format!("{id}: shop {shop}\n    {id}: copy {copy}")),
            Some(_) => {}
        }
    }
    differences.extend(held.keys().filter(|id| !truth.contains_key(*id)).map(|id| format!("{id}: only in the copy")));
    differences.truncate(10);
    Finding {
        store: store.to_owned(),
        kind,
        in_shop: truth.len(),
        in_copy: held.len(),
        shop_hash: hash(truth),
        copy_hash: hash(held),
        shop_totals: Totals::default(),
        copy_totals: Totals::default(),
        differences,
    }
}

fn hash(side: &Side) -> String {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for (id, projection) in side {
        context.update(id.as_bytes());
        context.update(b"\n");
        context.update(projection.as_bytes());
        context.update(b"\n");
    }
    hex::encode(context.finish())
}
