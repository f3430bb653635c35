//! Staff move a return.

use std::collections::HashSet;

use serde_json::{Value, json};
use storewire_db::{
    ReturnRow,
    returns::{self, ItemNews},
};
use storewire_domain::{
    Source,
    returns::{self as rules, Item, ReturnEntry, ReturnEvent, ReturnRefusal},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    LONGEST, ReturnAt, ReturnStep, find, lock, refused, restock, staff_only,
    told::{self, Subject, Told},
    words,
};
use crate::{engine, failpoint};

/// Takes the step if the return is as it was seen; a step that puts something back on the shelf has the store's actor write it.
pub(super) async fn step(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: ReturnAt,
    wish: &ReturnStep,
) -> Result<ReturnRow, DeskError> {
    staff_only(by)?;
    let reason = match wish {
        ReturnStep::Decline { reason } => words("reason", reason, LONGEST)?,
        _ => "",
    };
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let (event, entry) = kinds(wish);
    let proof = Proof { deed, action: action(event), entity: row.order_id.uuid() };
    if proof.is_there(&tx, Some(row.deed_id)).await? {
        tx.commit().await?;
        return find(shared, of.tenant, of.id).await;
    }
    // Who was slower is told where the return stands, rather than that it moved.
    let to = rules::step(row.state, event).map_err(|why| refused(why, &row))?;
    if row.version != of.version {
        return Err(refused(ReturnRefusal::Changed, &row));
    }
    if event == ReturnEvent::Decline && reason.is_empty() {
        return Err(ReturnRefusal::ReasonNeeded.into());
    }
    let mut news = news(&row, wish)?;
    rules::check_items(event, &as_they_shall_be(&row, &news)).map_err(|why| refused(why, &row))?;
    let mut log = match event {
        ReturnEvent::Decide => restock::begin(&tx, deed, by, &row, &mut news, now).await?,
        _ => Vec::new(),
    };
    let is_on_its_way = !log.is_empty();
    if matches!(event, ReturnEvent::Receive | ReturnEvent::Decide) {
        returns::set_items(&tx, row.id, &news).await?;
    }
    if returns::step(&tx, row.id, of.version, to, deed, now).await?.is_none() {
        return Err(refused(ReturnRefusal::Changed, &row));
    }
    let subject = Subject::from(&row);
    let detail = json!({ "from": row.state, "to": to, "items": told_of(wish, &news) });
    let notice = Some(notice(event));
    let told = Told { deed, by, kind: entry, text: reason, action: proof.action, notice, detail, letter: None };
    told::note(&tx, &subject, told, now).await?;
    log.push((row.store_id, told::changed(row.id, Some((Some(row.state), to)), Source::User)));
    engine::log(&tx, log, now).await?;
    failpoint!("desk.before_commit");
    tx.commit().await?;
    failpoint!("desk.after_commit");
    if is_on_its_way {
        shared.send_on_its_way(row.store_id);
    } else {
        shared.feed.send();
    }
    find(shared, of.tenant, of.id).await
}

const fn kinds(wish: &ReturnStep) -> (ReturnEvent, ReturnEntry) {
    match wish {
        ReturnStep::Accept => (ReturnEvent::Accept, ReturnEntry::State),
        ReturnStep::Decline { .. } => (ReturnEvent::Decline, ReturnEntry::State),
        ReturnStep::Receive(_) => (ReturnEvent::Receive, ReturnEntry::Received),
        ReturnStep::Decide(_) => (ReturnEvent::Decide, ReturnEntry::Decided),
        ReturnStep::Close => (ReturnEvent::Close, ReturnEntry::State),
        ReturnStep::Cancel => (ReturnEvent::Cancel, ReturnEntry::State),
    }
}

const fn action(event: ReturnEvent) -> &'static str {
    match event {
        ReturnEvent::Accept => "return.accept",
        ReturnEvent::Decline => "return.decline",
        ReturnEvent::Receive => "return.receive",
        ReturnEvent::Decide => "return.decide",
        ReturnEvent::Close => "return.close",
        ReturnEvent::Cancel => "return.cancel",
    }
}

const fn notice(event: ReturnEvent) -> &'static str {
    match event {
        ReturnEvent::Accept => "return-accepted",
        ReturnEvent::Decline => "return-declined",
        ReturnEvent::Receive => "return-received",
        ReturnEvent::Decide => "return-decided",
        ReturnEvent::Close => "return-closed",
        ReturnEvent::Cancel => "return-cancelled",
    }
}

/// Every item as the step would have it, in their order.
fn news(row: &ReturnRow, wish: &ReturnStep) -> Result<Vec<ItemNews>, ReturnRefusal> {
    let mut news: Vec<ItemNews> = row
        .items
        .iter()
        .map(|item| ItemNews {
            position: item.position,
            received: item.received,
            decision: item.decision,
            intent: item.intent_id,
        })
        .collect();
    let mut named = HashSet::new();
    let mut find = |position: i32| {
        let at = row.items.iter().position(|item| item.position == position);
        at.filter(|_| named.insert(position)).ok_or(ReturnRefusal::NoSuchItem)
    };
    match wish {
        ReturnStep::Receive(counts) => {
            // Who counts goods counts all of them: what was counted before is not what came.
            news.iter_mut().for_each(|item| item.received = None);
            for (position, received) in counts {
                if let Some(item) = news.get_mut(find(*position)?) {
                    item.received = Some(*received);
                }
            }
        }
        ReturnStep::Decide(decisions) => {
            for (position, decision) in decisions {
                if let Some(item) = news.get_mut(find(*position)?) {
                    item.decision = Some(*decision);
                }
            }
        }
        ReturnStep::Accept | ReturnStep::Decline { .. } | ReturnStep::Close | ReturnStep::Cancel => {}
    }
    Ok(news)
}

fn as_they_shall_be(row: &ReturnRow, news: &[ItemNews]) -> Vec<Item> {
    let pairs = row.items.iter().zip(news);
    pairs.map(|(item, news)| Item { received: news.received, decision: news.decision, ..item.item() }).collect()
}

/// What the step says of items, for the record.
fn told_of(wish: &ReturnStep, news: &[ItemNews]) -> Value {
    match wish {
        ReturnStep::Receive(_) => {
            news.iter().map(|one| json!({ "position": one.position, "received": one.received })).collect()
        }
        ReturnStep::Decide(_) => news
            .iter()
            .map(|one| json!({ "position": one.position, "decision": one.decision, "intent": one.intent }))
            .collect(),
        _ => Value::Null,
    }
}
