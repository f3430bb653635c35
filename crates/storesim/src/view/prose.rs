//! Descriptions as WordPress shows them.

/// Wraps paragraphs and breaks lines, unless the text has its own paragraphs.
#[must_use]
pub fn paragraphs(text: &str) -> String {
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
            paragraphs("One\ntwo\r\n\r\n\nThree & <b>four</b>"),
            "<p>One<br />\ntwo</p>\n<p>Three & <b>four</b></p>\n"
        );
        assert_eq!((paragraphs("<p>One</p>\n").as_str(), paragraphs("").as_str()), ("<p>One</p>\n", ""));
    }
}
