//! Reads what changed in the store, page by page; rows and checkpoint commit together.
//!
//! The first pull starts at the beginning of time, so a backfill is nothing but a long pull: resumable at any page, with the
//! count that the store announced as its measure.

use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    changes::NewChange,
    checkpoints::{self, Checkpoint},
    dead_letters::NewDeadLetter,
};
use storewire_domain::{
    ChangeKind, Resource, Source,
    window::{NextRead, Window},
};
use storewire_guard::digest;
use storewire_woo::{Item, ListQuery, Listing, OrderBy, Page, Poison};
use uuid::Uuid;

use super::{
    compare::{Incoming, compare},
    context::StoreContext,
    decide::Trust,
    enrich,
    judge::WorkError,
    keep::{Along, keep},
    record::Record,
};
use crate::failpoint;

/// A page of either resource, as records.
struct Read {
    records: Vec<Record>,
    poison: Vec<Poison>,
    total: Option<u64>,
    total_pages: Option<u32>,
    is_last: bool,
}

/// The checkpoints of a store, in the order in which they are walked.
pub(crate) async fn checkpoints(context: &StoreContext) -> Result<Vec<Checkpoint>, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let list = checkpoints::list(&tx, context.store).await?;
    tx.commit().await?;
    Ok(list)
}

/// Reads one page of a checkpoint's walk, stores it, and moves the checkpoint. `walk` is `None` again when it ended.
pub(crate) async fn step(context: &StoreContext, checkpoint: &mut Checkpoint) -> Result<(), WorkError> {
    let source = if checkpoint.backfilled_at.is_none() { Source::Backfill } else { Source::Pull };
    let window = match checkpoint.walk {
        Some(window) => window,
        None => begin(context, checkpoint).await?,
    };
    failpoint!("store.before_page", context.store);
    let mut asked = query(context, checkpoint, window);
    let mut read = list(context, checkpoint, &asked).await?;
    while read.records.is_empty() && !read.poison.is_empty() && !read.is_last {
        // Nothing on this page tells how far it reaches: what cannot be read is set aside, and the next page asked for.
        store_page(context, checkpoint, source, read, false).await?;
        asked.page += 1;
        read = list(context, checkpoint, &asked).await?;
    }
    if checkpoint.expected.is_none() {
        checkpoint.expected = read.total.and_then(|total| i64::try_from(total).ok());
    }
    let newest = read.records.iter().filter_map(Record::modified_at).max();
    let is_undated = newest.is_none() && !read.records.is_empty();
    let next = if is_undated { NextRead::Done(window.before) } else { window.next(newest, read.is_last) };
    checkpoint.done += i64::try_from(read.records.len()).unwrap_or(0);
    match next {
        NextRead::Continue(rest) => checkpoint.walk = Some(rest),
        NextRead::Second(second) => {
            store_page(context, checkpoint, source, read, false).await?;
            walk_second(context, checkpoint, source, second).await?;
            checkpoint.walk = Some(Window { after: second, ..window });
            return save_only(context, checkpoint).await;
        }
        NextRead::Done(position) => {
            checkpoint.walk = None;
            checkpoint.position = checkpoint.position.max(position);
            checkpoint.backfilled_at = checkpoint.backfilled_at.or_else(|| Some(context.now()));
        }
    }
    store_page(context, checkpoint, source, read, true).await?;
    if checkpoint.walk.is_none() {
        (checkpoint.done, checkpoint.expected) = (0, None);
    }
    Ok(())
}

/// Opens the next window, closed by the store's own clock.
async fn begin(context: &StoreContext, checkpoint: &mut Checkpoint) -> Result<Window, WorkError> {
    if context.store_now().is_none() {
        context.pace.turn().await;
        // One row is enough: the answer's date is what is wanted.
        let query = ListQuery { per_page: 1, ..ListQuery::default() };
        context.learn_clock(context.client.list_orders(&query).await?.store_now);
    }
    let now = context.store_now().unwrap_or_else(|| context.now());
    let overlap =
        if checkpoint.backfilled_at.is_some() { context.shared.config.pull_overlap } else { Default::default() };
    let window = Window::since(checkpoint.position, overlap, now);
    checkpoint.walk = Some(window);
    (checkpoint.done, checkpoint.expected) = (0, None);
    Ok(window)
}

