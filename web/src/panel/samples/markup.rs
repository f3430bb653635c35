//! A strict reader of our own HTML: every tag closed, every attribute quoted, nothing inline that could run.

use std::collections::HashSet;

const VOID: [&str; 7] = ["br", "hr", "img", "input", "link", "meta", "source"];

/// Fails if `html` is not well-formed or holds inline code or style.
pub fn check(name: &str, html: &str) {
    let mut open: Vec<String> = Vec::new();
    for (tag, attributes) in tags(name, html) {
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed), "{name}: </{closed}> closes something else");
            continue;
        }
        for (attribute, value) in &attributes {
            let is_code = attribute.starts_with("on") || attribute.starts_with("hx-on") || *attribute == "style";
            assert!(!is_code, "{name}: {attribute} on <{tag}>");
            assert!(!value.starts_with("javascript:") && !value.starts_with("js:"), "{name}: {attribute}={value}");
            // htmx evaluates bracketed trigger filters; the policy forbids it and so do we.
            assert!(*attribute != "hx-trigger" || !value.contains('['), "{name}: a filter in {value}");
        }
        if tag == "script" {
            let source = attributes.iter().find(|(attribute, _)| attribute == "src");
            assert!(source.is_some_and(|(_, value)| value.starts_with("/assets/")), "{name}: an inline script");
        }
        assert_ne!(tag, "style", "{name}: an inline style sheet");
        if !VOID.contains(&tag.as_str()) && !attributes.iter().any(|(attribute, _)| attribute == "/") {
            open.push(tag);
        }
    }
    assert!(open.is_empty(), "{name}: never closed: {open:?}");
}

/// Fails if an id is there twice.
pub fn check_unique_ids(name: &str, html: &str) {
    let mut seen = HashSet::new();
    for (_, attributes) in tags(name, html) {
        for (_, id) in attributes.into_iter().filter(|(attribute, _)| attribute == "id") {
            assert!(!id.is_empty() && !id.contains(char::is_whitespace), "{name}: id {id:?}");
            assert!(seen.insert(id.clone()), "{name}: id {id} twice");
        }
    }
}

type Tag = (String, Vec<(String, String)>);

fn tags(name: &str, html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("!doctype") {
            continue;
        }
        let is_tag = rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '/');
        assert!(is_tag, "{name}: a bare < before {:?}", rest.chars().take(30).collect::<String>());
        let end = tag_end(rest).unwrap_or_else(|| panic!("{name}: a tag without end"));
        found.push(tag(name, &rest[..end]));
        rest = &rest[end + 1..];
    }
    found
}

fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '>') => return Some(place),
            _ => {}
        }
    }
    None
}

fn tag(name: &str, text: &str) -> Tag {
    let (tag, mut rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let attribute = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(quoted) = rest.strip_prefix('=') {
            let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''));
            let quote = quote.unwrap_or_else(|| panic!("{name}: {attribute} of <{tag}> is not quoted"));
            let close = quoted[1..].find(quote).unwrap_or_else(|| panic!("{name}: {attribute} never ends"));
            value = &quoted[1..=close];
            rest = &quoted[close + 2..];
        }
        assert!(attributes.iter().all(|(other, _)| other != attribute), "{name}: {attribute} twice on <{tag}>");
        attributes.push((attribute.to_owned(), value.to_owned()));
    }
    (tag.trim_end_matches('/').to_owned(), attributes)
}

#[test]
fn the_reader_finds_what_it_is_there_to_find() {
    check("good", "<p class=\"a\"><br>x</p><svg><path d='M1 1' /></svg>");
    let bad = [
        "<p><b></p></b>",
        "<p>",
        "a < b",
        "<p onclick=\"x\"></p>",
        "<p style=\"x\"></p>",
        "<p class=a></p>",
        "<script>x</script>",
        "<script src=\"https://evil.example/x.js\"></script>",
        "<a href=\"javascript:x\"></a>",
        "<p hx-on:click=\"x\"></p>",
    ];
    for html in bad {
        assert!(std::panic::catch_unwind(|| check("bad", html)).is_err(), "{html}");
    }
    assert!(std::panic::catch_unwind(|| check_unique_ids("bad", "<p id=\"a\"></p><p id=\"a\"></p>")).is_err());
}
