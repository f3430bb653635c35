//! How a checkpoint moves through its windows: what is asked for next, and what a page's answer means. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use storewire_db::checkpoints::Checkpoint;
use storewire_domain::window::Window;

use super::place::{Answer, Place};

/// What a window is opened by.
pub(crate) struct Opening<'c> {
    /// Our own time.
    pub(crate) now: Timestamp,
    /// The store's; ours while it has told none.
    pub(crate) store_now: Timestamp,
    /// How many seconds the store's clock is ahead of ours.
    pub(crate) clock_ahead: Option<i64>,
    /// How far a pull reaches back behind its checkpoint.
    pub(crate) overlap: Duration,
    pub(crate) zone: &'c TimeZone,
}

/// A page that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) window: Window,
    /// The window reaches further back than it must, to show again the newest row that is known.
    pub(crate) is_widened: bool,
    pub(crate) page: u32,
    pub(crate) per_page: u32,
}

/// What was on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// Nothing, readable or not.
    pub(crate) is_empty: bool,
    /// The latest modification among its records.
    pub(crate) newest: Option<Timestamp>,
    pub(crate) answer: Answer,
}

/// What is to be done with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// Store it with the checkpoint, which has moved.
    Store,
    /// Store nothing but the checkpoint: too much would be read again only to be sure of the listing.
    TooMany,
    /// Nothing is where something should be; the checkpoint has not moved.
    Doubt,
}

/// Opens the next window, closed by the store's own clock.
pub(crate) fn open(checkpoint: &mut Checkpoint, opening: &Opening<'_>) -> (Window, bool) {
    let overlap = if checkpoint.backfilled_at.is_some() { opening.overlap } else { Duration::ZERO };
    let mut due = Window::since(checkpoint.position, overlap, opening.store_now, opening.zone);
    if let Some(back) = clock_set_back(checkpoint, opening.clock_ahead) {
        due = due.reaching(due.after.checked_sub(back).unwrap_or(due.after));
    }
    let just_before = checkpoint.newest.and_then(|newest| newest.checked_sub(SignedDuration::from_secs(1)).ok());
    let window = due.reaching(just_before.unwrap_or(due.after));
    checkpoint.walk = Some(window);
    checkpoint.began_at = Some(opening.now);
    (checkpoint.done, checkpoint.expected) = (0, None);
    (window, window != due)
}

/// The page to ask for next, with so many rows to a page.
pub(crate) fn next_page(checkpoint: &Checkpoint, per_page: u32) -> u32 {
    place(checkpoint).page(per_page)
}

/// Whether a window ends in what is still to come by the store's own clock: what is modified until then would be passed by.
pub(crate) fn ends_in_future(window: Window, store_now: Timestamp) -> bool {
    // Clocks are read to the second, the store's and ours.
    store_now.checked_add(SignedDuration::from_secs(1)).is_ok_and(|latest| window.before > latest)
}

/// Moves the checkpoint behind a page, if that page is believed.
pub(crate) fn after_page(checkpoint: &mut Checkpoint, asked: Asked, shown: Shown, now: Timestamp) -> After {
    let Asked { window, is_widened, page, per_page } = asked;
    if is_widened && !shown.answer.is_last {
        checkpoint.newest = None;
        abandon(checkpoint);
        return After::TooMany;
    }
    if shown.is_empty && (page > 1 || checkpoint.newest.is_some()) {
        return After::Doubt;
    }
    checkpoint.newest = checkpoint.newest.max(shown.newest.filter(|newest| *newest < window.before));
    let next = place(checkpoint).after(page, per_page, shown.answer);
    move_to(checkpoint, window, next, now);
    After::Store
}

/// Whether rows are counted where a page that told of none was empty: its query failed inside, and the one that counted did not.
pub(crate) fn is_contradicted(asked: Asked, counted: i64) -> bool {
    counted > in_front(asked)
}

/// Moves the checkpoint behind an empty page that is believed: its rows are gone from the window, and what was in front of them is read.
pub(crate) fn after_empty(checkpoint: &mut Checkpoint, asked: Asked, total: i64, now: Timestamp) {
    if asked.page == 1 {
        checkpoint.newest = None;
    }
    move_to(checkpoint, asked.window, Place::in_front(in_front(asked).min(total), total), now);
}

/// Rows in front of a page.
fn in_front(asked: Asked) -> i64 {
    i64::from(asked.page.saturating_sub(1)) * i64::from(asked.per_page)
}

/// Moves the checkpoint to where no more than so many rows are left in front of it.
pub(crate) fn move_in_front(checkpoint: &mut Checkpoint, window: Window, left: i64, total: i64, now: Timestamp) {
    move_to(checkpoint, window, Place::in_front(left, total), now);
}

/// Gives a window up: the next one begins where this one did.
pub(crate) fn abandon(checkpoint: &mut Checkpoint) {
    checkpoint.walk = None;
    (checkpoint.done, checkpoint.expected) = (0, None);
}

fn place(checkpoint: &Checkpoint) -> Place {
    Place { total: checkpoint.expected, done: checkpoint.done }
}

/// Where the walk goes on, or what is known at its end.
fn move_to(checkpoint: &mut Checkpoint, window: Window, next: Option<Place>, now: Timestamp) {
    match next {
        Some(place) => (checkpoint.expected, checkpoint.done) = (place.total, place.done),
        None => {
            abandon(checkpoint);
            checkpoint.position = window.before;
            checkpoint.clock_ahead = ahead_at_begin(checkpoint, window);
            checkpoint.backfilled_at = checkpoint.backfilled_at.or(Some(now));
        }
    }
}

/// By how much the store's clock was set back since the checkpoint was taken: what changed since may carry times from before it.
fn clock_set_back(checkpoint: &Checkpoint, clock_ahead: Option<i64>) -> Option<SignedDuration> {
    let back = checkpoint.clock_ahead? - clock_ahead?;
    (back > 0).then(|| SignedDuration::from_secs(back))
}

/// How far the store's clock was ahead when the window was closed by it; it may have been set since.
fn ahead_at_begin(checkpoint: &Checkpoint, window: Window) -> Option<i64> {
    checkpoint.began_at.map(|began_at| window.before.as_second() - began_at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_may_end_now_and_not_later() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let window = Window { after: at(0), before: at(1_000) };
        assert!(
            !ends_in_future(window, at(1_000))
                && !ends_in_future(window, at(999))
                && !ends_in_future(window, at(5_000))
        );
        assert!(ends_in_future(window, at(998)));
    }

    #[test]
    fn a_page_that_shows_nothing_where_rows_are_counted_is_not_believed() {
        let at = Timestamp::UNIX_EPOCH;
        let page = |page| Asked { window: Window { after: at, before: at }, is_widened: false, page, per_page: 10 };
        assert!(is_contradicted(page(1), 1) && is_contradicted(page(3), 21));
        assert!(!is_contradicted(page(1), 0) && !is_contradicted(page(3), 20));
    }
}
