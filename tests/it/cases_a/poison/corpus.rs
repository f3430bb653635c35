//! Bodies that have broken readers before: no JSON at all, JSON of the wrong shape, and a genuine order with one value gone wrong.

use anyhow::{Context as _, Result};
use serde_json::{Value, value::RawValue};

/// One body of the corpus.
pub struct Poison {
    pub name: String,
    pub topic: &'static str,
    pub body: Vec<u8>,
    /// Nobody could make a record of it.
    pub is_dead: bool,
}

/// Values for which other programs have fallen over, as JSON.
const NASTY: [&str; 22] = [
    "null",
    "true",
    "-1",
    "-0.0",
    "1e999999",
    "1.7976931348623157e308",
    "99999999999999999999999999999999999999",
    "\"\"",
    "\"12abc\"",
    "\"-12.50\"",
    "\"1,50\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"ZZZ\"",
    "\"0000-00-00T00:00:00\"",
    "\"-999999999-01-01T00:00:00\"",
    "\"\u{202e}\u{feff}\"",
    "[]",
    "{}",
    "[[[[]]]]",
    "{\"0\":1}",
    "[null,{}]",
];

/// Fields of an order that we read.
const FIELDS: [&str; 16] = [
    "id",
    "parent_id",
    "number",
    "status",
    "currency",
    "total",
    "total_tax",
    "date_created_gmt",
    "date_modified_gmt",
    "date_paid_gmt",
    "customer_id",
    "billing",
    "line_items",
    "refunds",
    "meta_data",
    "payment_method",
];

/// The corpus, made of a genuine order; no two bodies are the same.
pub fn bodies(genuine: &Value) -> Result<Vec<Poison>> {
    let text = genuine.to_string();
    let mut all = no_json(&text);
    all.extend(wrong_shapes(&text));
    for field in FIELDS {
        for value in NASTY {
            let body = with(&text, field, value).with_context(|| field.to_owned())?;
            // Some are harmless, and some are harmless to us: only this is sure.
            all.push(poison(format!("{field} is {value}"), body.into_bytes(), false));
        }
    }
    all.sort_by(|one, other| one.body.cmp(&other.body));
    all.dedup_by(|one, other| one.body == other.body);
    // Not by their kinds, one after the other.
    all.sort_by_key(|one| storewire_guard::digest::sha256(&one.body));
    Ok(all)
}

fn poison(name: String, body: Vec<u8>, is_dead: bool) -> Poison {
    Poison { name, topic: "order.updated", body, is_dead }
}

fn no_json(text: &str) -> Vec<Poison> {
    let dead = |name: &str, body: &[u8]| poison(name.to_owned(), body.to_vec(), true);
    let mut all = vec![
        dead("nothing", b""),
        dead("blanks", b" \t\r\n"),
        dead("a page", b"<!DOCTYPE html><html><body>Briefly unavailable for scheduled maintenance.</body></html>"),
        dead("a ping that is signed", b"webhook_id=7"),
        dead("an error of PHP", b"PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted"),
        dead("nul bytes", &[0; 4_096]),
        dead("a compressed body", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1, 0, 0, 255, 255]),
        dead("no UTF-8", b"{\"id\":727,\"status\":\"\xff\xfe\xc0\xaf\""),
        dead("half a surrogate in UTF-8", b"\xed\xa0\x80"),
        dead("an array that never ends", "[".repeat(10_000).as_bytes()),
        dead("an object that never ends", "{\"a\":".repeat(10_000).as_bytes()),
        dead("a text that never ends", format!("{{\"id\":727,\"note\":\"{}", "a".repeat(1 << 20)).as_bytes()),
    ];
    for (name, bytes) in [("UTF-16", false), ("UTF-16, the other way round", true)] {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let body = units.flat_map(|unit: u16| if bytes { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        all.push(poison(name.to_owned(), body, true));
    }
    // Cut at any place, a record is none.
    for part in 1..60 {
        let body = text.as_bytes()[..text.len() * part / 60].to_vec();
        all.push(poison(format!("cut after {part} of 60 parts"), body, true));
    }
    // Bytes without sense, the same each time.
    for seed in 0..40_u32 {
        let bytes = (0..seed % 8 + 1)
            .flat_map(|part| storewire_guard::digest::sha256(&[seed, part].map(u32::to_le_bytes).concat()));
        all.push(poison(format!("noise {seed}"), bytes.collect(), true));
    }
    all
}

fn wrong_shapes(text: &str) -> Vec<Poison> {
    let inside = text.strip_prefix('{').unwrap_or_default();
    let mut all: Vec<Poison> =
        ["null", "true", "7", "\"text\"", "[]", "[1]", "{}", "{\"id\":null}", "{\"id\":{}}", "[[[[{}]]]]"]
            .map(|body| poison(body.to_owned(), body.into(), true))
            .into();
    all.push(poison("an order in a list".to_owned(), format!("[{text}]").into(), true));
    all.push(poison("two orders".to_owned(), format!("{text}{text}").into(), true));
    let more = |name: &str, part: String| poison(name.to_owned(), format!("{{{part},{inside}").into(), false);
    all.push(more("ten thousand deep lists", format!("\"x\":{}{}", "[".repeat(10_000), "]".repeat(10_000))));
    all.push(more("ten thousand deep objects", format!("\"x\":{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))));
    all.push(more("a long text", format!("\"x\":\"{}\"", "ü".repeat(1 << 19))));
    all.push(more("a long name", format!("\"{}\":1", "n".repeat(1 << 20))));
    all.push(more("many fields", (0..20_000).map(|n| format!("\"f{n}\":{n}")).collect::<Vec<_>>().join(",")));
    all.push(more("two ids", "\"id\":1".to_owned()));
    all.push(more("two totals", "\"total\":\"0.01\",\"status\":\"trash\"".to_owned()));
    all.push(more("a name that is no text", "\"\\u0000\\ud800\":1".to_owned()));
    all.push(poison("a mark before it".to_owned(), format!("\u{feff}{text}").into(), false));
    all.push(poison("a notice before it".to_owned(), format!("<br /><b>Notice</b>: x{text}").into(), false));
    for topic in [
        "product.updated",
        "customer.updated",
        "coupon.updated",
        "action.woocommerce_x",
        "order",
        "",
        "order.created.twice",
    ] {
        let body = format!("{{\"topic\":{topic:?},{inside}");
        all.push(Poison { topic, ..poison(format!("an order as {topic:?}"), body.into(), false) });
    }
    all
}

/// The order with another value of a field of its own.
fn with(text: &str, field: &str, value: &str) -> Option<String> {
    let fields: std::collections::BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let before = fields.get(field)?.get();
    // Fields of the order itself come once as `"name":value`, and before those of its lines when there are several of the name.
    let at = text.find(&format!("\"{field}\":{before}"))? + field.len() + 3;
    Some(format!("{}{value}{}", &text[..at], &text[at + before.len()..]))
}
