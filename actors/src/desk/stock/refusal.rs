//! Why something is not done with stock.

use serde_json::Value;

use super::super::{DeskError, Refusal, RefusalKind};

/// A rule that speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StockRefusal {
    /// Not what the person saw.
    Changed,
    NotCounted,
    CountedByParent,
    /// The preview is too old to be written.
    Expired,
    /// Written or dropped already.
    NotPreviewed,
    /// The file is no table of counts.
    BadFile,
    /// More lines than a file may have.
    TooManyLines,
}

impl StockRefusal {
    /// The refusal, with what helps to understand it.
    pub(super) fn with(self, detail: Value) -> DeskError {
        let (code, kind, words) = match self {
            Self::Changed => ("changed", RefusalKind::Outdated, "it is no longer what you saw"),
            Self::NotCounted => ("not_counted", RefusalKind::Unprocessable, "the store does not count this product"),
            Self::CountedByParent => {
                ("counted_by_parent", RefusalKind::Unprocessable, "the variable product counts for all its variations")
            }
            Self::Expired => ("expired", RefusalKind::Conflict, "it was looked at too long ago; look at it again"),
            Self::NotPreviewed => ("not_previewed", RefusalKind::Conflict, "it was written or dropped already"),
            Self::BadFile => (
                "bad_file",
                RefusalKind::Unprocessable,
                "its first line must name the columns sku and stock, once each",
            ),
            Self::TooManyLines => ("too_many_lines", RefusalKind::Unprocessable, "it has too many lines"),
        };
        DeskError::Refused(Box::new(Refusal { code, kind, words, detail }))
    }
}
