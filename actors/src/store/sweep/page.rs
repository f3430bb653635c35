//! One page of a walk by id: what is on it is compared with what we hold between the last page's end and its own.

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{
    diary::NewEntry,
    drifts::NewDrift,
    sweeps::{self, HeldRow, Stretch, Sweep},
};
use storewire_domain::{Purpose, RemoteId, Resource, Source};
use storewire_woo::{Failure, Glance, Poison, WooError};

use super::{
    super::{
        compare::{Plan, compare},
        context::StoreContext,
        duty::Next,
        follow::wish,
        isolate::{Broken, isolate},
        judge::WorkError,
        keep::Along,
        listing::{self, Ask, Read, undecodable},
        pull::versions,
        record::{Noun, Record},
    },
    progress::{self, Shown, absences},
    source,
    spot_check::is_believed,
    tell,
    write::write,
};

/// Rows behind the last id of a listing that are looked at in one walk.
const MOST_BEHIND: u32 = 5_000;

/// What stands on a page.
enum Rows {
    Glances(Vec<Glance>),
    Records(Vec<Record>),
}

/// A page, and what we hold where it stands.
pub(super) struct Page {
    rows: Rows,
    poison: Vec<Poison>,
    total: Option<i64>,
    is_last: bool,
    asked_at: Timestamp,
}

/// Reads the next page, stores what it tells, and moves the walk. Nothing on it that was changed after `as_of` counts as drift: the pull has
/// not come that far.
pub(super) async fn read_page(context: &StoreContext, mut walk: Sweep, as_of: Timestamp) -> Result<Next, WorkError> {
    let per_page = context.pace.page_size();
    let number = progress::next_page(&walk, per_page);
    let ask = Ask { resource: walk.resource, listing: walk.listing, window: None, page: number, per_page };
    let page = match read(context, &walk, ask).await {
        Ok(page) => page,
        Err(error) => return pass_by(context, walk, ask, error).await,
    };
    if let Some(back) = progress::slipped(&walk, page.total) {
        let tx = context.write().await?;
        sweeps::save(&tx, context.store, &back).await?;
        tx.commit().await?;
        return Ok(Next::Now);
    }
    let ids = page.ids();
    let held = held_in(context, &walk, walk.listing, progress::stretch(&walk, &ids, page.is_last)).await?;
    let absent = progress::absent(&held, &ids, page.asked_at);
    let is_believed = is_believed(context, &walk, &absent, held.len()).await?;
    let mut along = if is_believed {
        Along { rechecks: absences(&walk, &absent, context.now()), ..Along::default() }
    } else {
        Along { diary: vec![disbelieved(&walk, absent.len(), held.len())], ..Along::default() }
    };
    if page.is_last && walk.resource == Resource::Coupons && walk.purpose == Purpose::Reconcile {
        // No list shows them there, and WordPress empties its trash by itself.
        let everywhere = Stretch { after: -1, up_to: i64::MAX };
        let trashed = held_in(context, &walk, "trash", everywhere).await?;
        along.rechecks.extend(absences(&walk, &trashed.iter().collect::<Vec<_>>(), context.now()));
    }
    let mut found: Vec<NewDrift> =
        if is_believed { absent.iter().map(|row| tell::extra(row)).collect() } else { Vec::new() };
    let shown = Shown { page: number, per_page, total: page.total, is_last: page.is_last };
    progress::pass(&mut walk, &ids, shown, is_believed, context.now());
    store(context, walk, page, &held, as_of, &mut found, along).await?;
    Ok(Next::Now)
}

async fn read(context: &StoreContext, walk: &Sweep, ask: Ask) -> Result<Page, WooError> {
    // The listing of customers carries everything that a reconcile could compare.
    let is_whole = walk.purpose == Purpose::Reconcile || walk.resource == Resource::Customers;
    Ok(if is_whole {
        Page::of(listing::records(context, ask).await?, Rows::Records)
    } else {
        Page::of(listing::glances(context, ask).await?, Rows::Glances)
    })
}

