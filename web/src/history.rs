//! A record's history for the API and the panel: what changed in it and what people did to it here, as one list.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Map, Value};
use storewire_db::{ChangeRow, audit::AuditRow};
use storewire_domain::{ChangeKind, Edit, Source};
use storewire_guard::access::Viewer;

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// The record changed; by whom, if somebody here changed it at once.
    Changed(&'a ChangeRow, Option<Doer<'a>>),
    /// Somebody did something that has no change of its own, such as to ask the store for one.
    Done(&'a AuditRow),
}

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer<'a> {
    Named(&'a str),
    /// Somebody whom this reader cannot look up: to a merchant, one of the platform's people.
    Staff,
    /// Nobody: the engine did it by itself.
    Engine,
}

impl<'a> Doer<'a> {
    /// Whose deed it is.
    #[must_use]
    pub fn of(deed: &'a AuditRow) -> Self {
        match (&deed.user_name, deed.user_id) {
            (Some(name), _) => Self::Named(name),
            (None, Some(_)) => Self::Staff,
            (None, None) => Self::Engine,
        }
    }
}

/// Leaves out what a merchant's user is not to know of colleagues: what they asked for, and what became of it.
pub fn leave_out_others_requests(deeds: &mut Vec<AuditRow>, reader: &Viewer) {
    let Some(own) = reader.own() else { return };
    let asked = deeds.iter().filter(|deed| deed.action == "request.ask" && deed.user_id == Some(own));
    let asked: HashSet<String> = asked.filter_map(|deed| request_of(deed).map(str::to_owned)).collect();
    deeds.retain(|deed| request_of(deed).is_none_or(|request| asked.contains(request)));
}

/// The request that a deed belongs to: one of its way, or the write that it became.
fn request_of(deed: &AuditRow) -> Option<&str> {
    deed.detail.get("request")?.as_str()
}

/// Both lists as one, newest first. A deed that is a change by itself is told with it.
#[must_use]
pub fn together<'a>(changes: &'a [ChangeRow], deeds: &'a [AuditRow]) -> Vec<Entry<'a>> {
    let mut deeds: Vec<&AuditRow> = deeds.iter().collect();
    let mut all: Vec<(Timestamp, Entry<'a>)> = Vec::with_capacity(changes.len() + deeds.len());
    for change in changes {
        // The two are written in one transaction, with its time.
        let same = (change.source == Source::User)
            .then(|| deeds.iter().position(|deed| deed.at == change.saved_at))
            .flatten()
            .map(|at| deeds.remove(at));
        all.push((change.saved_at, Entry::Changed(change, same.map(Doer::of))));
    }
    all.extend(deeds.into_iter().map(|deed| (deed.at, Entry::Done(deed))));
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// What a deed was to make of the record: the kind of change that it would be, and each field with its value before, if that was seen, and
/// after. `None` for a deed that is no edit.
#[must_use]
pub fn wanted(deed: &AuditRow) -> Option<(ChangeKind, Map<String, Value>)> {
    let edit: Edit = serde_json::from_value(deed.detail.get("edit")?.clone()).ok()?;
    let kind = match edit.noun() {
        "order" => ChangeKind::OrderUpdated,
        "customer" => ChangeKind::CustomerChanged,
        _ => ChangeKind::ProductUpdated,
    };
    let seen = ["expected", "base"].iter().find_map(|name| deed.detail.get(*name)?.as_object());
    let Ok(Value::Object(fields)) = serde_json::to_value(edit.wanted()) else { return None };
    let before = |name: &str| seen.and_then(|seen| seen.get(name)).cloned().unwrap_or_default();
    let pairs = fields.into_iter().map(|(name, after)| {
        let pair = Value::Array(vec![before(&name), after]);
        (name, pair)
    });
    Some((kind, pairs.collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storewire_domain::{SessionId, StoreId, TenantId, TenantRole, UserId};
    use storewire_guard::access::Standing;
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn change(second: i64, source: Source) -> ChangeRow {
        ChangeRow {
            tenant_id: TenantId(Uuid::nil()),
            store_id: StoreId(Uuid::nil()),
            seq: second,
            kind: ChangeKind::OrderUpdated,
            entity_id: Uuid::nil(),
            source,
            store_time: None,
            received_at: None,
            saved_at: at(second),
            detail: Value::Null,
        }
    }

    #[test]
    fn a_merchants_user_is_told_of_no_colleagues_request() {
        let (me, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let tenant = TenantId(Uuid::nil());
        let of = |action: &str, by: Option<UserId>, request: &str| AuditRow {
            action: action.to_owned(),
            user_id: by,
            ..deed(1, Some("Ada"), json!({ "request": request }))
        };
        let left = |role: TenantRole| {
            let mut deeds = vec![of("request.ask", Some(me), "mine"), of("request.ask", Some(other), "theirs")];
            for request in ["mine", "theirs"] {
                deeds.push(of("intent.propose", Some(UserId::fresh()), request));
                deeds.push(of("request.apply", None, request));
            }
            deeds.push(deed(2, None, Value::Null));
            let reader = Viewer {
                user_id: me,
                email: String::new(),
                name: String::new(),
                session_id: SessionId::fresh(),
                locale: None,
                standing: Standing::Tenant { tenant, role },
            };
            leave_out_others_requests(&mut deeds, &reader);
            assert!(deeds.iter().filter(|_| role == TenantRole::User).all(|deed| request_of(deed) != Some("theirs")));
            deeds.len()
        };
        assert_eq!((left(TenantRole::User), left(TenantRole::Admin)), (4, 7));
    }

    fn deed(second: i64, name: Option<&str>, detail: Value) -> AuditRow {
        AuditRow {
            tenant_id: TenantId(Uuid::nil()),
            id: Uuid::nil(),
            at: at(second),
            user_id: Some(UserId(Uuid::nil())),
            user_name: name.map(str::to_owned),
            action: "intent.propose".to_owned(),
            entity_id: None,
            detail,
        }
    }

    #[test]
    fn a_deed_stands_by_itself_unless_a_person_s_change_is_the_same() {
        let changes = [change(9, Source::Push), change(5, Source::User), change(1, Source::Webhook)];
        let deeds = [deed(9, Some("Ada"), Value::Null), deed(5, Some("Bo"), Value::Null), deed(3, None, Value::Null)];
        let told: Vec<String> = together(&changes, &deeds)
            .iter()
            .map(|entry| match entry {
                Entry::Changed(change, by) => format!("{} changed by {by:?}", change.seq),
                Entry::Done(deed) => format!("{} done by {:?}", deed.at.as_second(), Doer::of(deed)),
            })
            .collect();
        assert_eq!(
            told,
            [
                "9 changed by None",
                "9 done by Named(\"Ada\")",
                "5 changed by Some(Named(\"Bo\"))",
                "3 done by Staff",
                "1 changed by None"
            ]
        );
    }

    #[test]
    fn a_wish_tells_what_was_seen_and_what_was_wanted_and_nothing_else() {
        let edit = json!({"kind": "order.status", "status": "completed"});
        let asked = json!({"edit": edit, "expected": {"status": "processing", "secret": "x"}, "intent": Uuid::nil()});
        let (kind, fields) = wanted(&deed(1, None, asked)).unwrap();
        assert_eq!(
            (kind, Value::Object(fields)),
            (ChangeKind::OrderUpdated, json!({"status": ["processing", "completed"]}))
        );
        assert!(wanted(&deed(1, None, json!({"label": "packing"}))).is_none());
    }
}
