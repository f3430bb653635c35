//! Orders that merchants place: approved by staff, made by the store once, whatever it answers.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use storesim::Faults;
use storewire_actors::{DeskError, desk::Asked};
use storewire_db::RequestRow;
use storewire_domain::{
    Address, Edit, IntentState, RemoteId,
    intent::{NewLine, NewOrder},
    request::{Decision, RequestState},
};
use uuid::Uuid;

use super::{ABSOLUTE, Office};

/// Every part of an address has a value of its own, so that none can stand for another.
fn address(place: &str) -> Address {
    let part = |name: &str| format!("{place} {name}");
    Address {
        first_name: part("first"),
        last_name: part("last"),
        company: part("company"),
        address_1: part("street"),
        address_2: part("floor"),
        city: part("city"),
        state: part("state"),
        postcode: part("postcode"),
        country: "TR".to_owned(),
        email: format!("{place}@example.org"),
        phone: part("phone"),
    }
}

/// The parts that the store keeps; of an address that parcels go to it keeps no e-mail address.
fn parts(address: &Address, place: &str) -> Vec<(&'static str, String)> {
    let all = [
        ("first_name", &address.first_name),
        ("last_name", &address.last_name),
        ("company", &address.company),
        ("address_1", &address.address_1),
        ("address_2", &address.address_2),
        ("city", &address.city),
        ("state", &address.state),
        ("postcode", &address.postcode),
        ("country", &address.country),
        ("phone", &address.phone),
        ("email", &address.email),
    ];
    let is_kept = |name: &str| place == "billing" || name != "email";
    all.into_iter().filter(|(name, _)| is_kept(name)).map(|(name, value)| (name, value.clone())).collect()
}

impl Office {
    fn order(&self, shipping: Option<Address>) -> NewOrder {
        NewOrder {
            lines: vec![NewLine {
                product: RemoteId::from(self.product),
                variation: None,
                quantity: 2,
                name: "Cup".to_owned(),
            }],
            billing: address("bill"),
            shipping,
            note: "Ring twice".to_owned(),
            status: "processing".to_owned(),
        }
    }

    /// The merchant asks for an order to be placed.
    async fn ask_for(&self, order: NewOrder) -> Result<RequestRow> {
        let deed = Uuid::now_v7();
        let wish =
            Asked { note: "by phone".to_owned(), ..self.want(deed, Edit::PlaceOrder { order: Box::new(order) }) };
        Ok(self.desk().ask(deed, self.merchant.clone(), wish).await?)
    }

    /// The orders of the shop that carry an intent's mark, drafts left out.
    fn marked(&self, intent: Uuid) -> Result<Vec<Value>> {
        let mark = intent.to_string();
        let is_ours = |order: &Value| {
            let metas = order["meta_data"].as_array();
            metas.is_some_and(|all| all.iter().any(|meta| meta["value"] == mark)) && order["status"] != "checkout-draft"
        };
        Ok(self.bench.shop("orders")?.into_iter().filter(is_ours).collect())
    }

    fn orders_made(&self) -> usize {
        let made = |write: &storesim::Write| write.kind == "order" && write.verb == storesim::Verb::Create;
        self.bench.house.fleet.writes(1).iter().filter(|write| made(write)).count()
    }
}

