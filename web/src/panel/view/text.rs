//! Text that a store sent, as its own pages would show it.

/// The longest entity that is looked for, between `&` and `;`.
const MAX_ENTITY_CHARS: usize = 8;

/// Decodes character references once: WordPress sends titles and names as `Fish &amp; Chips`. What comes out is plain text,
/// and templates escape it like any other.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        match reference(from) {
            Some((letter, length)) => {
                out.push(letter);
                rest = from.get(length..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The character that a text starting with `&` refers to, and how long the reference is.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.char_indices().take(MAX_ENTITY_CHARS + 2).find(|(_, letter)| *letter == ';')?.0;
    let name = text.get(1..end)?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "times" => '×',
        "reg" => '®',
        "trade" => '™',
        "copy" => '©',
        "euro" => '€',
        "pound" => '£',
        "deg" => '°',
        _ => numbered(name.strip_prefix('#')?)?,
    };
    Some((letter, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| !letter.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_the_letters_they_stand_for_once() {
        assert_eq!(plain("Fish &amp; Chips"), "Fish & Chips");
        assert_eq!(plain("O&#039;Hara &#8211; &#x1F600;"), "O'Hara – 😀");
        assert_eq!(plain("&amp;lt;script&amp;gt;"), "&lt;script&gt;");
        assert_eq!(plain("&lt;b&gt;"), "<b>");
    }

    #[test]
    fn what_is_no_reference_stays_as_it_is() {
        for text in
            ["", "&", "R&D; x", "a & b", "&;", "&#;", "&#x;", "&#0;", "&#999999999;", "&unknown;", "ğ&ş", "&amp"]
        {
            assert_eq!(plain(text), text);
        }
    }
}
