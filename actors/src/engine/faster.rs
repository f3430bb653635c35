//! Whether somebody changed, since a person looked, what they want to change themselves: who was faster, and both values.
//!
//! What the store holds decides in the end, when the write is sent; but whoever can be told at once is told at once, with what our copy says.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use storewire_db::{
    DbError, ReadTx, TenantTx, changes,
    intents::{self, IntentFilter},
    requests,
};
use storewire_domain::{
    Edit, IntentState, StoreId, TenantId,
    intent::{FieldValue, Fields, TextField},
};
use uuid::Uuid;

/// As many of our own writes are looked through for the one that was faster.
const LOOKED_AT: u32 = 20;

/// Somebody was faster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faster {
    /// Our id of the record.
    pub entity: Uuid,
    pub fields: Vec<Overtaken>,
    /// Who it was, if it was done from here; `None` for what happened in the store.
    pub by: Option<String>,
    /// When that was, as far as our log tells.
    pub at: Option<Timestamp>,
}

/// One field that is no longer as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overtaken {
    pub field: String,
    pub seen: FieldValue,
    /// What our copy of the store's record holds.
    pub now: FieldValue,
    pub wanted: FieldValue,
}

/// The fields in which our copy of the record differs from what was seen; none for a record that is gone, and of fields that it does not
/// tell. A description is not told by it: what visitors see may differ from what was typed, and the store is asked for that when the write
/// is sent. The record stays as it is until the transaction ends.
///
/// # Errors
/// As every statement.
pub(crate) async fn overtaken(
    tx: &TenantTx,
    store: StoreId,
    entity: Uuid,
    edit: &Edit,
    seen: Option<&Value>,
) -> Result<Vec<Overtaken>, DbError> {
    // What cannot be read is refused as such where it is written down.
    let Some(seen) = seen.and_then(|seen| serde_json::from_value::<Fields>(seen.clone()).ok()) else {
        return Ok(Vec::new());
    };
    let Some(record) = requests::record(tx, store, entity, edit).await? else { return Ok(Vec::new()) };
    Ok(compare(&seen.settled(), &record.held, &edit.wanted()))
}

/// Pure.
fn compare(seen: &Fields, held: &Fields, wanted: &Fields) -> Vec<Overtaken> {
    let differing = seen.missing_in(held);
    let is_told = |field: &&str| !field.parse::<TextField>().is_ok_and(TextField::is_rendered);
    let overtaken = differing.names().filter(is_told).filter_map(|field| {
        let (seen, now) = (seen.get(field)?, held.get(field)?);
        let wanted = wanted.get(field).cloned().unwrap_or(FieldValue::Nothing);
        Some(Overtaken { field: field.to_owned(), seen: seen.clone(), now: now.clone(), wanted })
    });
    overtaken.collect()
}

/// Finds out who was faster: the person whose finished write left one of these values, else the store, at the newest change that tells of
/// one of the fields.
///
/// # Errors
/// As every statement.
pub(super) async fn trace(tx: &ReadTx, tenant: TenantId, found: Faster) -> Result<Faster, DbError> {
    let done = IntentFilter {
        entity: Some(found.entity),
        state: Some(IntentState::Done),
        limit: LOOKED_AT,
        ..IntentFilter::default()
    };
    let ours = intents::list(tx, &done).await?.into_iter().filter(|row| row.tenant_id == tenant);
    let left = |edit: &Edit| {
        let wanted = edit.wanted();
        found.fields.iter().any(|one| wanted.get(&one.field) == Some(&one.now))
    };
    if let Some(write) = ours.into_iter().find(|row| left(&row.edit)) {
        return Ok(Faster { by: write.user_name, at: write.finished_at, ..found });
    }
    let log = changes::of_entity(tx, tenant, found.entity).await?;
    let tells = |detail: &Value| found.fields.iter().any(|one| detail.get(&one.field).is_some());
    let at = log.iter().find(|change| tells(&change.detail)).map(|change| change.saved_at);
    Ok(Faster { at, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(regular: &str, sale: &str) -> Fields {
        let of = |text: &str| FieldValue::number(text.parse().ok());
        Fields::of("regular_price", of(regular)).with("sale_price", of(sale))
    }

    #[test]
    fn only_what_differs_is_told_with_all_three_values() {
        let wanted = prices("12", "9");
        let told = compare(&prices("10", "8"), &prices("11", "8"), &wanted);
        let value = |text: &str| FieldValue::Text(text.to_owned());
        let regular =
            Overtaken { field: "regular_price".to_owned(), seen: value("10"), now: value("11"), wanted: value("12") };
        assert_eq!(told, [regular]);
        assert!(compare(&wanted, &wanted, &wanted).is_empty());
    }

    #[test]
    fn of_what_our_copy_does_not_tell_nobody_was_faster() {
        let note = Fields::of("note", FieldValue::Text("x".to_owned()));
        assert!(compare(&note, &Fields::default(), &note).is_empty());
    }

    #[test]
    fn what_was_typed_is_not_compared_with_what_visitors_see() {
        let of = |name: &str, text: &str| Fields::of(name, FieldValue::text(text));
        let typed = of("description", "Open [opening_hours]").with("name", FieldValue::text("Cup"));
        let shown = of("description", "Open 9-17").with("name", FieldValue::text("Mug"));
        let told: Vec<String> = compare(&typed, &shown, &typed).into_iter().map(|one| one.field).collect();
        assert_eq!(told, ["name"]);
    }
}
