//! Whether a version of a record replaces the one we hold. Pure: this is the rule that keeps a row from going back in time.

#[cfg(test)]
mod any_order;

use jiff::Timestamp;

/// How far a version can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Delivered, and received at this time: a snapshot of some moment before, perhaps repeated or overtaken.
    Hint(Timestamp),
    /// Read from the store among others, asked for at this time.
    Fresh(Timestamp),
    /// Read by itself, asked for at this time: nothing that we held then is newer, whatever its dates say.
    Asked(Timestamp),
}

impl Trust {
    /// When the store was asked; `None` if it spoke by itself.
    pub(crate) const fn asked_at(self) -> Option<Timestamp> {
        match self {
            Self::Hint(_) => None,
            Self::Fresh(at) | Self::Asked(at) => Some(at),
        }
    }
}

/// What we hold of the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding<'a> {
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) content_hash: &'a [u8],
    /// When our copy was last written.
    pub(crate) saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub(crate) read_at: Option<Timestamp>,
    /// In the trash in our copy; its content says so too.
    pub(crate) is_trashed: bool,
    /// Deleted in our copy; its content is the last that was seen.
    pub(crate) is_deleted: bool,
}

/// What to do with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It replaces what we hold.
    Store,
    /// The content is what we hold; only its modification time moved.
    Touch,
    /// It changes nothing, for this reason.
    Ignore(&'static str),
    /// It cannot be judged from here: ask the store.
    Ask,
}

