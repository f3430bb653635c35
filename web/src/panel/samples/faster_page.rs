//! The pages that say that somebody was faster: with one wish to repeat, and with several fields to join.

use askama::Template;
use serde_json::json;
use storewire_actors::{Faster, Overtaken};
use storewire_domain::{
    Edit,
    intent::{CustomerField, FieldValue, TextField},
};
use uuid::Uuid;

use super::{
    data::{Cast, now},
    pages::frame,
};
use crate::panel::{
    merge::Merge,
    url,
    view::{Again, FasterLine, FasterPage, MergePage, MergeParts, When},
    words::Words,
};

/// The pages, by name: with everything, and with as little as may be known.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("faster", faster(cast, true)),
        ("faster-unknown", faster(cast, false)),
        ("merge", merge(cast, &address(cast))),
        ("merge-texts", merge(cast, &texts(cast))),
    ]
}

fn faster(cast: Cast, is_known: bool) -> String {
    let t = Words::default();
    let text = |text: &str| FieldValue::Text(cast.say(text));
    let again = Again {
        action: format!("{}/x/stock", url::PRODUCTS),
        fields: vec![("seen", cast.say("9")), ("quantity", "20".to_owned())],
        label: cast.say("Stock to 20"),
    };
    let page = FasterPage {
        frame: frame(cast, true, url::PRODUCTS, "product"),
        by: is_known.then(|| cast.say("Anna Berg")),
        at: is_known.then(|| When::moment(now())),
        lines: vec![
            FasterLine::new("stock_quantity", &text("12"), &text("9"), &text("20"), &t),
            FasterLine::new("sale_price", &FieldValue::Nothing, &text("8.50"), &FieldValue::Nothing, &t),
        ],
        again: if is_known { vec![again] } else { Vec::new() },
        back: url::PRODUCTS.to_owned(),
        t,
    };
    page.render().unwrap()
}

#[test]
fn what_was_seen_what_it_is_now_and_what_was_wanted_stand_side_by_side() {
    let page = faster(Cast::Friendly, true);
    for text in ["Anna Berg", "Stock</th>", ">12<", "Stock to 20", "name=\"seen\" value=\"9\""] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!faster(Cast::Friendly, false).contains("<form method=\"post\" action=\"/products"));
}

/// Somebody made these values of a record's fields.
fn overtaken(now: &[(&str, String)]) -> Faster {
    let one = |(field, now): &(&str, String)| Overtaken {
        field: (*field).to_owned(),
        seen: FieldValue::Nothing,
        now: FieldValue::text(now),
        wanted: FieldValue::Nothing,
    };
    Faster { entity: Uuid::nil(), fields: now.iter().map(one).collect(), by: None, at: None }
}

fn address(cast: Cast) -> Merge {
    let fields = [
        (CustomerField::Email, cast.say("ayse@example.org")),
        (CustomerField::BillingCity, cast.say("Ankara")),
        (CustomerField::BillingPhone, cast.say("+90 312 000 00 00")),
    ];
    let seen = json!({"email": cast.say("a@example.org"), "billing.city": cast.say("Istanbul"), "billing.phone": null});
    let now = [("email", cast.say("ay@example.org")), ("billing.city", String::new())];
    Merge::of(&Edit::Customer { fields: fields.into() }, Some(&seen), &overtaken(&now)).unwrap()
}

fn texts(cast: Cast) -> Merge {
    let fields = [(TextField::Name, cast.say("Mug")), (TextField::Long, cast.say("Fired twice.\n\nBlue."))];
    let seen = json!({"name": cast.say("Cup"), "description": cast.say("Fired.")});
    let now = [("description", cast.say("Fired three times."))];
    Merge::of(&Edit::Text { fields: fields.into() }, Some(&seen), &overtaken(&now)).unwrap()
}

fn merge(cast: Cast, merge: &Merge) -> String {
    let t = Words::default();
    let page = MergePage {
        frame: frame(cast, true, url::CUSTOMERS, "customer"),
        by: Some(cast.say("Anna Berg")),
        at: Some(When::moment(now())),
        why: Some(cast.say("Both together make no sense.")),
        parts: MergeParts::new(merge, format!("{}/x{}", url::CUSTOMERS, merge.form()), &t),
        back: url::CUSTOMERS.to_owned(),
        t,
    };
    page.render().unwrap()
}

#[test]
fn of_two_edits_only_what_both_changed_is_a_choice_and_the_form_is_guarded_by_what_is_there_now() {
    let page = merge(Cast::Friendly, &address(Cast::Friendly));
    for text in [
        "name=\"take.billing.city\" value=\"now\" required",
        "name=\"take.email\" value=\"mine\"",
        "name=\"seen.billing.city\" value=\"\"",
        "name=\"billing.city\" value=\"Ankara\"",
        "type=\"email\" name=\"email\"",
        "type=\"hidden\" name=\"billing.phone\" value=\"+90 312 000 00 00\"",
        "Yours is written",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains("take.billing.phone"), "nobody else changed it");
    let page = merge(Cast::Friendly, &texts(Cast::Friendly));
    assert!(page.contains("<textarea") && page.contains("Fired twice.\n\nBlue.</textarea>"), "{page}");
}
