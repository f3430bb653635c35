//! What a form says of the files that it takes.

use serde_json::json;

use crate::panel::words::Words;

/// How many files of how many bytes at most, and of which kinds.
#[must_use]
pub fn files_hint(files: usize, bytes: usize, t: &Words) -> String {
    let whole = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    let size = match bytes >> 20 {
        0 => t.count("ticket-file-size", whole(bytes >> 10)),
        megabytes => t.count("ticket-file-megabytes", whole(megabytes)),
    };
    t.told("ticket-files-hint", &["n", "size"], &json!({ "n": files, "size": size }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_the_operator_lets_it_take() {
        let said = |files, bytes| files_hint(files, bytes, &Words::default());
        for (text, parts) in [
            (said(5, 10 << 20), ["Up to", "5", "10"]),
            (said(1, 2 << 20), ["One file", "2", "MB"]),
            (said(3, 512 << 10), ["3", "512", "KB"]),
        ] {
            assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        }
    }
}
