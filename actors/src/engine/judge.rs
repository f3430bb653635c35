//! Whether a wish makes sense, as far as our copy of its record tells.

use serde_json::Value;
use storewire_db::{
    TenantTx,
    intents::{self, Target},
};
use storewire_domain::{
    Edit, ManageStock, RemoteId, StoreId,
    intent::{EditFault, FieldValue, Fields, NewLine, Rejected},
    order,
};
use uuid::Uuid;

use super::ProposeError;

/// Whether an edit makes sense for this record of ours, as far as our copy tells; answers the record.
pub(crate) async fn judge_edit(
    tx: &TenantTx,
    store: StoreId,
    entity: Uuid,
    edit: &Edit,
) -> Result<Target, ProposeError> {
    let found = match edit.stands_alone() {
        true => intents::place(tx, store).await?,
        false => intents::target(tx, store, entity, edit).await?,
    };
    let target = found.ok_or(ProposeError::NotFound)?;
    check_owner(edit, &target)?;
    edit.check(target.decimals)?;
    check_fit(edit, &target)?;
    match edit {
        Edit::Categories { ids } => check_categories(tx, store, ids).await?,
        Edit::Create { product } if !product.categories.is_empty() => {
            check_categories(tx, store, &product.categories).await?;
        }
        Edit::PlaceOrder { order } => check_articles(tx, store, &order.lines).await?,
        // What is made is written under the record that was found, and has no id of its own yet.
        Edit::AddVariation { .. } => {
            return Ok(Target { parent_remote_id: Some(target.remote_id), remote_id: RemoteId::from(""), ..target });
        }
        _ => {}
    }
    Ok(target)
}

/// What the person saw, in the form in which it is compared. Only of fields that the edit is about: the others are not read.
pub(super) fn expectation(edit: &Edit, expected: Option<Value>) -> Result<Option<Value>, Rejected> {
    let bad = Rejected { field: "expected", fault: EditFault::BadExpectation };
    let Some(expected) = expected else { return Ok(None) };
    let expected = serde_json::from_value::<Fields>(expected).map_err(|_| bad)?.settled();
    if expected.names().next().is_none() {
        return Ok(None);
    }
    let wanted = edit.wanted();
    // A note adds to the order's history whatever that says; a parcel likewise.
    if edit.adds() || expected.names().any(|name| wanted.get(name).is_none()) {
        return Err(bad);
    }
    serde_json::to_value(&expected).map(Some).map_err(|_| bad)
}

/// An order's next status is legal after the one it has, so it is written only while the order has that.
pub(super) fn standing(edit: &Edit, target: &Target) -> Option<Value> {
    let Edit::OrderStatus { .. } = edit else { return None };
    serde_json::to_value(Fields::of("status", FieldValue::text(&target.status))).ok()
}

/// Whether it is ours to change, too.
pub(super) fn check_owner(edit: &Edit, target: &Target) -> Result<(), Rejected> {
    match edit.owned_field() {
        Some(field) if target.is_of_shop => Err(Rejected { field: field.as_str(), fault: EditFault::ShopOwns }),
        _ => Ok(()),
    }
}

/// Whether an order may go from one status to another.
pub(super) fn check_step(from: &str, to: &str) -> Result<(), Rejected> {
    order::transition::step(from, to).map_err(|fault| Rejected { field: "status", fault })
}

/// What can be known to be futile from our copy.
fn check_fit(edit: &Edit, target: &Target) -> Result<(), Rejected> {
    let kind = target.product_type.as_str();
    let has_parts = kind.starts_with("variable") || kind == "grouped";
    let (field, fault) = match edit {
        Edit::OrderStatus { status } => return check_step(&target.status, status),
        Edit::Stock { .. } if matches!(kind, "grouped" | "external") => ("stock_quantity", EditFault::WrongRecord),
        Edit::Stock { .. } if target.manage_stock == Some(ManageStock::Parent) => {
            ("stock_quantity", EditFault::CountedByParent)
        }
        Edit::Price { .. } if has_parts => ("regular_price", EditFault::WrongRecord),
        Edit::Categories { .. } if target.parent_remote_id.is_some() => ("categories", EditFault::WrongRecord),
        Edit::Trash if target.parent_remote_id.is_some() => ("status", EditFault::WrongRecord),
        Edit::AddVariation { .. } if !kind.starts_with("variable") => ("options", EditFault::WrongRecord),
        Edit::Text { fields } if target.parent_remote_id.is_some() => {
            match fields.keys().find(|field| !field.is_of_variations()) {
                Some(field) => (field.as_str(), EditFault::WrongRecord),
                None => return Ok(()),
            }
        }
        _ => return Ok(()),
    };
    Err(Rejected { field, fault })
}

/// A store makes an empty line of an article that it does not have, and sells one that lies in its trash.
async fn check_articles(tx: &TenantTx, store: StoreId, lines: &[NewLine]) -> Result<(), ProposeError> {
    let ids: Vec<&str> = lines.iter().map(|line| line.variation.as_ref().unwrap_or(&line.product).as_str()).collect();
    let known = intents::known_articles(tx, store, &ids).await?;
    if ids.iter().all(|id| known.contains(*id)) {
        return Ok(());
    }
    Err(Rejected { field: "lines.product", fault: EditFault::WrongRecord }.into())
}

/// A store leaves out what it does not know, without a word.
async fn check_categories(tx: &TenantTx, store: StoreId, ids: &[RemoteId]) -> Result<(), ProposeError> {
    let known = intents::known_categories(tx, store).await?;
    if ids.iter().all(|id| known.contains(id.as_str())) {
        return Ok(());
    }
    Err(Rejected { field: "categories", fault: EditFault::BadCategory }.into())
}
