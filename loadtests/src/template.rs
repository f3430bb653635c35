//! The body of every delivery: a captured `order.updated` of 4.1 KB, with the fields that differ filled in.

use anyhow::{Context, Result};
use storewire_testkit::captures;

/// The captured delivery whose size is that of a usual order: four lines, shipping, a fee, no refunds.
const CAPTURED: &str = "0125-order.updated";

/// The fields that are filled in, in the order in which they stand in the body: what precedes the value, and what ends it.
const FIELDS: [(&str, char, Field); 8] = [
    ("{\"id\":", ',', Field::Id),
    ("\"status\":\"", '"', Field::Status),
    ("\"date_created\":\"", '"', Field::Created),
    ("\"date_modified\":\"", '"', Field::Modified),
    // Quoted and with its comma, so that it is none of `discount_total` and the like.
    (",\"total\":\"", '"', Field::Total),
    ("\"number\":\"", '"', Field::Id),
    ("\"date_created_gmt\":\"", '"', Field::Created),
    ("\"date_modified_gmt\":\"", '"', Field::Modified),
];

#[derive(Clone, Copy, Debug)]
enum Field {
    Id,
    Status,
    Created,
    Modified,
    Total,
}

/// What a body says.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    pub order: u64,
    pub status: &'a str,
    /// As WooCommerce writes a time, without a zone.
    pub created: &'a str,
    pub modified: &'a str,
    /// In whole units of money. Different for every delivery, so that a frame tells which one it came from.
    pub total: u64,
}

/// A body with gaps.
#[derive(Debug)]
pub struct Template {
    /// Each text is followed by its field; the last stands alone.
    parts: Vec<(String, Field)>,
    rest: String,
}

impl Template {
    /// Reads the captured delivery.
    ///
    /// # Errors
    /// If it is not there, or a field is not where it was.
    pub fn load() -> Result<Self> {
        let all = captures::webhooks()?;
        let found = all.into_iter().find(|delivery| delivery.name.ends_with(CAPTURED));
        let body = String::from_utf8(found.with_context(|| format!("no capture {CAPTURED}"))?.body)?;
        let mut rest = body.as_str();
        let mut parts = Vec::with_capacity(FIELDS.len());
        for (marker, end, field) in FIELDS {
            let (before, after) = rest.split_once(marker).with_context(|| format!("no {marker} in {CAPTURED}"))?;
            let length = after.find(end).with_context(|| format!("no end of {marker} in {CAPTURED}"))?;
            parts.push((format!("{before}{marker}"), field));
            (_, rest) = after.split_at(length);
        }
        Ok(Self { parts, rest: rest.to_owned() })
    }

    /// The body that says `version`.
    #[must_use]
    pub fn fill(&self, version: Version<'_>) -> String {
        let mut body = String::with_capacity(4_352);
        for (text, field) in &self.parts {
            body.push_str(text);
            match field {
                Field::Id => body.push_str(&version.order.to_string()),
                Field::Status => body.push_str(version.status),
                Field::Created => body.push_str(version.created),
                Field::Modified => body.push_str(version.modified),
                Field::Total => {
                    body.push_str(&version.total.to_string());
                    body.push_str(".00");
                }
            }
        }
        body.push_str(&self.rest);
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filled_body_is_json_that_says_what_was_asked_and_has_the_size_of_a_usual_order() {
        let (created, modified) = ("2026-01-01T00:00:00", "2026-01-02T03:04:05");
        let version = Version { order: 1_000_042, status: "on-hold", created, modified, total: 77 };
        let body = Template::load().unwrap().fill(version);
        assert!((4_050..4_250).contains(&body.len()), "{}", body.len());
        let order: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(order["id"], 1_000_042);
        assert_eq!(order["number"], "1000042");
        assert_eq!(order["status"], "on-hold");
        assert_eq!(order["total"], "77.00");
        for (field, time) in [("date_created", created), ("date_modified", modified)] {
            assert_eq!(order[field], time);
            assert_eq!(order[format!("{field}_gmt")], time);
        }
        assert_eq!(order["discount_total"], "0.00");
    }
}
