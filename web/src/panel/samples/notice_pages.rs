//! What one was told, and the delivery log of letters.

use std::{collections::BTreeSet, fs, path::Path};

use askama::Template;
use serde_json::json;
use storewire_db::{
    letters::{LetterRow, TryRow},
    notices::NoticeRow,
};
use storewire_domain::{
    LetterId, StoreId, TenantId,
    letter::{LetterFault, LetterState, TryOutcome},
};

use super::{
    data::{self, Cast, before, now},
    pages::frame,
};
use crate::panel::{
    filters,
    frame::Frame,
    url,
    view::{LetterLog, NoticeLine, NoticesPage},
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![("notices", notices(cast, &KINDS)), ("notices-none", notices(cast, &[])), ("letters", letters(cast))]
}

const KINDS: [&str; 28] = [
    "request-asked",
    "request-approved",
    "request-rejected",
    "request-commented",
    "request-reminded",
    "request-expired",
    "request-applied",
    "request-failed",
    "ticket-opened",
    "ticket-said",
    "ticket-assigned",
    "ticket-noted",
    "ticket-closed",
    "ticket-reopened",
    "ticket-late",
    "return-opened",
    "return-accepted",
    "return-declined",
    "return-received",
    "return-decided",
    "return-restocked",
    "return-restock-failed",
    "return-closed",
    "return-cancelled",
    "return-wrote",
    "return-said",
    "stock-low",
    "of-a-later-build",
];

fn notices(cast: Cast, kinds: &[&str]) -> String {
    let t = Words::default();
    let row = |(number, kind): (u128, &&str)| NoticeRow {
        tenant_id: TenantId(data::id(3)),
        id: data::id(3_000 + number),
        for_staff: true,
        kind: (*kind).to_owned(),
        detail: json!({ "number": 12, "about": cast.say("Stoneware mug"), "quantity": "2", "level": "5" }),
        about_kind: kind.split('-').next().unwrap().replace("stock", "product"),
        about_id: data::id(100),
        created_at: now(),
        read_at: (number > 3).then(now),
    };
    let lines: Vec<NoticeLine> = (0..).zip(kinds).map(row).map(|row| NoticeLine::new(&row, &t)).collect();
    let page = NoticesPage {
        frame: frame(cast, true, url::NOTICES, "notices"),
        newest: lines.first().map(|line| line.id.clone()),
        is_further: cast == Cast::Hostile,
        older: (!lines.is_empty()).then(|| "/notices?after=x".to_owned()),
        lines,
        t,
    };
    page.render().unwrap()
}

/// A page that holds nothing but the log.
#[derive(Template)]
#[template(
    source = r#"{% extends "layouts/app.html" %}{% block title %}R-12{% endblock %}{% block heading %}<h1>R-12</h1>{% endblock %}{% block body %}{% include "components/letters.html" %}{% endblock %}"#,
    ext = "html"
)]
struct LogPage {
    t: Words,
    frame: Frame,
    letters: LetterLog,
}

fn letters(cast: Cast) -> String {
    let t = Words::default();
    let tries = |outcomes: &[TryOutcome]| {
        let tried = |(number, outcome): (i16, &TryOutcome)| TryRow {
            number,
            at: now(),
            outcome: *outcome,
            said: cast.say("451 4.7.1 Try again later"),
        };
        (1..).zip(outcomes).map(tried).collect::<Vec<_>>()
    };
    let letter = |number: u128, state, fault, tries| LetterRow {
        tenant_id: TenantId(data::id(3)),
        id: LetterId(data::id(4_000 + number)),
        store_id: Some(StoreId(data::id(10))),
        to_address: cast.say("mary@example.com"),
        to_name: if number.is_multiple_of(2) { String::new() } else { cast.say("Mary") },
        subject: cast.say("R-12 was rejected: Stoneware mug"),
        body: cast.say("Anna has rejected it."),
        about_kind: "request".to_owned(),
        about_id: data::id(100),
        state,
        due_at: before(30),
        fault,
        created_at: before(60),
        finished_at: (state != LetterState::Waiting).then(now),
        tries,
    };
    let mut rows = vec![
        letter(0, LetterState::Waiting, None, vec![]),
        letter(1, LetterState::Waiting, None, tries(&[TryOutcome::Later, TryOutcome::Unknown])),
        letter(2, LetterState::Sent, None, tries(&[TryOutcome::Sent])),
    ];
    let failed = (3..).zip(LetterFault::ALL.iter());
    rows.extend(failed.map(|(n, fault)| letter(n, LetterState::Failed, Some(*fault), tries(&[TryOutcome::Refused]))));
    let log = LetterLog::new(&rows, now(), &t);
    LogPage { frame: frame(cast, true, url::REQUESTS, "request"), letters: log, t }.render().unwrap()
}

#[test]
fn a_log_tells_each_try_and_sends_again_what_failed() {
    let page = letters(Cast::Friendly);
    for text in ["On its way", "Not sent", "Mary &#60;mary@example.com&#62;", "451 4.7.1", "Nobody knows"] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("/send\"").count(), LetterFault::ALL.len(), "only what failed");
    assert!(page.contains(r#"hx-trigger="every 3s""#), "one is about to leave");
}

/// Everything in the desk's code that looks like a kind of notice.
fn told_by_the_desk(folder: &Path) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            kinds.extend(told_by_the_desk(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let nouns = ["request-", "ticket-", "return-", "stock-"];
            let is_kind = |word: &&str| {
                let is_plain = word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                is_plain && nouns.iter().any(|noun| word.starts_with(noun) && word.len() > noun.len())
            };
            kinds.extend(text.split('"').filter(is_kind).map(str::to_owned));
        }
    }
    kinds
}

#[test]
fn every_kind_of_notice_that_the_desk_tells_has_its_words() {
    let desk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../actors/src/desk");
    let told = told_by_the_desk(&desk);
    assert!(told.len() >= 27, "{told:?}");
    let unknown: Vec<_> = told.iter().filter(|kind| !KINDS.contains(&kind.as_str())).collect();
    assert!(unknown.is_empty(), "no words for {unknown:?}");
}