async fn held_in(
    context: &StoreContext,
    walk: &Sweep,
    listing: &str,
    stretch: Stretch,
) -> Result<Vec<HeldRow>, WorkError> {
    let limit = if stretch.up_to == i64::MAX { MOST_BEHIND } else { u32::MAX };
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = sweeps::held(&tx, context.store, walk.resource, listing, stretch, limit).await?;
    tx.commit().await?;
    Ok(held)
}

/// Stores what a page tells together with the walk's new place.
async fn store(
    context: &StoreContext,
    walk: Sweep,
    page: Page,
    held: &[HeldRow],
    as_of: Timestamp,
    found: &mut Vec<NewDrift>,
    mut along: Along<'_>,
) -> Result<(), WorkError> {
    let now = context.now();
    let is_first = walk.resource == Resource::Customers && walk.purpose == Purpose::Sweep && walk.closed_at.is_none();
    along.dead.extend(page.poison.into_iter().map(|bad| undecodable(context.store, walk.resource, bad, now)));
    let desk = context.desk().await;
    let mut plan = Plan::default();
    let seen = tell::Seen { held, asked_at: page.asked_at, as_of };
    match page.rows {
        Rows::Glances(glances) => {
            let doubts = tell::doubts(context, &walk, &glances, seen).await?;
            let key = |id: RemoteId| (Noun::from(walk.resource), id);
            let wishes = doubts.ids.into_iter().map(key);
            along.rechecks.extend(wishes.map(|key| wish(context, &key, key.0.into(), "drift", source(walk.purpose))));
            found.extend(doubts.drifts);
        }
        Rows::Records(records) => {
            // The first walk over customers is their import.
            let source = if is_first { Source::Backfill } else { source(walk.purpose) };
            plan = compare(context, &desk, versions(records, source, page.asked_at, now)).await?;
            if !is_first {
                found.extend(tell::repairs(context, &plan, seen).await?);
            }
        }
    }
    write(context, &desk, &walk, &plan, along, found).await
}

/// Goes on after a record that breaks every page it is on, or past a listing that the keys may not read.
async fn pass_by(context: &StoreContext, mut walk: Sweep, ask: Ask, error: WooError) -> Result<Next, WorkError> {
    let mut along = Along::default();
    let may_lack_rights = matches!(walk.resource, Resource::Customers | Resource::Coupons);
    if error.class == Failure::Forbidden && may_lack_rights {
        tracing::warn!(store.id = %context.store, resource = %walk.resource, %error, "listing cannot be walked");
        walk.finished_at = Some(context.now());
    } else {
        match isolate(context, ask, source(walk.purpose), error).await? {
            Broken::Known(wish) => along.rechecks.push(wish),
            Broken::Nameless(letter) => along.dead.push(letter),
        }
        walk.done = i64::from(ask.page);
        if walk.expected.is_some_and(|expected| walk.done >= expected) {
            // What we hold behind it is looked at by the next run.
            walk.finished_at = Some(context.now());
        }
    }
    let desk = context.desk().await;
    write(context, &desk, &walk, &Plan::default(), along, &[]).await?;
    Ok(Next::Now)
}

fn disbelieved(walk: &Sweep, suspects: usize, held: usize) -> NewEntry {
    let detail = json!({
        "purpose": walk.purpose.as_str(),
        "resource": walk.resource.as_str(),
        "listing": walk.listing,
        "suspects": suspects,
        "held": held,
    });
    NewEntry::of_engine("sweep_disbelieved", detail)
}

impl Page {
    fn of<T>(read: Read<T>, wrap: fn(Vec<T>) -> Rows) -> Self {
        let Read { items, poison, total, is_last, asked_at } = read;
        Self { rows: wrap(items), poison, total, is_last, asked_at }
    }

    /// The ids that stand on it, readable or not.
    fn ids(&self) -> Vec<RemoteId> {
        let mut ids: Vec<RemoteId> = match &self.rows {
            Rows::Glances(glances) => glances.iter().map(|glance| glance.remote_id.clone()).collect(),
            Rows::Records(records) => records.iter().map(|record| record.key().1).collect(),
        };
        ids.extend(self.poison.iter().filter_map(|bad| bad.remote_id.clone()));
        ids
    }
}
