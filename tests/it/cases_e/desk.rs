//! Death at every named place of the desk, one after the other, with somebody at work: what they did is done once, and told once.

use std::{
    os::unix::process::ExitStatusExt as _,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use storesim::Fleet;
use storewire_loadtests::chaos::DESK_PLACES;
use storewire_oracle::writes;
use storewire_testkit::mailbox::Mailbox;
use tokio_postgres::Client;

use crate::{
    node::{self, Node, until},
    person::{Answer, Keyed, Person},
};

const TENANT: &str = "Anatolia Coffee";
const STAFF: &str = "admin@example.com";
const MERCHANT: &str = "meral@coffee.example";
const SMTP_PASSWORD: &str = "a-canary-among-mail-passwords";
/// As AUTH PLAIN sends it: `\0desk\0a-canary-among-mail-passwords`.
const SMTP_LOGIN: &str = "AGRlc2sAYS1jYW5hcnktYW1vbmctbWFpbC1wYXNzd29yZHM=";
const WRITTEN: &str = "the pallet was left outside";
/// A place that is not passed within this time is not passed at all.
const DIES_WITHIN: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn e1_desk_killed_at_every_line_decides_and_tells_exactly_once() -> Result<()> {
    let mut scene = Scene::open().await?;
    let deeds = scene.deeds().await?;
    scene.node.stop()?;
    for (place, deed) in &deeds {
        scene.node.launch(&[("FAILPOINTS", &format!("{place}=return(kill)"))])?;
        scene.dies_of(deed).await.with_context(|| (*place).to_owned())?;
    }
    scene.node.start().await?;
    scene.admin = scene.node.admin().await?;
    scene.time_goes_by().await?;
    for (place, deed) in &deeds {
        let first = scene.carried_out(deed).await.with_context(|| (*place).to_owned())?;
        let again = scene.staff.keyed(deed).await?;
        ensure!((again.status, &again.text) == (first.status, &first.text), "{place}: {} {}", again.status, again.text);
    }
    scene.settles().await?;
    scene.everything_was_done_once(&deeds).await?;
    scene.every_letter_arrived().await?;
    scene.node.stop()?;
    scene.nothing_is_in_the_log()
}

/// A shop, staff and a merchant, and a mail server that asks for a password.
struct Scene {
    node: Node,
    fleet: Fleet,
    mailbox: Mailbox,
    admin: Client,
    staff: Person,
    merchant: Person,
}

impl Scene {
    async fn open() -> Result<Self> {
        let fleet = node::fleet(1).await?;
        let mailbox = Mailbox::start().await?;
        let mut node = Node::prepare(&fleet)?;
        for (key, value) in [
            ("LOG__LEVEL", "debug".to_owned()),
            ("ENGINE__OUTBOX_SETTLE", "300ms".to_owned()),
            ("MAIL__HOST", mailbox.addr().ip().to_string()),
            ("MAIL__PORT", mailbox.addr().port().to_string()),
            ("MAIL__TLS", "none".to_owned()),
            ("MAIL__USER", "desk".to_owned()),
            ("MAIL__PASSWORD", SMTP_PASSWORD.to_owned()),
            ("MAIL__FROM", "Desk <desk@storewire.example>".to_owned()),
        ] {
            node.set(&format!("STOREWIRE__{key}"), value);
        }
        node.start().await?;
        node.connect(&fleet.stores()[0], TENANT)?;
        node.create_user(STAFF, "platform-admin", None)?;
        node.create_user(MERCHANT, "merchant-admin", Some(TENANT))?;
        node.stores_are("live", 1).await?;
        let staff = Person::log_in(&node, STAFF).await?;
        let merchant = Person::log_in(&node, MERCHANT).await?;
        Ok(Self { admin: node.admin().await?, node, fleet, mailbox, staff, merchant })
    }

    /// What staff are about to do about what the merchant has asked, each at the place where they die over it.
    async fn deeds(&self) -> Result<Vec<(&'static str, Keyed)>> {
        let store: String = self.admin.query_one("SELECT id::text FROM store", &[]).await?.try_get(0)?;
        let ticket = json!({ "subject": "Two boxes are wet", "text": "What now?", "store_id": store });
        let ticket = self.made("/api/v1/support/tickets", ticket).await?;
        let messages = format!("{}/messages", ticket["href"].as_str().context("a ticket")?);
        let requests = self.requests(6).await?;
        let mut requests = requests.into_iter();
        let approve = json!({ "decision": "approve", "meaning": "absolute" });
        let reject = json!({ "decision": "reject", "reason": "there is no pallet" });
        let mut deeds = Vec::new();
        for (number, place) in DESK_PLACES.into_iter().enumerate() {
            let mut decide = |decision: &Value| {
                Ok::<_, anyhow::Error>((
                    Method::PATCH,
                    requests.next().context("a request")?,
                    Some(1),
                    decision.to_string(),
                ))
            };
            let (method, path, version, body) = match place {
                "desk.before_decide" | "desk.after_commit" => decide(&approve)?,
                "desk.before_commit" | "mail.before_send" | "mail.after_send" | "mail.before_mark" => decide(&reject)?,
                "ticket.before_commit" | "ticket.after_commit" => {
                    let words = json!({ "text": format!("{place}: we send others") });
                    (Method::POST, messages.clone(), None, words.to_string())
                }
                "files.after_put" => {
                    let path = format!("/api/v1/attachments?name=note.txt&store={store}");
                    (Method::POST, path, None, WRITTEN.to_owned())
                }
                other => anyhow::bail!("nobody knows what leads through {other}"),
            };
            deeds.push((place, Keyed { method, path, key: format!("deed-{number}"), version, body }));
        }
        Ok(deeds)
    }

    /// Asks for so many products to be counted anew, and answers where each request is.
    async fn requests(&self, wanted: i64) -> Result<Vec<String>> {
        let sql = "SELECT id::text FROM product WHERE kind = 'simple' AND manage_stock = 'yes' AND deleted_at IS NULL
            AND trashed_at IS NULL ORDER BY id LIMIT $1";
        let mut asked = Vec::new();
        for row in self.admin.query(sql, &[&wanted]).await? {
            let product: String = row.try_get(0)?;
            let wish = json!({ "entity_id": product, "stock_quantity": (700 + asked.len()).to_string() });
            let request = self.made("/api/v1/inventory/approvals", wish).await?;
            asked.push(request["href"].as_str().context("a request")?.to_owned());
        }
        Ok(asked)
    }

    /// The merchant makes something.
    async fn made(&self, path: &str, body: Value) -> Result<Value> {
        let answer = self.merchant.ask(Method::POST, path, Some(body)).await?;
        ensure!(answer.status == StatusCode::CREATED, "{path} answered {}: {}", answer.status, answer.text);
        answer.json()
    }

    /// Waits until the node has died by its own hand, and meanwhile does the deed.
    async fn dies_of(&mut self, deed: &Keyed) -> Result<()> {
        let deadline = Instant::now() + DIES_WITHIN;
        let ended = loop {
            if let Some(ended) = self.node.ended()? {
                break ended;
            }
            ensure!(Instant::now() < deadline, "it did not die there: {}", self.node.tail());
            // One that nobody answers was perhaps done all the same.
            let _ = self.staff.keyed(deed).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        ensure!(ended.signal() == Some(Signal::SIGABRT as i32), "it ended otherwise ({ended}): {}", self.node.tail());
        Ok(())
    }

    /// What the dead held in their hands is free again: keys after a minute, letters after two.
    async fn time_goes_by(&self) -> Result<()> {
        let keys = "UPDATE idempotency_key SET taken_until = now() WHERE answer IS NULL";
        self.admin.execute(keys, &[]).await?;
        let letters = "UPDATE letter SET claimed_until = now() WHERE state = 'waiting' AND claimed_until IS NOT NULL";
        let held = self.admin.execute(letters, &[]).await?;
        ensure!(held >= 3, "{held} letters were in hand when their senders died");
        Ok(())
    }

    /// Does it again, under its key.
    async fn carried_out(&self, deed: &Keyed) -> Result<Answer> {
        let answer = self.staff.keyed(deed).await?;
        ensure!(answer.status.is_success(), "{} {}: {} {}", deed.method, deed.path, answer.status, answer.text);
        Ok(answer)
    }

    async fn settles(&self) -> Result<()> {
        let open = "SELECT (SELECT count(*) FROM letter WHERE state = 'waiting')
            + (SELECT count(*) FROM request WHERE state IN ('waiting', 'approved'))
            + (SELECT count(*) FROM intent WHERE finished_at IS NULL)";
        until(Duration::from_secs(60), "nothing waits", || async { Ok(self.count(open).await? == 0) })
            .await
            .with_context(|| self.node.tail())
    }

    async fn everything_was_done_once(&self, deeds: &[(&'static str, Keyed)]) -> Result<()> {
        for (what, sql, wanted) in [
            ("requests applied", "SELECT count(*) FROM request WHERE state = 'applied'", 2),
            ("requests rejected", "SELECT count(*) FROM request WHERE state = 'rejected'", 4),
            ("decisions", "SELECT count(*) FROM request_event WHERE kind IN ('approved', 'rejected')", 6),
            ("their proofs", "SELECT count(*) FROM audit WHERE action IN ('request.approve', 'request.reject')", 6),
            ("writes", "SELECT count(*) FROM intent", 2),
            ("messages of staff", "SELECT count(*) FROM ticket_message WHERE by_staff", 2),
            // One of each end of a request, and of each message of staff.
            ("letters", "SELECT count(*) FROM letter", 8),
            ("letters sent", "SELECT count(*) FROM letter WHERE state = 'sent'", 8),
            // An approval is told twice: when it is made, and when it is applied.
            ("notices to the merchant", "SELECT count(*) FROM notice WHERE NOT for_staff", 10),
        ] {
            let found = self.count(sql).await?;
            ensure!(found == wanted, "{what}: {found}, not {wanted}");
        }
        let written = writes::judge(&node::sim(&self.fleet), &self.admin, &[]).await?;
        ensure!(written.done == 2 && written.doubled.holds() && written.unaccounted.holds(), "{written}");
        let (_, upload) = deeds.iter().find(|(place, _)| *place == "files.after_put").context("an upload")?;
        let file = self.staff.keyed(upload).await?.json()?;
        let kept = self.staff.ask(Method::GET, file["href"].as_str().context("a file")?, None).await?;
        ensure!((kept.status, kept.text.as_str()) == (StatusCode::OK, WRITTEN), "{} {}", kept.status, kept.text);
        Ok(())
    }

    /// Each is there under its own name, and twice only where somebody died over it: its log knows of every try.
    async fn every_letter_arrived(&self) -> Result<()> {
        let letters = self.mailbox.letters();
        let arrived: Vec<String> = letters.iter().filter_map(|letter| letter.header("Message-ID")).collect();
        let sql = "SELECT id::text,
                (SELECT count(*) FROM letter_try WHERE letter_id = letter.id AND outcome = 'unknown')
            FROM letter";
        let (mut known, mut lost) = (0, 0);
        for row in self.admin.query(sql, &[]).await? {
            let (id, deaths): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            let name = format!("<{id}@storewire.example>");
            let copies = arrived.iter().filter(|found| **found == name).count();
            ensure!(copies == 1 || (copies == 2 && deaths > 0), "{copies} copies of {name}, {deaths} tries were lost");
            known += copies;
            lost += deaths;
        }
        ensure!(known == arrived.len(), "letters arrived that nobody wrote: {arrived:?}");
        ensure!(lost >= 3, "only {lost} tries have no end on record");
        Ok(())
    }

    fn nothing_is_in_the_log(&self) -> Result<()> {
        let log = std::fs::read_to_string(self.node.folder.path().join("log"))?;
        ensure!(log.contains("storewire"), "there is no log");
        for secret in [SMTP_PASSWORD, SMTP_LOGIN, MERCHANT] {
            let line = log.lines().find(|line| line.contains(secret));
            ensure!(line.is_none(), "{secret} is in the log: {line:?}");
        }
        Ok(())
    }

    async fn count(&self, sql: &str) -> Result<i64> {
        Ok(self.admin.query_one(sql, &[]).await?.try_get(0)?)
    }
}
