//! The page that says that somebody was faster.

use askama::Template;
use storewire_domain::intent::FieldValue;

use super::{
    data::{Cast, now},
    pages::frame,
};
use crate::panel::{
    url,
    view::{Again, FasterLine, FasterPage, When},
    words::Words,
};

/// The page, by name: with everything, and with as little as may be known.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![("faster", faster(cast, true)), ("faster-unknown", faster(cast, false))]
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
