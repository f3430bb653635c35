//! What is wrong with what a shop shows.

use crate::faults::{Damage, Faults};
use crate::http::Reply;
use crate::php_json::{Json, Object};

/// What PHP prints when a plugin is careless and the host shows errors.
const NOTICE: &str = "<br />\n<b>Notice</b>:  Undefined index: carrier in <b>/wp-content/plugins/tracking/order.php</b> on line <b>41</b><br />\n";

impl Faults {
    /// Whether showing any of these records crashes.
    #[must_use]
    pub fn breaks(&self, shown: &[Object]) -> bool {
        !self.broken_records.is_empty()
            && shown.iter().any(|row| id(row).is_some_and(|id| self.broken_records.contains(&id)))
    }

    /// Shows a record as the plugin makes it look.
    pub fn damage(&self, shown: &mut Object) {
        let Some(damage) = id(shown).and_then(|id| Some((id, self.undecodable_records.get(&id)?))) else { return };
        match damage {
            (id, Damage::Id) => shown.set("id", format!("{id}abc")),
            (_, Damage::Date) => shown.set("date_modified_gmt", "yesterday"),
            (_, Damage::Amount) => {
                for name in ["total", "price", "amount", "email"] {
                    shown.set(name, Object::default());
                }
            }
        }
    }

    /// What is wrong with an answer of REST itself. Errors are told plainly.
    #[must_use]
    pub fn spoil(&self, mut reply: Reply) -> Reply {
        if !(200..300).contains(&reply.status) {
            return reply;
        }
        if self.truncate_json {
            // JSON is plain ASCII here, so every place is one between letters.
            reply.body.truncate(reply.body.len() / 2);
        }
        if self.junk_before_json {
            reply.body.insert_str(0, NOTICE);
        }
        if self.bom {
            reply.body.insert(0, '\u{feff}');
        }
        reply
    }
}

fn id(shown: &Object) -> Option<u64> {
    match shown.get("id") {
        Some(Json::Int(id)) => u64::try_from(*id).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::php_json::object;

    #[test]
    fn damage_takes_the_form_asked_for_and_leaves_others_alone() {
        let damaged = |damage| {
            let faults = Faults { undecodable_records: [(7, damage)].into(), ..Faults::default() };
            let mut order = object! { "id" => 7, "total" => "1.00", "date_modified_gmt" => "2026-01-01T00:00:00" };
            faults.damage(&mut order);
            let mut other = object! { "id" => 8, "total" => "1.00" };
            faults.damage(&mut other);
            assert_eq!(Json::from(other).to_text(), r#"{"id":8,"total":"1.00"}"#);
            Json::from(order).to_text()
        };
        assert!(damaged(Damage::Id).starts_with(r#"{"id":"7abc","#));
        assert!(damaged(Damage::Amount).contains(r#""total":{}"#));
        assert!(damaged(Damage::Date).contains("yesterday"));
    }

    #[test]
    fn junk_comes_before_json_and_errors_are_told_plainly() {
        let faults = Faults { junk_before_json: true, bom: true, truncate_json: true, ..Faults::default() };
        let spoilt = faults.spoil(Reply::json_text(200, "[1,2]".to_owned())).body;
        assert!(spoilt.starts_with("\u{feff}<br />") && spoilt.ends_with("[1"));
        assert_eq!(faults.spoil(Reply::json_text(404, "{}".to_owned())).body, "{}");
    }
}
