//! Requests that wait about a record follow what the store holds of it, so that nobody decides on old numbers.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    requests::{self, Moved, Waiting},
};
use storewire_domain::{
    Product, Source, StoreId,
    intent::Fields,
    request::{RequestEvent, RequestState, is_stale},
};
use uuid::Uuid;

use crate::{
    desk::requests::{Subject, changed, note_of_engine, prove},
    store::{
        compare::Plan,
        record::{Noun, Record},
    },
};

/// The store holds something else than the asker saw, or nothing any more.
const STALE: (RequestEvent, &str) = (RequestEvent::Stale, "request.stale");

/// What a plan says of records that somebody may have asked about: those that we held already.
#[derive(Default)]
struct News<'a> {
    stored: HashMap<Uuid, &'a Product>,
    /// Deleted, or newly in the trash.
    gone: Vec<Uuid>,
}

/// Nothing is asked of the database if the plan holds no news of a product, and of no order's end.
pub(super) async fn of(tx: &TenantTx, store: StoreId, plan: &Plan, now: Timestamp) -> Result<Vec<NewChange>, DbError> {
    let news = news(plan);
    let ids: Vec<Uuid> = news.stored.keys().chain(&news.gone).copied().collect();
    let waiting = requests::waiting_of(tx, store, &ids).await?;
    let mut log = follow(tx, store, &news, &waiting, now).await?;
    for request in waiting.iter().filter(|request| news.gone.contains(&request.entity_id)) {
        note_of_engine(tx, &subject(store, request), Uuid::now_v7(), STALE, json!({ "gone": true }), now).await?;
        log.push(changed(request.id, Some(RequestState::Waiting), RequestState::Waiting, Source::Engine));
    }
    Ok(log)
}

/// Moves the requests whose record now holds something else of their fields.
async fn follow(
    tx: &TenantTx,
    store: StoreId,
    news: &News<'_>,
    waiting: &[Waiting],
    now: Timestamp,
) -> Result<Vec<NewChange>, DbError> {
    let moves: Vec<(&Waiting, Moved)> = waiting.iter().filter_map(|request| moved(news, request)).collect();
    let wanted: Vec<Moved> = moves.iter().map(|(_, moved)| moved.clone()).collect();
    let taken = requests::moved(tx, &wanted, now).await?;
    let mut log = Vec::with_capacity(taken.len());
    // What was decided meanwhile is left alone: its precondition tells it what it missed.
    for (request, moved) in moves.iter().filter(|(request, _)| taken.contains(&request.id)) {
        let (of, detail) = (subject(store, request), json!({ "current": moved.current }));
        match (request.is_stale, moved.is_stale) {
            (false, true) => note_of_engine(tx, &of, Uuid::now_v7(), STALE, detail, now).await?,
            (true, false) => prove(tx, &of, None, "request.fresh", &detail, now).await?,
            _ => {}
        }
        let pair = (told(&request.current), told(&moved.current));
        let entry = changed(request.id, Some(RequestState::Waiting), RequestState::Waiting, Source::Engine);
        log.push(NewChange { detail: BTreeMap::from([("current", pair)]), ..entry });
    }
    Ok(log)
}

fn news(plan: &Plan) -> News<'_> {
    let mut news = News::default();
    for planned in &plan.store {
        let Some(held) = &planned.held else { continue };
        let record = &planned.incoming.record;
        match record {
            Record::Product(item) if !record.is_trashed() => {
                news.stored.insert(held.id, &item.value);
            }
            Record::Product(_) | Record::Order(_) if record.is_trashed() && !held.is_trashed => news.gone.push(held.id),
            _ => {}
        }
    }
    let ended = plan.delete.iter().filter(|((noun, _), ..)| matches!(noun, Noun::Product | Noun::Order));
    news.gone.extend(ended.map(|(_, held, ..)| held.id));
    news
}

fn moved<'w>(news: &News<'_>, request: &'w Waiting) -> Option<(&'w Waiting, Moved)> {
    let current = request.edit.in_product(news.stored.get(&request.entity_id)?);
    let is_stale = is_stale(&request.base, &current);
    let is_news = current != request.current;
    is_news.then_some((request, Moved { id: request.id, current, is_stale }))
}

fn subject(store: StoreId, request: &Waiting) -> Subject<'_> {
    Subject { id: request.id, store, entity: request.entity_id, number: request.number, about: &request.about }
}

fn told(fields: &Fields) -> Value {
    // Texts and lists of texts are always JSON.
    serde_json::to_value(fields).unwrap_or_default()
}
