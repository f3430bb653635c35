//! Who wrote an HTML page that came instead of JSON, told by its words.

use crate::{Failure, answer::Answer};

/// Pages say who they are near their top.
const SEARCHED: usize = 64 * 1024;

/// Words of firewalls and challenges.
const BLOCK: &[&str] = &[
    "cf-chl",
    "cf_chl",
    "challenge-platform",
    "attention required! | cloudflare",
    "just a moment...",
    "wordfence",
    "captcha",
    "mod_security",
    "modsecurity",
    "not acceptable!",
    "sucuri",
    "imunify360",
    "incapsula",
    "ddos-guard",
    "solid security",
    "ithemes",
];

/// Words of a shop that is closed for a while.
const MAINTENANCE: &[&str] = &["maintenance", "coming soon", "be right back", "under construction", "bakım"];

/// Words of a page that wants a person to log in; looked for last, since maintenance pages link to it too.
const LOGIN: &[&str] = &["wp-login", "loginform", "access denied", "forbidden"];

/// What an HTML page stands for, if its words or headers say so.
pub(crate) fn page_class(answer: &Answer) -> Option<Failure> {
    if answer.header("cf-mitigated").is_some() {
        return Some(Failure::Blocked);
    }
    let start = answer.body.get(..SEARCHED).unwrap_or(&answer.body);
    let text = String::from_utf8_lossy(start).to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(BLOCK) {
        Some(Failure::Blocked)
    } else if says(MAINTENANCE) {
        Some(Failure::Maintenance)
    } else if says(LOGIN) {
        Some(Failure::Blocked)
    } else {
        None
    }
}
