//! What merchants ask for is decided once, written once, and told to all whom it concerns.

mod carried;
mod decisions;
mod endings;
mod letters;
mod owners;
mod placed;
mod races;
mod repeats;
mod returns;
mod staleness;
mod stock;
mod tickets;
mod timers;
mod told;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use storewire_actors::{
    Desk, DeskError, EngineConfig, Hand,
    desk::{Asked, At, Refusal, RefusalKind},
};
use storewire_db::{RequestRow, identity, requests};
use storewire_domain::{
    Edit, PlatformRole, RequestId, RoleClass, TenantRole,
    request::{Decision, Meaning},
};
use uuid::Uuid;

use crate::push::{Bench, stock};

const ABSOLUTE: Decision = Decision::Approve(Meaning::Absolute);
const RELATIVE: Decision = Decision::Approve(Meaning::Relative);

/// A connected shop with a counted product of 50, a merchant who asks, and two members of staff who decide.
pub struct Office {
    pub bench: Bench,
    pub merchant: Hand,
    pub staff: [Hand; 2],
    /// The shop's id of the product, and ours.
    pub product: u64,
    pub entity: Uuid,
}

impl Office {
    async fn open() -> Result<Self> {
        Self::with(|_| ()).await
    }

    async fn with(adjust: impl FnOnce(&mut EngineConfig)) -> Result<Self> {
        Self::in_bench(Bench::with(adjust).await?).await
    }

    /// The same in a shop that is connected already.
    async fn in_bench(bench: Bench) -> Result<Self> {
        let db = bench.house.db.db();
        let tx = db.auth().await?;
        let meral = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
        let bob = identity::create_user(&tx, "bob@platform.example", "Bob", "-", Some(PlatformRole::Admin)).await?;
        tx.commit().await?;
        let tx = db.tenant(bench.house.tenant).await?;
        identity::add_membership(&tx, meral, TenantRole::Admin).await?;
        tx.commit().await?;
        let hand = |user, name: &str, class| Hand { user, name: name.to_owned(), class };
        let staff = [hand(bench.by, "Ada", RoleClass::Staff), hand(bob, "Bob", RoleClass::Staff)];
        let product = bench.counted_product()?;
        bench.carry_out(product, stock(50)).await?;
        let entity = bench.entity("product", product).await?;
        Ok(Self { merchant: hand(meral, "Meral", RoleClass::Merchant), staff, product, entity, bench })
    }

    fn desk(&self) -> Desk {
        self.bench.house.engine().desk().clone()
    }

    fn wish(&self, quantity: i64) -> Asked {
        self.want(self.entity, stock(quantity))
    }

    fn want(&self, entity: Uuid, edit: Edit) -> Asked {
        Asked {
            tenant: self.bench.house.tenant,
            store: self.bench.store,
            entity,
            edit,
            meaning: Meaning::Absolute,
            note: "a pallet came".to_owned(),
            seen: None,
        }
    }

    /// The merchant asks for so many of the product.
    async fn ask(&self, quantity: i64) -> Result<RequestRow> {
        Ok(self.desk().ask(Uuid::now_v7(), self.merchant.clone(), self.wish(quantity)).await?)
    }

    fn at(&self, row: &RequestRow) -> At {
        At { tenant: row.tenant_id, id: row.id, version: row.version }
    }

    /// The first of the staff decides.
    async fn decide(&self, row: &RequestRow, decision: Decision) -> Result<RequestRow, DeskError> {
        let reason = "there is no pallet".to_owned();
        self.desk().decide(Uuid::now_v7(), self.staff[0].clone(), self.at(row), decision, reason).await
    }

    async fn row(&self, id: RequestId) -> Result<RequestRow> {
        let tx = self.bench.house.db.db().platform().await?;
        let row = requests::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the request is there")
    }

    /// Waits until a request is as wanted.
    async fn until(&self, id: RequestId, what: &str, is_so: impl Fn(&RequestRow) -> bool) -> Result<RequestRow> {
        self.bench.house.until(what, || async { Ok(is_so(&self.row(id).await?)) }).await?;
        self.row(id).await
    }

    /// The kinds of a request's timeline, in order.
    async fn timeline(&self, id: RequestId) -> Result<Vec<String>> {
        self.texts("SELECT kind FROM request_event WHERE request_id = $1 ORDER BY at, id", id).await
    }

    /// What the audit says of a request, in order.
    async fn proofs(&self, id: RequestId) -> Result<Vec<String>> {
        self.texts("SELECT action FROM audit WHERE detail->>'request' = $1::uuid::text ORDER BY id", id).await
    }

    /// What one person was told about a request, in order.
    async fn told(&self, id: RequestId, who: &Hand) -> Result<Vec<String>> {
        let sql =
            format!("SELECT kind FROM notice WHERE about_id = $1 AND user_id = '{}' ORDER BY created_at, id", who.user);
        self.texts(&sql, id).await
    }

    /// The states that the change log tells of a request, in order.
    async fn way(&self, id: RequestId) -> Result<Vec<String>> {
        let sql = "SELECT detail->'state'->>1 FROM change
            WHERE entity_id = $1 AND kind = 'request.changed' AND detail ? 'state' ORDER BY seq";
        self.texts(sql, id).await
    }

    async fn texts(&self, sql: &str, id: RequestId) -> Result<Vec<String>> {
        let rows = self.bench.house.admin.query(sql, &[&id.uuid()]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Changes the product's count in the shop without a word to anybody.
    async fn set_silently(&self, quantity: i64) {
        let edit = serde_json::json!({
            "kind": "products", "ids": [self.product], "fields": {"stock_quantity": quantity}, "silent": true,
        });
        self.bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    }

    /// What the shop itself counts.
    fn count(&self) -> Result<Value> {
        Ok(self.bench.record("products", self.product)?["stock_quantity"].clone())
    }
}

/// Has it refused with this code and as this kind; answers what helps to understand it.
fn refused<T: std::fmt::Debug>(outcome: Result<T, DeskError>, code: &str, kind: RefusalKind) -> Result<Value> {
    match outcome {
        Err(DeskError::Refused(refusal)) if refusal.code == code && refusal.kind == kind => {
            let Refusal { detail, .. } = *refusal;
            Ok(detail)
        }
        other => anyhow::bail!("{code} was to be said, not {other:?}"),
    }
}

#[actix_web::test]
async fn commands_find_an_actor_however_often_it_ends() -> Result<()> {
    let office = Office::with(|config| config.desk.idle = std::time::Duration::from_millis(1)).await?;
    let id = office.ask(60).await?.id;
    for turn in 0..40 {
        let (deed, by, text) = (Uuid::now_v7(), office.merchant.clone(), format!("word {turn}"));
        office.desk().comment(deed, by, office.bench.house.tenant, id, text).await?;
    }
    ensure!(office.timeline(id).await?.len() == 41);
    office.bench.house.close().await;
    Ok(())
}
