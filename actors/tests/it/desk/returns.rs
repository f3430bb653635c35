//! Goods come back: from the order to the shelf, step by step, with a letter to the buyer.

mod repeats;
mod told;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use serde_json::json;
use storewire_actors::{
    DeskError, EngineConfig,
    desk::{OpenReturn, RefusalKind, ReturnAt, ReturnStep},
};
use storewire_db::{ReturnRow, attachments, returns};
use storewire_domain::{
    AttachmentId, IntentState, LetterId, OrderId, ReturnId,
    returns::{ItemDecision, ReturnReason, ReturnState},
};
use storewire_testkit::mailbox::Mailbox;
use uuid::Uuid;

use super::{Office, letters::smtp, refused};

/// An office with an order of which something that the shop counts may come back.
struct Counter {
    office: Office,
    order: OrderId,
    line: String,
    ordered: Decimal,
    /// The shop's id of the product.
    product: u64,
}

impl Counter {
    /// A counter whose letters go to a mail server.
    async fn with_mail() -> Result<(Self, Mailbox)> {
        let (mut counter, mailbox) = (Self::open().await?, Mailbox::start().await?);
        let house = &mut counter.office.bench.house;
        house.stop().await;
        house.post = smtp(mailbox.addr())?;
        house.start();
        Ok((counter, mailbox))
    }

    async fn open() -> Result<Self> {
        let office = Office::with(|config: &mut EngineConfig| config.pull_interval = Duration::from_secs(600)).await?;
        let sql = "SELECT line.order_id, line.remote_id, line.quantity, product.remote_id
            FROM order_line AS line
            JOIN orders ON orders.id = line.order_id AND orders.customer_email ~ '^[!-~]+@[!-~]+$'
                AND orders.deleted_at IS NULL AND orders.trashed_at IS NULL
            JOIN product ON product.remote_id = line.product_remote_id AND product.manage_stock = 'yes'
            WHERE line.kind = 'line_item' AND line.variation_remote_id IS NULL AND line.quantity >= 1
            ORDER BY line.quantity DESC LIMIT 1";
        let row = office.bench.house.admin.query_one(sql, &[]).await.context("an order with something counted")?;
        let product: String = row.get(3);
        Ok(Self {
            order: OrderId(row.get(0)),
            line: row.get(1),
            ordered: row.get(2),
            product: product.parse()?,
            office,
        })
    }

    fn wish(&self, quantity: Decimal) -> OpenReturn {
        OpenReturn {
            tenant: self.office.bench.house.tenant,
            order: self.order,
            reason: ReturnReason::Damaged,
            note: "the bag is torn".to_owned(),
            items: vec![(self.line.clone(), quantity)],
        }
    }

    async fn open_return(&self, quantity: Decimal) -> Result<ReturnRow, DeskError> {
        let ada = self.office.staff[0].clone();
        self.office.desk().open_return(Uuid::now_v7(), ada, self.wish(quantity)).await
    }

    async fn step(&self, row: &ReturnRow, step: ReturnStep) -> Result<ReturnRow, DeskError> {
        self.office.desk().step_return(Uuid::now_v7(), self.office.staff[0].clone(), at(row), step).await
    }

    /// Opens a return of one, and has it accepted and received.
    async fn receive(&self) -> Result<ReturnRow> {
        let row = self.open_return(Decimal::ONE).await?;
        let row = self.step(&row, ReturnStep::Accept).await?;
        Ok(self.step(&row, ReturnStep::Receive(vec![(1, Decimal::ONE)])).await?)
    }

    async fn row(&self, id: ReturnId) -> Result<ReturnRow> {
        let tx = self.office.bench.house.db.db().staff().await?;
        let row = returns::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the return is there")
    }

    /// Waits until the write of the first item has ended like this.
    async fn until_restock(&self, id: ReturnId, state: IntentState) -> Result<ReturnRow> {
        let is_so = || async { Ok(self.row(id).await?.items[0].restock == Some(state)) };
        self.office.bench.house.until("the restock has ended", is_so).await?;
        self.row(id).await
    }

