//! What became of deeds about stock.

use crate::panel::{view::Notice, words::Words};

/// The notice for a word of theirs.
pub(super) fn notice(word: &str, t: &Words) -> Option<Notice> {
    let good = |text| Some(Notice { tone: "info", icon: "circle-check", text });
    let bad = |text| Some(Notice { tone: "bad", icon: "circle-alert", text });
    match word {
        "level" => good(t.get("said-level")),
        "not_counted" => bad(t.get("said-not-counted")),
        "import_written" => good(t.get("said-import-written")),
        "import_dropped" => good(t.get("said-import-dropped")),
        "import_expired" => bad(t.get("said-import-expired")),
        "import_no_store" => bad(t.get("said-import-no-store")),
        "import_no_file" => bad(t.get("said-import-no-file")),
        "bad_file" => bad(t.get("said-bad-file")),
        "too_many_lines" => bad(t.get("said-too-many-lines")),
        _ => None,
    }
}
