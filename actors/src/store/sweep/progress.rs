//! How a walk moves over a page, and which of the records that we hold it lacks. Pure.

use jiff::Timestamp;
use storewire_db::{
    rechecks::NewRecheck,
    sweeps::{HeldRow, Stretch, Sweep},
};
use storewire_domain::RemoteId;

use super::{
    super::{follow::wish_at, record::Noun},
    source,
};

/// What a page says of its listing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    pub(crate) page: u32,
    pub(crate) per_page: u32,
    /// Rows of the whole listing, if the answer tells.
    pub(crate) total: Option<i64>,
    pub(crate) is_last: bool,
}

/// The page to ask for next.
pub(crate) fn next_page(walk: &Sweep, per_page: u32) -> u32 {
    u32::try_from(walk.done / i64::from(per_page) + 1).unwrap_or(u32::MAX)
}

/// Where the walk turns back to, if rows in front of the page are gone: what stood at its beginning has slipped to the page before.
pub(crate) fn slipped(walk: &Sweep, total: Option<i64>) -> Option<Sweep> {
    let (before, now) = (walk.expected?, total?);
    let has_shrunk = now < before && now > 0 && walk.done > 0;
    has_shrunk.then(|| Sweep { done: (walk.done - (before - now)).max(0), expected: total, ..walk.clone() })
}

/// The ids that a page speaks for: from where the walk stands to its own highest, or to the end of them all.
pub(crate) fn stretch(walk: &Sweep, ids: &[RemoteId], is_last: bool) -> Stretch {
    Stretch { after: walk.position, up_to: if is_last { i64::MAX } else { highest(walk, ids) } }
}

/// Records that we held already when a page was asked for which does not show them.
pub(crate) fn absent<'h>(held: &'h [HeldRow], ids: &[RemoteId], asked_at: Timestamp) -> Vec<&'h HeldRow> {
    held.iter().filter(|row| row.saved_at <= asked_at && !ids.contains(&row.remote_id)).collect()
}

/// Moves the walk behind a page. One whose silence is not believed ends it.
pub(crate) fn pass(walk: &mut Sweep, ids: &[RemoteId], shown: Shown, is_believed: bool, now: Timestamp) {
    walk.position = highest(walk, ids);
    walk.expected = shown.total.or(walk.expected);
    walk.done = i64::from(shown.page) * i64::from(shown.per_page);
    if shown.is_last || !is_believed {
        walk.done = walk.done.min(walk.expected.unwrap_or(walk.done));
        walk.finished_at = Some(now);
    }
}

/// The questions about records that a walk lacks.
pub(crate) fn absences(walk: &Sweep, absent: &[&HeldRow], now: Timestamp) -> Vec<NewRecheck> {
    let noun = Noun::from(walk.resource);
    let ask =
        |row: &&HeldRow| wish_at(now, &(noun, row.remote_id.clone()), noun.into(), "absent", source(walk.purpose));
    absent.iter().map(ask).collect()
}

fn highest(walk: &Sweep, ids: &[RemoteId]) -> i64 {
    let numbers = ids.iter().filter_map(|id| id.as_str().parse().ok());
    numbers.max().unwrap_or(walk.position).max(walk.position)
}
