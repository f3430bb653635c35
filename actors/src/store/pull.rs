//! Reads what changed in the store, page by page; rows and checkpoint commit together, while the next pages are on their way (see [`ahead`]).
//!
//! The first pull starts at the beginning of time, so a backfill is nothing but a long pull: resumable at any page, with the count that the
//! store announced as its measure. A closed window is walked by id, from its last page to its first (see [`place`]): no order of dates
//! can be trusted, since posts are sorted by the site's local time, which repeats an hour in autumn, and products of one second come in any.

mod ahead;
mod doubt;
mod newcomers;
pub(super) mod place;
mod round;
pub(super) mod walk;
mod zone;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use storewire_db::checkpoints::{self, Checkpoint};
use storewire_domain::{Resource, Source, window::Window};
use storewire_woo::WooError;

pub(crate) use self::round::Round;
use self::{
    ahead::Ahead,
    doubt::doubt,
    place::Answer,
    walk::{After, Asked, Opening, Shown},
};
use super::{
    compare::{Incoming, Plan, compare_within},
    context::{Desk, StoreContext},
    decide::Trust,
    duty::{Duty, Next},
    early,
    follow::{families, wish},
    isolate::{Broken, isolate},
    judge::WorkError,
    keep::{Along, Keeping, keep},
    listing::{self, Ask, Read, undecodable},
    news::store_changed,
    record::{Key, Record},
};
use crate::failpoint;

/// Reads the next pages of the round under way, or begins one.
pub(crate) async fn step(context: &StoreContext) -> Result<Next, WorkError> {
    let checkpoints = checkpoints(context).await?;
    let is_imported = checkpoints.iter().all(|one| one.backfilled_at.is_some());
    let had_imported = context.is_imported();
    context.set_imported(is_imported);
    if is_imported && !had_imported {
        // What no date tells is compared at once.
        context.wake(Duty::Sweep);
    }
    let mut round = context.round.lock().await;
    if context.is_pull_wanted() {
        round.want_again();
    }
    if let Some(checkpoint) = round.next(&checkpoints) {
        return read_pages(context, checkpoint).await;
    }
    // Ended before what may fail: another round begins with orders, whatever becomes of these.
    round.end();
    newcomers::read(context).await?;
    zone::learn(context, &mut round).await?;
    Ok(Next::In(jittered(context.shared.config.pull_interval)))
}

/// An interval, a tenth shorter to a tenth longer, so that stores do not march in step.
pub(crate) fn jittered(interval: Duration) -> Duration {
    let tenth = interval / 10;
    interval.saturating_sub(tenth) + rand::random_range(Duration::ZERO..=tenth * 2)
}

async fn checkpoints(context: &StoreContext) -> Result<Vec<Checkpoint>, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let list = checkpoints::list(&tx, context.store).await?;
    tx.commit().await?;
    Ok(list)
}

/// Reads pages of a checkpoint's walk, stores each and moves the checkpoint, until the walk ends or another duty may be waiting.
async fn read_pages(context: &StoreContext, mut checkpoint: Checkpoint) -> Result<Next, WorkError> {
    let source = if checkpoint.backfilled_at.is_none() { Source::Backfill } else { Source::Pull };
    let is_new = checkpoint.walk.is_none();
    let (window, mut is_widened) = match checkpoint.walk {
        Some(window) => (window, false),
        None => begin(context, &mut checkpoint).await?,
    };
    let mut is_reckoned = is_new && context.store_now().is_none();
    let (resource, listing) = (checkpoint.resource, checkpoint.listing);
    let mut ahead = Ahead::new(context);
    while checkpoint.walk == Some(window) && ahead.goes_on() {
        failpoint!("store.before_page", context.store);
        let per_page = context.pace.page_size();
        let asked = Asked { window, is_widened, page: walk::next_page(&checkpoint, per_page), per_page };
        let ask = Ask { resource, listing, window: Some(window), page: asked.page, per_page };
        let read = match ahead.read(ask, checkpoint.expected).await {
            Ok(read) => read,
            Err(error) => return pass_by(context, checkpoint, window, ask, source, error).await,
        };
        if is_reckoned && context.store_now().is_some_and(|now| walk::ends_in_future(window, now)) {
            // The store's clock was set back since it was last known. Now it is known, and the window is opened anew.
            return Ok(Next::Now);
        }
        let shown = Shown {
            is_empty: read.items.is_empty() && read.poison.is_empty(),
            newest: read.items.iter().filter_map(Record::modified_at).max(),
            answer: Answer::of(&read),
        };
        match walk::after_page(&mut checkpoint, asked, shown, context.now()) {
            After::TooMany => return save_only(context, &checkpoint).await,
            After::Doubt => {
                // What is on its way has seats that nobody would give back meanwhile.
                drop(ahead);
                return doubt(context, checkpoint, asked, ask, read.total).await;
            }
            After::Store => ahead.store(store_page(context, &checkpoint, window, source, read)).await?,
        }
        (is_widened, is_reckoned) = (false, false);
    }
    Ok(Next::Now)
}

