//! The few fields of a record that tell whether our copy of it is current.

use jiff::tz::TimeZone;
use storewire_domain::RemoteId;

use super::{Fields, Reason, product::manage_stock};
use crate::Glance;

/// Reads a glance of any kind of record. Only the id must be sound: what else cannot be read counts as not told.
pub fn glance(fields: &Fields<'_>, zone: Option<&TimeZone>) -> Result<Glance, Reason> {
    let decimal = |name| fields.decimal(name).ok().flatten();
    let status = fields.text("status");
    let kind = [fields.text("type"), fields.text("role")].into_iter().find(|text| !text.is_empty());
    Ok(Glance {
        remote_id: fields.own_id()?,
        modified_at: fields.time("date_modified", zone),
        status: status.strip_prefix("wc-").map_or_else(|| status.clone(), str::to_owned),
        total: decimal("total"),
        refunds: refunds(fields),
        kind: kind.unwrap_or_default(),
        price: decimal("price"),
        stock_quantity: decimal("stock_quantity"),
        stock_status: fields.text("stock_status"),
        manage_stock: fields.get("manage_stock").map(|raw| manage_stock(Some(raw))),
    })
}

fn refunds(fields: &Fields<'_>) -> Vec<RemoteId> {
    fields.objects("refunds").into_iter().filter_map(|refund| refund.own_id().ok()).collect()
}
