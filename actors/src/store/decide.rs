//! Whether a version of a record replaces the one we hold. Pure: this is the rule that keeps a row from going back in time.

use jiff::Timestamp;

/// How far a version can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Delivered: a snapshot of some moment, perhaps repeated or overtaken.
    Hint,
    /// Just read from the store by its only reader.
    Fresh,
}

/// What we hold of the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding<'a> {
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) content_hash: &'a [u8],
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
/// which of them is newer only the store knows.
pub(crate) fn decide(
    held: Option<Holding<'_>>,
    modified_at: Option<Timestamp>,
    content_hash: &[u8],
    trust: Trust,
) -> Decision {
    let Some(held) = held else { return Decision::Store };
    let is_same = held.content_hash == content_hash && !held.is_deleted;
    match trust {
        Trust::Hint if held.is_trashed || held.is_deleted => Decision::Ask,
        Trust::Hint => match (held.modified_at, modified_at) {
            (Some(ours), Some(theirs)) if theirs < ours => Decision::Ignore("older"),
            (Some(ours), Some(theirs)) if theirs > ours => {
                if is_same {
                    Decision::Touch
                } else {
                    Decision::Store
                }
            }
            _ if is_same => Decision::Ignore("same"),
            _ => Decision::Ask,
        },
        Trust::Fresh => match (held.modified_at, modified_at) {
            (Some(ours), Some(theirs)) if theirs < ours => Decision::Ignore("older"),
            (ours, theirs) if is_same => {
                if theirs > ours {
                    Decision::Touch
                } else {
                    Decision::Ignore("same")
                }
            }
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

    fn held(at: i64, content_hash: &[u8]) -> Option<Holding<'_>> {
        Some(Holding { modified_at: second(at), content_hash, is_trashed: false, is_deleted: false })
    }

    #[test]
    fn an_older_version_never_replaces_a_newer_one() {
        assert_eq!(decide(held(10, NEW), second(9), OLD, Trust::Hint), Decision::Ignore("older"));
        assert_eq!(decide(held(10, NEW), second(9), OLD, Trust::Fresh), Decision::Ignore("older"));
    }

    #[test]
    fn a_repeated_delivery_changes_nothing() {
        assert_eq!(decide(held(10, NEW), second(10), NEW, Trust::Hint), Decision::Ignore("same"));
    }

    #[test]
    fn two_versions_of_one_second_are_settled_by_asking_the_store() {
        assert_eq!(decide(held(10, OLD), second(10), NEW, Trust::Hint), Decision::Ask);
        assert_eq!(decide(held(10, OLD), second(10), NEW, Trust::Fresh), Decision::Store);
    }

    #[test]
    fn a_late_update_of_something_gone_is_not_believed() {
        let gone = Some(Holding { modified_at: second(10), content_hash: OLD, is_trashed: false, is_deleted: true });
        assert_eq!(decide(gone, second(11), NEW, Trust::Hint), Decision::Ask);
        assert_eq!(decide(gone, second(10), OLD, Trust::Fresh), Decision::Store);
    }

    #[test]
    fn the_trash_read_again_changes_nothing() {
        let trashed = Some(Holding { modified_at: second(10), content_hash: OLD, is_trashed: true, is_deleted: false });
        assert_eq!(decide(trashed, second(10), OLD, Trust::Fresh), Decision::Ignore("same"));
        assert_eq!(decide(trashed, second(10), NEW, Trust::Fresh), Decision::Store);
        assert_eq!(decide(trashed, second(11), NEW, Trust::Hint), Decision::Ask);
    }

    #[test]
    fn a_save_without_a_change_only_moves_the_time() {
        assert_eq!(decide(held(10, NEW), second(12), NEW, Trust::Hint), Decision::Touch);
        assert_eq!(decide(held(10, NEW), second(12), NEW, Trust::Fresh), Decision::Touch);
        assert_eq!(decide(held(10, NEW), second(10), NEW, Trust::Fresh), Decision::Ignore("same"));
    }
}