/// Compares a version with what we hold. Times are whole seconds, so two versions of one second are told apart by content;
/// which of them is newer only the store knows. It also has the last word where its dates went back: its clock was set, or an older state
/// of it was restored.
pub(crate) fn decide(
    held: Option<Holding<'_>>,
    modified_at: Option<Timestamp>,
    content_hash: &[u8],
    trust: Trust,
) -> Decision {
    let Some(held) = held else { return Decision::Store };
    let is_same = held.content_hash == content_hash && !held.is_deleted;
    match trust {
        Trust::Hint(_) if held.is_trashed || held.is_deleted => Decision::Ask,
        Trust::Hint(received_at) => match (held.modified_at, modified_at) {
            (Some(ours), Some(theirs)) if theirs < ours => Decision::Ignore("older"),
            (Some(ours), Some(theirs)) if theirs > ours && is_same => Decision::Touch,
            // Received before the store was asked, and dated after its answer: its clock was set back meanwhile, or ours are apart.
            (Some(ours), Some(theirs)) if theirs > ours && held.read_at.is_some_and(|at| at >= received_at) => {
                Decision::Ask
            }
            (Some(ours), Some(theirs)) if theirs > ours => Decision::Store,
            _ if is_same => Decision::Ignore("same"),
            _ => Decision::Ask,
        },
        Trust::Fresh(_) | Trust::Asked(_) if is_same && held.modified_at == modified_at => Decision::Ignore("same"),
        Trust::Fresh(at) => match (held.modified_at, modified_at) {
            (Some(ours), Some(theirs)) if theirs < ours => Decision::Ask,
            // Word of another version of that second, or of its end, came while the page was on its way: which is newer?
            (ours, theirs) if theirs <= ours && held.saved_at > at => Decision::Ask,
            _ if is_same => Decision::Touch,
            _ => Decision::Store,
        },
        Trust::Asked(at) => match (held.modified_at, modified_at) {
            // Word of something as new or newer came while the store was asked: its answer may tell of before.
            (ours, theirs) if theirs <= ours && held.saved_at > at => Decision::Ask,
            _ if is_same => Decision::Touch,
            _ => Decision::Store,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &[u8] = b"old";
    const NEW: &[u8] = b"new";

    fn second(at: i64) -> Option<Timestamp> {
        Timestamp::from_second(at).ok()
    }

    fn moment(at: i64) -> Timestamp {
        Timestamp::from_second(at).unwrap()
    }

    /// A page that was asked for after our copy was written.
    fn fresh() -> Trust {
        Trust::Fresh(moment(60))
    }

    /// Our copy, written in second 50.
    fn holding(at: i64, content_hash: &[u8]) -> Holding<'_> {
        let saved_at = moment(50);
        Holding { modified_at: second(at), content_hash, saved_at, read_at: None, is_trashed: false, is_deleted: false }
    }

    /// A delivery received in second 60.
    fn hint() -> Trust {
        Trust::Hint(moment(60))
    }

    fn held(at: i64, content_hash: &[u8]) -> Option<Holding<'_>> {
        Some(holding(at, content_hash))
    }

    #[test]
    fn an_older_version_never_replaces_a_newer_one() {
        assert_eq!(decide(held(10, NEW), second(9), OLD, hint()), Decision::Ignore("older"));
        assert_eq!(decide(held(10, NEW), second(9), OLD, fresh()), Decision::Ask);
    }

    #[test]
    fn what_the_store_says_when_asked_counts_even_if_its_dates_went_back() {
        let (before, after) = (Trust::Asked(moment(40)), Trust::Asked(moment(60)));
        assert_eq!(decide(held(10, NEW), second(9), OLD, after), Decision::Store);
        assert_eq!(decide(held(10, NEW), second(9), NEW, after), Decision::Touch);
        assert_eq!(decide(held(10, NEW), second(10), NEW, after), Decision::Ignore("same"));
        assert_eq!(decide(held(10, NEW), second(9), OLD, before), Decision::Ask);
        assert_eq!(decide(held(10, OLD), second(10), NEW, before), Decision::Ask);
        assert_eq!(decide(held(10, OLD), second(11), NEW, before), Decision::Store);
    }

    #[test]
    fn a_repeated_delivery_changes_nothing() {
        assert_eq!(decide(held(10, NEW), second(10), NEW, hint()), Decision::Ignore("same"));
    }

    #[test]
    fn two_versions_of_one_second_are_settled_by_asking_the_store() {
        assert_eq!(decide(held(10, OLD), second(10), NEW, hint()), Decision::Ask);
        assert_eq!(decide(held(10, OLD), second(10), NEW, fresh()), Decision::Store);
    }

    #[test]
    fn a_page_that_was_overtaken_on_its_way_does_not_win_by_coming_later() {
        let overtaken = Trust::Fresh(moment(40));
        assert_eq!(decide(held(10, NEW), second(10), OLD, overtaken), Decision::Ask);
        assert_eq!(decide(held(10, NEW), second(10), NEW, overtaken), Decision::Ignore("same"));
        assert_eq!(decide(held(10, OLD), second(11), NEW, overtaken), Decision::Store);
        let gone = Some(Holding { is_deleted: true, ..holding(10, OLD) });
        assert_eq!(decide(gone, second(10), OLD, overtaken), Decision::Ask);
        // Records without a date are told apart by content alone.
        let dateless = Some(Holding { modified_at: None, ..holding(10, NEW) });
        assert_eq!(decide(dateless, None, OLD, overtaken), Decision::Ask);
        assert_eq!(decide(dateless, None, OLD, fresh()), Decision::Store);
    }

    #[test]
    fn a_late_update_of_something_gone_is_not_believed() {
        let gone = Some(Holding { is_deleted: true, ..holding(10, OLD) });
        assert_eq!(decide(gone, second(11), NEW, hint()), Decision::Ask);
        assert_eq!(decide(gone, second(10), OLD, fresh()), Decision::Store);
    }

    #[test]
    fn a_delivery_that_waited_while_the_store_was_read_is_asked_about_whatever_its_date() {
        let read = |at| Some(Holding { read_at: second(at), ..holding(10, OLD) });
        assert_eq!(decide(read(61), second(11), NEW, hint()), Decision::Ask);
        assert_eq!(decide(read(60), second(11), NEW, hint()), Decision::Ask);
        assert_eq!(decide(read(59), second(11), NEW, hint()), Decision::Store);
        assert_eq!(decide(read(61), second(11), OLD, hint()), Decision::Touch);
        assert_eq!(decide(read(61), second(9), NEW, hint()), Decision::Ignore("older"));
    }

    #[test]
    fn the_trash_read_again_changes_nothing() {
        let trashed = Some(Holding { is_trashed: true, ..holding(10, OLD) });
        assert_eq!(decide(trashed, second(10), OLD, fresh()), Decision::Ignore("same"));
        assert_eq!(decide(trashed, second(10), NEW, fresh()), Decision::Store);
        assert_eq!(decide(trashed, second(11), NEW, hint()), Decision::Ask);
    }

    #[test]
    fn a_save_without_a_change_only_moves_the_time() {
        assert_eq!(decide(held(10, NEW), second(12), NEW, hint()), Decision::Touch);
        assert_eq!(decide(held(10, NEW), second(12), NEW, fresh()), Decision::Touch);
        assert_eq!(decide(held(10, NEW), second(10), NEW, fresh()), Decision::Ignore("same"));
    }
}
