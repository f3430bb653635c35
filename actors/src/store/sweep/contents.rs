//! In what two versions of a whole record differ, by their JSON. Pure.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Field to `[ours, the store's]`; both are null where only the name is told.
pub(super) type Contents = BTreeMap<String, (Value, Value)>;

/// More than these are not told of one record.
const MOST: usize = 20;

/// Move with every save, or with every reading.
const RESTLESS: [&str; 4] = ["_links", "avatar_url", "date_modified", "date_modified_gmt"];

/// Tell of a person. A report names them and does not repeat them.
const PERSONAL: [&str; 7] =
    ["customer_ip_address", "customer_note", "customer_user_agent", "email", "first_name", "last_name", "username"];

/// The fields that differ, those one level down named by their path. What is no JSON object differs in nothing that could be named.
pub(super) fn contents(ours: &str, theirs: &str) -> Contents {
    let parsed = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let (ours, theirs) = (parsed(ours), parsed(theirs));
    let mut told = Contents::new();
    for name in names(&ours, &theirs).filter(|name| !RESTLESS.contains(&name.as_str())) {
        match (ours.get(name), theirs.get(name)) {
            (one, other) if one == other => {}
            (Some(Value::Object(one)), Some(Value::Object(other))) => {
                let inner = names(one, other).filter(|inner| one.get(*inner) != other.get(*inner));
                told.extend(inner.map(|inner| (format!("{name}.{inner}"), (Value::Null, Value::Null))));
            }
            (one, other) => {
                told.insert(name.clone(), (shown(name, one), shown(name, other)));
            }
        }
    }
    told.into_iter().take(MOST).collect()
}

fn names<'a>(one: &'a Map<String, Value>, other: &'a Map<String, Value>) -> impl Iterator<Item = &'a String> {
    one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)))
}

fn shown(name: &str, value: Option<&Value>) -> Value {
    match value {
        Some(value @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) if !PERSONAL.contains(&name) => {
            value.clone()
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(ours: &Value, theirs: &Value) -> Value {
        json!(contents(&ours.to_string(), &theirs.to_string()))
    }

    #[test]
    fn plain_values_are_told_and_people_only_named() {
        let ours =
            json!({ "id": 7, "name": "Mug", "email": "a@example.com", "billing": { "city": "Bursa", "phone": "1" } });
        let theirs =
            json!({ "id": 7, "name": "Cup", "email": "b@example.com", "billing": { "city": "Bursa", "phone": "2" } });
        let expected = json!({ "name": ["Mug", "Cup"], "email": [null, null], "billing.phone": [null, null] });
        assert_eq!(told(&ours, &theirs), expected);
    }

    #[test]
    fn what_came_or_went_and_lists_are_told_and_restless_fields_are_not() {
        let ours = json!({ "sku": "A", "images": [], "date_modified": "2026-01-01T00:00:00" });
        let theirs = json!({ "images": [1], "weight": "2", "date_modified": "2026-01-02T00:00:00" });
        let expected = json!({ "sku": ["A", null], "images": [null, null], "weight": [null, "2"] });
        assert_eq!(told(&ours, &theirs), expected);
    }

    #[test]
    fn what_is_no_object_differs_in_nothing_that_has_a_name() {
        assert!(contents("[1]", "{").is_empty());
    }

    #[test]
    fn a_report_stays_short() {
        let many: Map<String, Value> = (0..100).map(|number| (format!("field_{number}"), json!(number))).collect();
        assert_eq!(contents("{}", &json!(many).to_string()).len(), MOST);
    }
}
