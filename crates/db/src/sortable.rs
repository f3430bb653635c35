//! Names that lists are ordered by: an index takes a row of some 2,700 bytes, and anybody may call himself whatever he likes.

/// Longer than any name that is meant; at four bytes each still short enough for an index.
const MOST_CHARACTERS: usize = 500;

/// As much of a name as an index can hold.
pub(crate) fn sortable(name: &str) -> &str {
    name.char_indices().nth(MOST_CHARACTERS).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_too_long_is_cut_and_never_inside_a_character() {
        assert_eq!(sortable("Ada Lovelace"), "Ada Lovelace");
        let exact = "ü".repeat(MOST_CHARACTERS);
        assert_eq!(sortable(&exact), exact);
        assert_eq!(sortable(&"👍".repeat(10_000)), "👍".repeat(MOST_CHARACTERS));
    }
}
