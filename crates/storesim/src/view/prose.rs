//! Descriptions as WordPress shows them.

/// The shortcode that these shops know, and what its plugin puts in its place.
const HOURS: (&str, &str) = ("[opening_hours]", "<table><tr><td>Mon-Fri</td><td>9-17</td></tr></table>");

/// A description as visitors see it: shortcodes carried out, then paragraphs wrapped.
#[must_use]
pub fn shown(text: &str) -> String {
    let (code, instead) = HOURS;
    paragraphs(&text.replace(code, instead))
}

/// Wraps paragraphs and breaks lines, unless the text has its own paragraphs.
fn paragraphs(text: &str) -> String {
    if text.trim().is_empty() || text.trim_start().starts_with("<p") {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n");
    let paragraphs = text.split("\n\n").map(str::trim).filter(|one| !one.is_empty());
    paragraphs.map(|one| format!("<p>{}</p>\n", one.replace('\n', "<br />\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_in_paragraphs() {
        assert_eq!(
            shown("One\ntwo\r\n\r\n\nThree & <b>four</b>"),
            "<p>One<br />\ntwo</p>\n<p>Three & <b>four</b></p>\n"
        );
        assert_eq!((shown("<p>One</p>\n").as_str(), shown("").as_str()), ("<p>One</p>\n", ""));
    }

    #[test]
    fn a_known_shortcode_is_carried_out_and_another_stays() {
        assert!(shown("Open [opening_hours]").starts_with("<p>Open <table>"));
        assert_eq!(shown("<p>[gallery]</p>"), "<p>[gallery]</p>");
    }
}