/// Opens the next window, closed by the store's own clock: as its last answer told, or, before the first one, as it stood when the last walk
/// began. Whether it reaches further back than it must, to show again the newest row that is known.
async fn begin(context: &StoreContext, checkpoint: &mut Checkpoint) -> Result<(Window, bool), WorkError> {
    if context.store_now().is_none() && checkpoint.clock_ahead.is_none() {
        // One row is enough: the answer's date is what is wanted.
        listing::count(context, Resource::Orders, "any", None).await?;
    }
    let now = context.now();
    let clock_ahead = context.clock_ahead().or(checkpoint.clock_ahead);
    let ahead = SignedDuration::from_secs(clock_ahead.unwrap_or(0));
    let opening = Opening {
        now,
        store_now: now.saturating_add(ahead).unwrap_or(now),
        clock_ahead,
        overlap: context.shared.config.pull_overlap,
        zone: &context.zone,
    };
    Ok(walk::open(checkpoint, &opening))
}

/// Goes on after a record that breaks every page it is on.
async fn pass_by(
    context: &StoreContext,
    mut checkpoint: Checkpoint,
    window: Window,
    ask: Ask,
    source: Source,
    error: WooError,
) -> Result<Next, WorkError> {
    let broken = isolate(context, ask, source, error).await?;
    let Some(total) = checkpoint.expected else {
        // The walk has not learned yet how many there are: it goes on from the last.
        let total = listing::count(context, ask.resource, ask.listing, Some(window)).await.ok().flatten();
        let total = total.unwrap_or_else(|| i64::from(ask.page) + 1);
        walk::move_in_front(&mut checkpoint, window, total, total, context.now());
        return save_only(context, &checkpoint).await;
    };
    walk::move_in_front(&mut checkpoint, window, i64::from(ask.page) - 1, total, context.now());
    let mut along = Along { checkpoint: Some(checkpoint), ..Along::default() };
    match broken {
        Broken::Known(wish) => along.rechecks.push(wish),
        Broken::Nameless(letter) => along.dead.push(letter),
    }
    let desk = context.desk().await;
    keep(context, &desk, &Plan::default(), along).await?;
    Ok(Next::Now)
}

async fn store_page(
    context: &StoreContext,
    checkpoint: &Checkpoint,
    window: Window,
    source: Source,
    read: Read<Record>,
) -> Result<(), WorkError> {
    let received_at = context.now();
    let versions = versions(read.items, source, read.asked_at, received_at);
    let since = window.after.saturating_add(context.shared.config.pull_overlap).unwrap_or(window.after);
    let rechecks = families(&versions, since, received_at);
    let dead = read.poison.into_iter().map(|bad| undecodable(context.store, checkpoint.resource, bad, received_at));
    let dead: Vec<_> = dead.collect();
    let progress = (source == Source::Backfill).then(|| store_changed(context.store));
    let along = Along {
        checkpoint: Some(checkpoint.clone()),
        dead: dead.clone(),
        changes: progress.into_iter().collect(),
        rechecks,
        ..Along::default()
    };
    let keys: Vec<Key> = versions.iter().map(|version| version.record.key()).collect();
    let desk = context.desk().await;
    match keep_page(context, &desk, versions, along).await {
        // One of them is at fault: each is read by itself, so that it holds up none of the others.
        Err(WorkError::Db(error)) if error.is_refusal() => {
            tracing::error!(store.id = %context.store, %error, records = keys.len(), "a page is refused by the database");
            let rechecks = keys.iter().map(|key| wish(context, key, key.0.into(), "unreadable", source)).collect();
            let along = Along { checkpoint: Some(checkpoint.clone()), dead, rechecks, ..Along::default() };
            keep(context, &desk, &Plan::default(), along).await
        }
        kept => kept,
    }
}

/// Compares a page with our copy and brings that in line, in one transaction.
async fn keep_page(
    context: &StoreContext,
    desk: &Desk<'_>,
    versions: Vec<Incoming>,
    along: Along<'_>,
) -> Result<(), WorkError> {
    let mut keeping = Keeping::open(context, desk).await?;
    let mut plan = compare_within(keeping.tx(), context, versions).await?;
    early::doubt_ended(keeping.tx(), context, &mut plan).await?;
    keeping.write(&plan, along).await?;
    keeping.commit().await
}

/// The records of a page, each once: an unstable page can name one twice.
pub(crate) fn versions(
    records: Vec<Record>,
    source: Source,
    asked_at: Timestamp,
    received_at: Timestamp,
) -> Vec<Incoming> {
    let mut versions: Vec<Incoming> = Vec::with_capacity(records.len());
    for record in records {
        if !versions.iter().any(|known| known.record.key() == record.key()) {
            versions.push(Incoming { record, trust: Trust::Fresh(asked_at), source, received_at });
        }
    }
    versions
}

async fn save_only(context: &StoreContext, checkpoint: &Checkpoint) -> Result<Next, WorkError> {
    let tx = context.write().await?;
    checkpoints::save(&tx, context.store, checkpoint, context.now()).await?;
    tx.commit().await?;
    Ok(Next::Now)
}

impl Answer {
    fn of<T>(read: &Read<T>) -> Self {
        Self { total: read.total, is_last: read.is_last }
    }
}