/// Lists one second by id, from the last page to the first: rows can only leave a closed window, so that departures
/// cause repeats and never a skip.
async fn walk_second(
    context: &StoreContext,
    checkpoint: &Checkpoint,
    source: Source,
    second: Timestamp,
) -> Result<(), WorkError> {
    let one = SignedDuration::from_secs(1);
    let window =
        Window { after: second.checked_sub(one).unwrap_or(second), before: second.checked_add(one).unwrap_or(second) };
    let mut by_id = ListQuery { order_by: OrderBy::Id, ..query(context, checkpoint, window) };
    let first = list(context, checkpoint, &by_id).await?;
    let Some(pages) = first.total_pages else {
        // Something took the totals out of the answers: forwards, to the page that is empty.
        let mut read = first;
        loop {
            let is_last = read.is_last;
            store_page(context, checkpoint, source, read, false).await?;
            if is_last {
                return Ok(());
            }
            by_id.page += 1;
            read = list(context, checkpoint, &by_id).await?;
        }
    };
    for page in (1..=pages).rev() {
        by_id.page = page;
        let read = list(context, checkpoint, &by_id).await?;
        store_page(context, checkpoint, source, read, false).await?;
    }
    Ok(())
}

fn query(context: &StoreContext, checkpoint: &Checkpoint, window: Window) -> ListQuery {
    ListQuery {
        window: Some(window),
        status: if checkpoint.listing == "trash" { Listing::Trash } else { Listing::Any },
        order_by: OrderBy::Modified,
        ascending: true,
        page: 1,
        per_page: context.shared.config.page_size,
        include: Vec::new(),
    }
}

async fn list(context: &StoreContext, checkpoint: &Checkpoint, query: &ListQuery) -> Result<Read, WorkError> {
    context.pace.turn().await;
    Ok(match checkpoint.resource {
        Resource::Orders => read(context, query, context.client.list_orders(query).await?, Record::Order),
        Resource::Products => read(context, query, context.client.list_products(query).await?, Record::Product),
    })
}

fn read<T>(context: &StoreContext, query: &ListQuery, page: Page<T>, wrap: fn(Box<Item<T>>) -> Record) -> Read {
    context.learn_clock(page.store_now);
    let is_last = page.is_last(query.page);
    let (total, total_pages) = (page.total, page.total_pages);
    let (mut records, mut poison) = (Vec::new(), Vec::new());
    for item in page.items {
        match item {
            Ok(item) => records.push(wrap(Box::new(item))),
            Err(bad) => poison.push(bad),
        }
    }
    Read { records, poison, total, total_pages, is_last }
}

async fn store_page(
    context: &StoreContext,
    checkpoint: &Checkpoint,
    source: Source,
    read: Read,
    moves_checkpoint: bool,
) -> Result<(), WorkError> {
    let received_at = context.now();
    let mut versions: Vec<Incoming> = Vec::with_capacity(read.records.len());
    for record in read.records {
        // An unstable page can name a record twice; one read of it is enough.
        if !versions.iter().any(|known| known.record.key() == record.key()) {
            versions.push(Incoming { record, trust: Trust::Fresh, source, received_at });
        }
    }
    let mut plan = compare(context, versions).await?;
    enrich::complete(context, &mut plan).await?;
    let dead = read.poison.into_iter().map(|bad| dead_letter(checkpoint.resource, bad, received_at)).collect();
    let progress = (source == Source::Backfill).then(|| progress(context));
    let along = Along {
        checkpoint: moves_checkpoint.then(|| checkpoint.clone()),
        dead,
        changes: progress.into_iter().collect(),
        ..Along::default()
    };
    keep(context, &plan, along).await
}

async fn save_only(context: &StoreContext, checkpoint: &Checkpoint) -> Result<(), WorkError> {
    let tx = context.write().await?;
    checkpoints::save(&tx, context.store, checkpoint, context.now()).await?;
    Ok(tx.commit().await?)
}

fn dead_letter(resource: Resource, bad: Poison, received_at: Timestamp) -> NewDeadLetter<'static> {
    metrics::counter!("storewire_dead_letters_total").increment(1);
    NewDeadLetter {
        // The same bytes are met again by every pull whose overlap holds them; they are set aside once.
        id: content_id(bad.raw.as_bytes()),
        origin: "page",
        topic: resource.as_str(),
        remote_id: bad.remote_id.map(|id| id.0),
        reason: bad.reason,
        body: bad.raw.into_bytes(),
        received_at,
    }
}

/// Tells the store's page that the import moved on.
fn progress(context: &StoreContext) -> NewChange {
    NewChange {
        kind: ChangeKind::StoreChanged,
        entity_id: context.store.uuid(),
        source: Source::Engine,
        store_time: None,
        received_at: None,
        detail: Default::default(),
    }
}

fn content_id(bytes: &[u8]) -> Uuid {
    let mut id = [0; 16];
    id.copy_from_slice(&digest::sha256(bytes)[..16]);
    Uuid::from_bytes(id)
}