    /// Opens a return whose restock fails, since the shop counts something else that nobody has heard of.
    async fn fail(&self, count: i64) -> Result<ReturnRow> {
        let received = self.receive().await?;
        let edit = json!({
            "kind": "products", "ids": [self.product], "fields": {"stock_quantity": count}, "silent": true,
        });
        self.office.bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
        self.step(&received, decide(ItemDecision::Restock)).await?;
        let failed = self.until_restock(received.id, IntentState::Failed).await?;
        ensure!(failed.items[0].restock_reason.as_deref() == Some("conflict"), "{failed:?}");
        ensure!(self.count()? == count, "the shop was written to");
        Ok(failed)
    }

    fn count(&self) -> Result<i64> {
        self.office.bench.record("products", self.product)?["stock_quantity"].as_i64().context("a count")
    }

    async fn texts(&self, sql: &str, id: Uuid) -> Result<Vec<String>> {
        let rows = self.office.bench.house.admin.query(sql, &[&id]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }
}

fn at(row: &ReturnRow) -> ReturnAt {
    ReturnAt { tenant: row.tenant_id, id: row.id, version: row.version }
}

fn decide(decision: ItemDecision) -> ReturnStep {
    ReturnStep::Decide(vec![(1, decision)])
}

#[actix_web::test]
async fn a_return_is_opened_once_and_of_no_more_than_was_sold() -> Result<()> {
    let counter = Counter::open().await?;
    let (desk, ada) = (counter.office.desk(), counter.office.staff[0].clone());
    let merchant = desk.open_return(Uuid::now_v7(), counter.office.merchant.clone(), counter.wish(Decimal::ONE)).await;
    refused(merchant, "staff_only", RefusalKind::Forbidden)?;
    let deed = Uuid::now_v7();
    let first = desk.open_return(deed, ada.clone(), counter.wish(counter.ordered)).await?;
    let again = desk.open_return(deed, ada.clone(), counter.wish(counter.ordered)).await?;
    ensure!(first.id.uuid() == deed && again.number == 1 && again.version == 1, "{again:?}");
    ensure!(first.state == ReturnState::Asked && !first.buyer_email.is_empty() && first.items.len() == 1);
    refused(counter.open_return(Decimal::ONE).await, "too_many", RefusalKind::Unprocessable)?;

    let wish = |items| OpenReturn { items, ..counter.wish(Decimal::ONE) };
    for (items, code) in [
        (vec![], "no_items"),
        (vec![("no line".to_owned(), Decimal::ONE)], "no_such_item"),
        (vec![(counter.line.clone(), Decimal::ZERO)], "bad_quantity"),
    ] {
        refused(desk.open_return(Uuid::now_v7(), ada.clone(), wish(items)).await, code, RefusalKind::Unprocessable)?;
    }
    // What was declined, for a reason, may come back after all.
    let silent = ReturnStep::Decline { reason: " ".to_owned() };
    refused(counter.step(&first, silent).await, "reason_needed", RefusalKind::Unprocessable)?;
    let declined = counter.step(&first, ReturnStep::Decline { reason: "worn".to_owned() }).await?;
    ensure!(declined.state == ReturnState::Declined && declined.ended_at.is_some());
    refused(counter.step(&declined, ReturnStep::Accept).await, "illegal_step", RefusalKind::Conflict)?;
    let second = counter.open_return(counter.ordered).await?;
    ensure!(second.number == 2);
    // Of many who open one at once, together no more than was sold.
    counter.step(&second, ReturnStep::Cancel).await?;
    let all = futures_util::future::join_all((0..6).map(|_| counter.open_return(counter.ordered))).await;
    ensure!(all.iter().filter(|outcome| outcome.is_ok()).count() == 1, "{all:?}");
    counter.office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn fault_28_a_return_is_opened_moved_decided_and_its_letter_is_really_sent() -> Result<()> {
    let (counter, mailbox) = Counter::with_mail().await?;
    let house = &counter.office.bench.house;
    let (desk, ada) = (counter.office.desk(), counter.office.staff[0].clone());
    let asked = counter.open_return(Decimal::ONE).await?;
    let accepted = counter.step(&asked, ReturnStep::Accept).await?;
    refused(counter.step(&asked, ReturnStep::Cancel).await, "changed", RefusalKind::Outdated)?;
    refused(counter.step(&accepted, ReturnStep::Close).await, "illegal_step", RefusalKind::Conflict)?;
    let none = ReturnStep::Receive(vec![]);
    refused(counter.step(&accepted, none).await, "not_received", RefusalKind::Unprocessable)?;
    let received = counter.step(&accepted, ReturnStep::Receive(vec![(1, Decimal::ONE)])).await?;
    refused(counter.step(&received, ReturnStep::Decide(vec![])).await, "not_decided", RefusalKind::Unprocessable)?;

    // While the store is paused, what is to go back is on its way.
    let before = counter.count()?;
    let written = counter.office.bench.writes("product", counter.product).len();
    let store = house.row(counter.office.bench.store).await?;
    house.engine().pause(&store, ada.user).await?;
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        let step = decide(ItemDecision::Restock);
        let decided = desk.step_return(deed, ada.clone(), at(&received), step).await?;
        ensure!((decided.state, decided.version) == (ReturnState::Decided, 4), "{decided:?}");
    }
    let decided = counter.row(asked.id).await?;
    ensure!(decided.items[0].intent_id == Some(deed) && decided.items[0].restock == Some(IntentState::Waiting));
    refused(counter.step(&decided, ReturnStep::Close).await, "restock_open", RefusalKind::Conflict)?;
    house.engine().resume(&house.row(counter.office.bench.store).await?, ada.user).await?;
    let there = counter.until_restock(asked.id, IntentState::Done).await?;
    ensure!(counter.count()? == before + 1, "the shop counts {} after {before}", counter.count()?);
    let ledger = "SELECT count(*) FROM stock_move WHERE intent_id = $1 AND reason = 'return'";
    house.count_is(ledger, &[&deed], 1).await?;
    refused(counter.step(&there, decide(ItemDecision::Scrap)).await, "restock_begun", RefusalKind::Conflict)?;

    let letter = Uuid::now_v7();
    for _ in 0..2 {
        let (subject, text) = ("Your return".to_owned(), "We have it back.".to_owned());
        desk.write_to_buyer(letter, ada.clone(), (there.tenant_id, there.id), subject, text).await?;
    }
    house.count_is("SELECT count(*) FROM letter WHERE id = $1 AND state = 'sent'", &[&letter], 1).await?;
    let sent = mailbox.letters();
    ensure!(sent.len() == 1 && sent[0].to == [there.buyer_email.clone()], "{sent:?}");
    ensure!(sent[0].header("Subject").as_deref() == Some("Your return"), "{sent:?}");
    ensure!(sent[0].body().trim_end() == "We have it back.", "{sent:?}");
    ensure!(!desk.send_again(Uuid::now_v7(), ada.clone(), there.tenant_id, LetterId(letter)).await?, "it was sent");

    let closed = counter.step(&there, ReturnStep::Close).await?;
    ensure!(closed.state == ReturnState::Closed && closed.ended_at.is_some());
    let kinds = "SELECT kind FROM return_event WHERE return_id = $1 ORDER BY at, id";
    let told = counter.texts(kinds, asked.id.uuid()).await?;
    ensure!(told == ["opened", "state", "received", "decided", "restock", "message", "state"], "{told:?}");
    let way = "SELECT detail->'state'->>1 FROM change WHERE entity_id = $1 AND detail ? 'state' ORDER BY seq";
    let way = counter.texts(way, asked.id.uuid()).await?;
    ensure!(way == ["asked", "accepted", "received", "decided", "closed"], "{way:?}");
    let deeds = "SELECT action FROM audit WHERE entity_id = $1 AND action LIKE 'return.%' ORDER BY id";
    let deeds = counter.texts(deeds, counter.order.uuid()).await?;
    ensure!(deeds.len() == 6 && deeds[3] == "return.decide", "{deeds:?}");
    let writes = counter.office.bench.writes("product", counter.product);
    ensure!(writes.len() == written + 1, "written once: {writes:?}");
    counter.office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_restock_that_failed_for_good_is_decided_again_on_what_the_shop_counts_now() -> Result<()> {
    let counter = Counter::open().await?;
    let failed = counter.fail(77).await?;
    let house = &counter.office.bench.house;
    let intent = counter.office.bench.intent(failed.items[0].intent_id.context("an intent")?).await?;
    let by = counter.office.staff[0].user;
    ensure!(!house.engine().retry_intent(&intent, by).await?, "its number was reckoned from what the shop held then");
    refused(counter.step(&failed, ReturnStep::Close).await, "restock_open", RefusalKind::Conflict)?;
    let again = counter.step(&failed, decide(ItemDecision::Restock)).await?;
    ensure!(again.items[0].intent_id != failed.items[0].intent_id, "{again:?}");
    let there = counter.until_restock(again.id, IntentState::Done).await?;
    ensure!(counter.count()? == 78);
    let ends = "SELECT detail->>'state' FROM return_event WHERE return_id = $1 AND kind = 'restock' ORDER BY at, id";
    ensure!(counter.texts(ends, there.id.uuid()).await? == ["failed", "done"], "each write ends once, and says so");
    ensure!(counter.step(&there, ReturnStep::Close).await?.state == ReturnState::Closed);
    counter.office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_restock_that_failed_for_good_is_given_another_fate_and_keeps_no_return_open() -> Result<()> {
    let counter = Counter::open().await?;
    let failed = counter.fail(77).await?;
    let decided = counter.step(&failed, decide(ItemDecision::Scrap)).await?;
    ensure!(decided.state == ReturnState::Decided && decided.items[0].intent_id.is_none(), "{decided:?}");
    ensure!(counter.step(&decided, ReturnStep::Close).await?.state == ReturnState::Closed);
    ensure!(counter.count()? == 77);
    counter.office.bench.house.close().await;
    Ok(())
}

/// One grey pixel.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\xdacd\xf8\xcfP\x0f\0\x03\x86\x01\x80Z4}k\0\0\0\0IEND\xaeB`\x82";

#[actix_web::test]
async fn photos_are_attached_once_all_of_them_or_none() -> Result<()> {
    let counter = Counter::open().await?;
    let (desk, ada) = (counter.office.desk(), counter.office.staff[0].clone());
    let row = counter.open_return(Decimal::ONE).await?;
    let of = (row.tenant_id, row.id);
    let keep = async |name: &str, bytes: &'static [u8]| -> Result<AttachmentId> {
        Ok(desk.upload(row.tenant_id, ada.clone(), name.to_owned(), bytes.into()).await?.id)
    };
    let (photo, other, text) =
        (keep("bag.png", PICTURE).await?, keep("seam.png", PICTURE).await?, keep("bag.txt", b"torn").await?);
    let add = |deed, files: Vec<AttachmentId>| desk.add_photos(deed, ada.clone(), of, files);
    refused(add(Uuid::now_v7(), vec![]).await, "no_photos", RefusalKind::Unprocessable)?;
    refused(add(Uuid::now_v7(), vec![photo, text]).await, "not_picture", RefusalKind::Unprocessable)?;
    refused(add(Uuid::now_v7(), vec![photo; 11]).await, "too_many_files", RefusalKind::Unprocessable)?;
    let merchant = desk.add_photos(Uuid::now_v7(), counter.office.merchant.clone(), of, vec![photo]).await;
    refused(merchant, "staff_only", RefusalKind::Forbidden)?;
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        add(deed, vec![photo]).await?;
    }
    refused(add(Uuid::now_v7(), vec![photo, other]).await, "not_yours", RefusalKind::Unprocessable)?;

    let tx = counter.office.bench.house.db.db().staff().await?;
    let kept = attachments::of_return(&tx, row.tenant_id, row.id).await?;
    let events = returns::events(&tx, row.tenant_id, row.id).await?;
    tx.commit().await?;
    ensure!(kept.len() == 1 && kept[0].id == photo && kept[0].carrier_id == Some(deed), "{kept:?}");
    ensure!(events.len() == 2 && events[1].id == deed, "{events:?}");
    counter.office.bench.house.close().await;
    Ok(())
}
