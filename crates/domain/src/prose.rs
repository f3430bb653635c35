//! What a text says, whatever a store's filters make of it: WordPress wraps paragraphs, curls quotes and writes characters as entities.

/// A line's end that is told from those of the HTML.
const BREAK: &str = "\u{2028}";
/// The characters of the longest entity that is known, between `&` and `;`.
const LONGEST_ENTITY: usize = 8;

/// The text as a person would type it: paragraphs by blank lines, as WordPress makes them; other tags stay.
#[must_use]
pub fn typed(html: &str) -> String {
    let text = without_tags(html, |name, is_end| match (name, is_end) {
        ("p", true) => Some("\n\n"),
        ("p", false) => Some(""),
        ("br", _) => Some(BREAK),
        _ => None,
    });
    // WordPress breaks the line in its HTML as well.
    let text = text.replace("\u{2028}\n", "\n").replace(BREAK, "\n");
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        let follows_blank = lines.last().is_none_or(|last| last.is_empty());
        if !(line.is_empty() && follows_blank) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// The text in the one form in which equal texts are equal: one line, without paragraphs, entities and typographic signs. Other tags stay,
/// so that a word set in bold is a change.
#[must_use]
pub fn plain(html: &str) -> String {
    let said: String = decoded(&typed(html)).chars().map(typewritten).collect();
    let said = said.replace('…', "...");
    let mut told = String::with_capacity(said.len());
    for word in said.split_whitespace() {
        if !told.is_empty() {
            told.push(' ');
        }
        for c in word.chars() {
            // Two and three hyphens become one dash on the way, and that one hyphen here.
            if !(c == '-' && told.ends_with('-')) {
                told.push(c);
            }
        }
    }
    told
}

/// The characters that survive every filter: no tags, no quotes, no blanks, entities decoded.
#[must_use]
pub fn gist(html: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '<' | '>' | '&' | '"' | '\'' | '\\');
    decoded(&without_tags(html, |_, _| Some(""))).chars().filter(kept).collect()
}

/// Replaces tags by what `instead` gives for their lower-case names; those that it gives nothing for stay.
fn without_tags(text: &str, instead: impl Fn(&str, bool) -> Option<&'static str>) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        rest = after;
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        // It ends before the next one begins: who looked further would read a text of nothing but beginnings once for each of them.
        let tag = is_tag.then(|| after.split_once(['<', '>'])).flatten().filter(|(inside, _)| ends_here(after, inside));
        match tag.and_then(|(inside, behind)| Some((replaced(inside, &instead)?, behind))) {
            Some((put, behind)) => {
                kept.push_str(put);
                rest = behind;
            }
            None => kept.push('<'),
        }
    }
    kept.push_str(rest);
    kept
}

/// Whether what follows `inside` is the end of a tag, not the beginning of another.
fn ends_here(after: &str, inside: &str) -> bool {
    after.as_bytes().get(inside.len()) == Some(&b'>')
}

fn replaced(inside: &str, instead: impl Fn(&str, bool) -> Option<&'static str>) -> Option<&'static str> {
    let name = inside.trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    instead(&name.get(..end)?.to_ascii_lowercase(), inside.starts_with('/'))
}

fn decoded(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        told.push_str(before);
        let end = after.bytes().take(LONGEST_ENTITY + 1).position(|byte| byte == b';');
        let entity = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?)));
        match entity.and_then(|(name, behind)| Some((character(name)?, behind))) {
            Some((c, behind)) => {
                told.push(c);
                rest = behind;
            }
            None => {
                told.push('&');
                rest = after;
            }
        }
    }
    told.push_str(rest);
    told
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = entity.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
            hexadecimal.unwrap_or_else(|| number.parse()).ok().and_then(char::from_u32)
        }
    }
}

/// The sign on a typewriter for the one that WordPress shows in its place.
const fn typewritten(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => '"',
        '\u{2013}' | '\u{2014}' => '-',
        '\u{d7}' => 'x',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wordpress_shows_says_what_was_typed() {
        let typed = "Cups & bowls -- \"hand made\"...\n\nBy Ada's <b>own</b> hands,\n2x3 cm";
        let shown = "<p>Cups &amp; bowls &#8211; &#8220;hand made&#8221;&#8230;</p>\n<p>By Ada&#8217;s <b>own</b> hands,<br />\n\
                     2&#215;3 cm</p>\n";
        assert_eq!(plain(shown), plain(typed));
        assert_eq!(plain(shown), "Cups & bowls - \"hand made\"... By Ada's <b>own</b> hands, 2x3 cm");
    }

    #[test]
    fn another_text_stays_another() {
        for (one, other) in [("1.5 kg", "15 kg"), ("<b>hot</b>", "hot"), ("1 < 2", "1 2"), ("a b", "ab"), ("x", "")] {
            assert_ne!(plain(one), plain(other), "{one}");
        }
    }

    #[test]
    fn paragraphs_are_typed_as_blank_lines_and_other_tags_stay() {
        let shown = "<p>One <em>cup</em><br />\nof tea</p>\n\n\n<P class=\"x\">1 < 2 &amp; 3</p>\n";
        assert_eq!(typed(shown), "One <em>cup</em>\nof tea\n\n1 < 2 &amp; 3");
        assert_eq!(typed("plain"), "plain");
        assert_eq!((typed("<p></p>").as_str(), typed("a <").as_str(), typed("<pre>x").as_str()), ("", "a <", "<pre>x"));
    }

    #[test]
    fn a_text_of_nothing_but_beginnings_is_read_in_one_go() {
        for beginning in ["<", "&", "<a", "</p", "&am"] {
            let text = beginning.repeat(1 << 20);
            assert_eq!(plain(&text), text, "{beginning}");
        }
    }

    #[test]
    fn the_gist_survives_every_filter() {
        let text = "Tom & Ada's <b>box</b> 1 < 2 > 0 👍";
        assert_eq!(gist(text), gist("Tom &amp; Ada\\'s  box 1 &lt; 2 &gt; 0\n&#x1F44D;"));
        assert_ne!(gist(text), gist("Tom & Ada's <b>box</b> 1 < 2 > 1 👍"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read_and_its_form_is_settled(text in "[ -~<>&;/pbr#\\n…–]{0,60}") {
            let _ = gist(&text);
            proptest::prop_assert_eq!(typed(&typed(&text)), typed(&typed(&typed(&text))));
        }
    }
}
