//! Death and panic at the desk: a decision is made once and told once, whoever has to press again.

use std::{os::unix::process::ExitStatusExt as _, time::Duration};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use reqwest::StatusCode;
use storewire_loadtests::chaos::DESK_PLACES;
use storewire_oracle::Sim;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    node::{self, Node, until},
    person::Person,
};

const WITHIN: Duration = Duration::from_secs(40);

/// A shop, a merchant who asks, an admin who decides, and requests about as many products.
struct Office {
    node: Node,
    sim: Sim,
    admin: Person,
    merchant: Person,
    requests: Vec<Uuid>,
    _fleet: storesim::Fleet,
}

impl Office {
    async fn open(requests: usize) -> Result<Self> {
        let fleet = node::fleet(1).await?;
        let sim = node::sim(&fleet);
        let mut node = Node::prepare(&fleet)?;
        // A write that a stop cuts off before it is sent is sent again once the store can no longer be carrying it out.
        node.set("STOREWIRE__ENGINE__OUTBOX_SETTLE", "1s".to_owned());
        node.start().await?;
        for shop in fleet.stores() {
            node.connect(&shop, "Anatolia Coffee")?;
        }
        node.create_user("admin@example.com", "platform-admin", None)?;
        node.create_user("merchant@anatolia.example", "merchant-admin", Some("Anatolia Coffee"))?;
        node.stores_are("live", 1).await?;
        let admin = Person::log_in(&node, "admin@example.com").await?;
        let merchant = Person::log_in(&node, "merchant@anatolia.example").await?;
        let mut office = Self { node, sim, admin, merchant, requests: Vec::new(), _fleet: fleet };
        for (number, product) in products(&office.node.admin().await?, requests).await?.into_iter().enumerate() {
            office.ask(product, 1_000 + number).await?;
        }
        ensure!(office.requests.len() == requests, "the shop has too few products");
        Ok(office)
    }

    async fn ask(&mut self, product: Uuid, quantity: usize) -> Result<()> {
        let (deed, product, quantity) = (Uuid::now_v7(), product.to_string(), quantity.to_string());
        let written = deed.to_string();
        let form = [("deed", written.as_str()), ("entity", &product), ("wish", "stock"), ("quantity", &quantity)];
        // Sent twice, it is one request.
        for _ in 0..2 {
            let answer = self.merchant.submit("/requests", &form).await?;
            ensure!(answer.status == StatusCode::SEE_OTHER, "{}: {}", answer.status, answer.text);
        }
        self.requests.push(deed);
        Ok(())
    }

    async fn approve(&self, request: Uuid) -> Result<StatusCode> {
        let form = [("version", "1"), ("meaning", "absolute")];
        Ok(self.admin.submit(&format!("/requests/{request}/approve"), &form).await?.status)
    }

    /// Each was decided, written and told once.
    async fn are_applied_once(&self) -> Result<()> {
        let rows = self.node.admin().await?;
        until(WITHIN, "every request is applied", || async {
            let sql = "SELECT count(*) FROM request WHERE state = 'applied'";
            Ok(rows.query_one(sql, &[]).await?.get::<_, i64>(0) == i64::try_from(self.requests.len())?)
        })
        .await
        .with_context(|| self.node.tail())?;
        let sql =
            "SELECT (SELECT string_agg(kind, ' ' ORDER BY at, id) FROM request_event WHERE request_id = request.id),
                (SELECT string_agg(kind, ' ' ORDER BY created_at, id) FROM notice
                    WHERE about_id = request.id AND user_id = request.asked_by),
                (SELECT count(*) FROM audit WHERE action = 'request.approve' AND entity_id = request.entity_id),
                (SELECT count(*) FROM intent WHERE entity_id = request.entity_id)
            FROM request";
        for row in rows.query(sql, &[]).await? {
            let told: (String, String, i64, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
            let wanted = ("asked approved applied".to_owned(), "request-approved request-applied".to_owned(), 1, 1);
            ensure!(told == wanted, "it went {told:?}");
        }
        let log = self.sim.get("/_sim/stores/1/writes").await?;
        let written =
            log.as_array().context("log of writes")?.iter().filter(|write| write["kind"] != "webhook").count();
        ensure!(written == self.requests.len(), "the shop was written to {written} times");
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_a_decision_killed_at_every_line_is_made_and_told_exactly_once() -> Result<()> {
    let places: Vec<&str> = DESK_PLACES.into_iter().filter(|place| place.starts_with("desk.")).collect();
    let mut office = Office::open(places.len()).await?;
    for (place, request) in places.iter().zip(office.requests.clone()) {
        office.node.stop()?;
        office.node.start_with(&[("FAILPOINTS", &format!("{place}=return(kill)"))]).await?;
        ensure!(office.approve(request).await.is_err(), "{place}: somebody answered");
        until(WITHIN, "the node has died", || {
            let ended = office.node.ended();
            async move { Ok(ended?.is_some()) }
        })
        .await
        .with_context(|| (*place).to_owned())?;
        let ended = office.node.ended()?.context("it has ended")?;
        ensure!(ended.signal() == Some(Signal::SIGABRT as i32), "{place}: it ended otherwise ({ended})");
        office.node.kill()?;
        office.node.start().await?;
        // Whoever heard no answer presses again.
        ensure!(office.approve(request).await? == StatusCode::SEE_OTHER, "{place}: {}", office.node.tail());
    }
    office.are_applied_once().await?;
    office.node.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_command_ends_its_actor_and_the_next_carries_it_out() -> Result<()> {
    let mut office = Office::open(2).await?;
    office.node.stop()?;
    office.node.start_with(&[("FAILPOINTS", "desk.before_decide=1*panic")]).await?;
    for request in office.requests.clone() {
        ensure!(office.approve(request).await? == StatusCode::SEE_OTHER, "{}", office.node.tail());
    }
    let log = std::fs::read_to_string(office.node.folder.path().join("log"))?;
    ensure!(log.matches("an actor of the desk panicked").count() == 1, "nobody panicked: {}", office.node.tail());
    office.are_applied_once().await?;
    // It ends with failure, because a part of it crashed; that is for the operator to hear.
    ensure!(office.node.stop().is_err(), "the crash was forgotten");
    Ok(())
}

async fn products(rows: &Client, wanted: usize) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM product WHERE kind = 'simple' AND manage_stock = 'yes' AND status = 'publish'
        AND deleted_at IS NULL AND trashed_at IS NULL ORDER BY id LIMIT $1";
    rows.query(sql, &[&i64::try_from(wanted)?]).await?.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