#[actix_web::test]
async fn fault_29_a_placed_order_has_every_part_of_its_address_and_is_placed_once_whatever_the_store_answers()
-> Result<()> {
    let office = Office::open().await?;
    let no_trouble = Faults::default();
    let troubles: [(&str, Faults); 6] = [
        ("nothing", no_trouble.clone()),
        ("cut before the write", Faults { cut_before_apply_part: 1.0, ..no_trouble.clone() }),
        ("cut after the write", Faults { cut_after_apply_part: 1.0, ..no_trouble.clone() }),
        ("500 after the write", Faults { crash_after_apply_part: 1.0, ..no_trouble.clone() }),
        ("500 and a draft left behind", Faults { leave_drafts: true, ..no_trouble.clone() }),
        ("504 before the write", Faults { late_apply_ms: 150, ..no_trouble.clone() }),
    ];
    for (number, (trouble, faults)) in troubles.into_iter().enumerate() {
        let goes_elsewhere = number % 2 == 1;
        let wanted = office.order(goes_elsewhere.then(|| address("parcel")));
        let asked = office.ask_for(wanted.clone()).await?;
        ensure!(asked.about == "bill first bill last" && asked.kind == "order.place", "{asked:?}");
        office.bench.house.fleet.set_faults(1, faults);
        let approved = office.decide(&asked, ABSOLUTE).await?;
        let intent = approved.intent_id.context("it is on its way")?;
        let is_sent = |state| state == IntentState::Unknown || state == IntentState::Done;
        office
            .bench
            .house
            .until("it was sent", || async { Ok(is_sent(office.bench.intent(intent).await?.state)) })
            .await?;
        office.bench.house.fleet.set_faults(1, no_trouble.clone());
        let ended = office.bench.ends(intent).await?;
        ensure!(ended.state == IntentState::Done, "{trouble}: {ended:?}");
        let row = office.until(asked.id, "it is applied", |row| row.state == RequestState::Applied).await?;
        ensure!(row.result.as_ref().is_some_and(|result| result["remote_id"] == ended.remote_id), "{row:?}");

        let placed = office.marked(intent)?;
        let [order] = placed.as_slice() else { anyhow::bail!("{trouble}: placed {} times", placed.len()) };
        ensure!(office.orders_made() == number + 1, "{trouble}: {} orders were made", office.orders_made());
        ensure!(order["status"] == "processing" && order["customer_note"] == "Ring twice", "{trouble}: {order}");
        ensure!(order["line_items"][0]["quantity"] == 2, "{trouble}: {order}");
        for (place, given) in [("billing", &wanted.billing), ("shipping", wanted.destination())] {
            for (part, value) in parts(given, place) {
                ensure!(order[place][part] == value, "{trouble}: {place} {part} is {}", order[place][part]);
            }
        }
        let held = "SELECT count(*) FROM orders WHERE store_id = $1 AND remote_id = $2 AND billing->>'address_2' = 'bill floor'";
        office.bench.house.count_is(held, &[&office.bench.store.uuid(), &ended.remote_id], 1).await?;
    }
    let drafts = office.bench.shop("orders")?.iter().filter(|order| order["status"] == "checkout-draft").count();
    ensure!(drafts == 1, "{drafts} drafts");
    let kept = "SELECT count(*) FROM orders WHERE status = 'checkout-draft'";
    office.bench.house.count_is(kept, &[], 0).await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn nobody_places_an_order_alone_and_one_that_cannot_be_sent_is_not_asked_for() -> Result<()> {
    let office = Office::open().await?;
    let asked = office.ask_for(office.order(None)).await?;
    let (deed, hand, at) = (Uuid::now_v7(), office.merchant.clone(), office.at(&asked));
    let own = office.desk().decide(deed, hand, at, ABSOLUTE, String::new()).await;
    ensure!(own.is_err(), "a merchant placed an order without anybody's consent");
    let again = office.ask_for(office.order(None)).await?;
    ensure!(again.id != asked.id, "the same order is placed twice if it is asked for twice");
    let rejected = office.decide(&again, Decision::Reject).await?;
    ensure!(rejected.state == RequestState::Rejected && office.orders_made() == 0, "{rejected:?}");

    let nothing = NewOrder { lines: Vec::new(), ..office.order(None) };
    ensure!(office.ask_for(nothing).await.is_err(), "an order of nothing was asked for");
    let nowhere = office.order(Some(Address::default()));
    ensure!(office.ask_for(nowhere).await.is_err(), "an order to nowhere was asked for");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_failed_though_the_store_made_it_is_found_and_not_made_again_when_it_is_approved_again() -> Result<()> {
    // So long that nobody looks before we do.
    let office = Office::with(|config| config.outbox_settle = Duration::from_secs(3_600)).await?;
    let asked = office.ask_for(office.order(None)).await?;
    office.bench.house.fleet.set_faults(1, Faults { cut_after_apply_part: 1.0, ..Faults::default() });
    let approved = office.decide(&asked, ABSOLUTE).await?;
    let intent = approved.intent_id.context("it is on its way")?;
    office.bench.stands(intent, "unknown").await?;
    office.bench.house.fleet.set_faults(1, Faults::default());
    ensure!(office.marked(intent)?.len() == 1, "the order was to be placed, and its answer lost");
    // As an outcome that nobody could read to its end.
    let ends = [
        "UPDATE intent SET state = 'failed', reason = 'unreadable', finished_at = updated_at WHERE id = $1",
        "UPDATE request SET state = 'failed', reason = 'unreadable' WHERE intent_id = $1",
    ];
    for sql in ends {
        ensure!(office.bench.house.admin.execute(sql, &[&intent]).await? == 1, "{sql}");
    }

    let failed = office.row(asked.id).await?;
    let open = office.desk().reopen(Uuid::now_v7(), office.staff[1].clone(), office.at(&failed)).await?;
    ensure!((open.state, open.intent_id) == (RequestState::Waiting, None), "{open:?}");
    let again = office.decide(&open, ABSOLUTE).await?;
    ensure!(again.intent_id == Some(intent), "another mark would place another order: {again:?}");
    let applied = office.until(asked.id, "it is applied", |row| row.state == RequestState::Applied).await?;
    let done = office.bench.intent(intent).await?;
    ensure!(done.state == IntentState::Done && done.reason.as_deref() == Some("already"), "{done:?}");
    ensure!(applied.result.as_ref().is_some_and(|result| result["remote_id"] == done.remote_id), "{applied:?}");
    ensure!(office.marked(intent)?.len() == 1 && office.orders_made() == 1, "{} were placed", office.orders_made());
    let deeds = "SELECT count(*) FROM audit WHERE action = 'intent.retry' AND detail->>'intent' = $1";
    ensure!(office.bench.house.count(deeds, &[&intent.to_string()]).await? == 1);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_order_of_an_article_that_came_to_lie_in_the_trash_is_not_approved() -> Result<()> {
    let office = Office::open().await?;
    let asked = office.ask_for(office.order(None)).await?;
    let path = format!("stores/1/products/{}/trash", office.product);
    office.bench.house.fleet.sim("POST", &path, &Value::Null).await;
    let trashed = "SELECT count(*) FROM product WHERE id = $1 AND (trashed_at IS NOT NULL OR deleted_at IS NOT NULL)";
    office.bench.house.count_is(trashed, &[&office.entity], 1).await?;
    let refused = office.decide(&asked, ABSOLUTE).await;
    ensure!(
        matches!(&refused, Err(DeskError::Rejected(rejected)) if rejected.field == "lines.product"),
        "the shop sells what lies in its trash: {refused:?}"
    );
    let row = office.row(asked.id).await?;
    ensure!(row.state == RequestState::Waiting && row.intent_id.is_none(), "{row:?}");
    ensure!(office.bench.house.count("SELECT count(*) FROM intent WHERE kind = 'order.place'", &[]).await? == 0);
    ensure!(office.orders_made() == 0);
    office.bench.house.close().await;
    Ok(())
}
