//! An entry of a timeline: what changed, how we learned of it, and when it was where.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use storewire_db::ChangeRow;
use storewire_domain::{ChangeKind, Source};

use super::{When, status};
use crate::panel::{dom_id, words::Words};

const MAX_FIELDS: usize = 8;
const MAX_VALUE_CHARS: usize = 80;

/// One entry.
#[derive(Clone, Debug)]
pub struct Change {
    pub dom_id: String,
    pub title: String,
    pub icon: &'static str,
    pub source: String,
    pub fields: Vec<FieldChange>,
    /// How many fields are not listed.
    pub more: Option<String>,
    pub store_label: String,
    pub store_time: Option<When>,
    pub received: Option<When>,
    pub saved: When,
    /// When it reached the screen; `None` in a frame, whose arrival only the browser knows.
    pub shown: Option<When>,
}

/// One field's values before and after.
#[derive(Clone, Debug)]
pub struct FieldChange {
    pub name: String,
    pub before: Option<String>,
    pub after: String,
}

impl Change {
    #[must_use]
    pub fn new(change: &ChangeRow, shown: Option<Timestamp>, t: &Words) -> Self {
        let (fields, more) = fields(change.kind, &change.detail, t);
        let (source, icon) = source(change.source, t);
        let is_sale = change.kind == ChangeKind::OrderCreated;
        Self {
            dom_id: dom_id::change(change.store_id, change.seq),
            title: title(change.kind, t),
            icon,
            source,
            more,
            fields,
            store_label: if is_sale { t.get("timeline-sold") } else { t.get("timeline-in-store") },
            store_time: change.store_time.map(When::moment),
            received: change.received_at.map(When::exact),
            saved: When::exact(change.saved_at),
            shown: shown.map(When::exact),
        }
    }
}

/// The first fields that changed, and how many more there are.
pub(super) fn fields(kind: ChangeKind, detail: &Value, t: &Words) -> (Vec<FieldChange>, Option<String>) {
    let pairs: Vec<FieldChange> = match detail {
        Value::Object(fields) => fields.iter().filter_map(|(name, pair)| field(kind, name, pair, t)).collect(),
        _ => Vec::new(),
    };
    let more = i64::try_from(pairs.len().saturating_sub(MAX_FIELDS)).ok().filter(|n| *n > 0);
    (pairs.into_iter().take(MAX_FIELDS).collect(), more.map(|n| t.count("timeline-more", n)))
}

fn title(kind: ChangeKind, t: &Words) -> String {
    match kind {
        ChangeKind::OrderCreated => t.get("change-order-created"),
        ChangeKind::OrderUpdated => t.get("change-order-updated"),
        ChangeKind::OrderTrashed => t.get("change-order-trashed"),
        ChangeKind::OrderRestored => t.get("change-order-restored"),
        ChangeKind::OrderDeleted => t.get("change-order-deleted"),
        ChangeKind::ProductCreated => t.get("change-product-created"),
        ChangeKind::ProductUpdated => t.get("change-product-updated"),
        ChangeKind::ProductTrashed => t.get("change-product-trashed"),
        ChangeKind::ProductDeleted => t.get("change-product-deleted"),
        ChangeKind::CustomerChanged => t.get("change-customer"),
        ChangeKind::CouponChanged => t.get("change-coupon"),
        ChangeKind::StoreChanged => t.get("change-store"),
        ChangeKind::IntentChanged => t.get("change-intent"),
        ChangeKind::RehearsalMoved => t.get("change-rehearsal"),
        ChangeKind::RequestChanged => t.get("change-request"),
        ChangeKind::TicketChanged => t.get("change-ticket"),
        ChangeKind::DeskNoted => t.get("change-note"),
        ChangeKind::DeskCharged => t.get("change-charge"),
        ChangeKind::ReturnChanged => t.get("change-return"),
        ChangeKind::StockChanged => t.get("change-stock"),
    }
}

fn source(source: Source, t: &Words) -> (String, &'static str) {
    match source {
        Source::Webhook => (t.get("source-webhook"), "webhook"),
        Source::Pull => (t.get("source-pull"), "refresh-cw"),
        Source::Backfill => (t.get("source-backfill"), "cloud-download"),
        Source::Sweep => (t.get("source-sweep"), "list-checks"),
        Source::Reconcile => (t.get("source-reconcile"), "list-checks"),
        Source::Push => (t.get("source-push"), "send"),
        Source::Engine => (t.get("source-engine"), "cpu"),
        Source::User => (t.get("source-user"), "user"),
    }
}

fn field(kind: ChangeKind, name: &str, pair: &Value, t: &Words) -> Option<FieldChange> {
    let (before, after) = match pair {
        Value::Array(values) => (values.first()?, values.get(1)?),
        after => (&Value::Null, after),
    };
    let after = value(kind, name, after, t).unwrap_or_else(|| "–".to_owned());
    Some(FieldChange { name: field_name(name, t), before: value(kind, name, before, t), after })
}

fn value(kind: ChangeKind, name: &str, value: &Value, t: &Words) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) if name == "status" && kind.noun() == "order" => status::order(text, t).word,
        Value::String(text) if name == "status" => status::product(text, t).word,
        Value::String(text) if name == "stock_status" => status::stock(text, t).0,
        Value::String(text)
            if matches!(name, "total" | "refunded" | "refunded_total" | "price" | "regular_price" | "sale_price") =>
        {
            amount(text)
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let short: String = text.chars().take(MAX_VALUE_CHARS).collect();
    Some(if short.len() < text.len() { format!("{short}…") } else { short })
}

/// An amount as money is written; how many digits its currency has, the entry does not know.
fn amount(text: &str) -> String {
    let Ok(mut amount) = text.parse::<Decimal>() else { return text.to_owned() };
    if amount.scale() == 1 {
        amount.rescale(2);
    }
    amount.to_string()
}

fn field_name(name: &str, t: &Words) -> String {
    match name {
        "status" => t.get("field-status"),
        "total" => t.get("field-total"),
        "number" => t.get("field-number"),
        "customer" | "customer_name" => t.get("field-customer"),
        "lines" => t.get("field-lines"),
        "refunds" => t.get("field-refunds"),
        "refunded" | "refunded_total" => t.get("field-refunded"),
        "billing" => t.get("field-billing"),
        "shipping" => t.get("field-shipping"),
        "payment_method" | "payment_method_title" => t.get("field-payment"),
        "customer_note" => t.get("field-note"),
        "charge" => t.get("field-charge"),
        "name" => t.get("field-name"),
        "sku" => t.get("field-sku"),
        "price" => t.get("field-price"),
        "regular_price" => t.get("field-regular-price"),
        "sale_price" => t.get("field-sale-price"),
        "stock" | "stock_quantity" => t.get("field-stock"),
        "stock_status" => t.get("field-stock-status"),
        other => status::readable(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_no_half_fraction() {
        assert_eq!(
            ["124.5", "124.50", "124", "0.125", "much"].map(amount),
            ["124.50", "124.50", "124", "0.125", "much"]
        );
    }
}
