//! Refunds: of an order, and on newer versions of the whole shop.

use serde_json::Value;

use crate::dates::Columns;
use crate::model::refund::{Refund, RefundRequest};
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules};
use crate::rest::write::Target;
use crate::rest::{Answer, Call, body};

impl Row for Refund {
    fn id(&self) -> u64 {
        self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    /// A refund never changes.
    fn modified(&self) -> i64 {
        self.created
    }

    fn title(&self) -> &str {
        ""
    }
}

pub(super) fn all(call: Call<'_>) -> Answer {
    let extras =
        LinkExtras { added: vec![("dp".to_owned(), "2".to_owned())], normalises_flags: true, ..LinkExtras::default() };
    list(call, None, "refunds", &extras)
}

pub(super) fn of_order(call: Call<'_>, order_id: u64) -> Answer {
    if !call.store.read(|view| view.records.orders.contains_key(&order_id)) {
        return Err(ApiError::new(404, "woocommerce_rest_invalid_order_id", "Invalid order ID."));
    }
    let extras = LinkExtras { normalises_flags: true, ..LinkExtras::default() };
    list(call, Some(order_id), &format!("orders/{order_id}/refunds"), &extras)
}

fn list(call: Call<'_>, order_id: Option<u64>, path: &str, extras: &LinkExtras) -> Answer {
    let profile = call.profile;
    let is_hpos = profile.is_hpos();
    let mut complaints = Complaints::default();
    let rules = ListRules {
        order_by: &["date", "id", "include", "title", "slug", "modified"],
        default_order: ("date", false),
        dates: Some(if is_hpos { Columns::UtcOnly } else { Columns::LocalAndUtc }),
    };
    let ask = ListAsk::read(&call.ask.query, rules, &profile.zone, &mut complaints);
    complaints.finish()?;
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.refunds.values().filter(|refund| order_id.is_none_or(|id| refund.order_id == id));
        let page =
            page::select(rows, &ask, &profile.zone, Paging { forgets_total_past_end: is_hpos, has_loose_ties: false });
        (page.rows.iter().map(|refund| view.refund(refund, order_id.is_none())).collect(), page.total)
    });
    Ok(page::reply(call.ask, &ask, shown, total, &call.address(path), extras))
}

pub(super) fn one(call: Call<'_>, order_id: u64, id: u64) -> Answer {
    let shown = call.store.read(|view| {
        let refund = view.records.refunds.get(&id).filter(|refund| refund.order_id == order_id)?;
        Some(view.refund(refund, false))
    });
    Ok(call.one(200, shown.ok_or_else(|| ApiError::gone("refund"))?))
}

pub(super) fn create(call: Call<'_>, order_id: u64) -> Answer {
    let sent = call.body()?;
    let request = RefundRequest {
        amount: sent.get("amount").and_then(body::decimal),
        reason: sent.get("reason").and_then(body::text).unwrap_or_default(),
        lines: lines(&sent),
        restock: sent.get("api_restock").and_then(body::flag).unwrap_or(true),
    };
    let (id, shown) = call.write(Target::new("refund").of(order_id), &sent, |change| {
        if !change.records.orders.contains_key(&order_id) {
            return Err(ApiError::new(404, "woocommerce_rest_invalid_order_id", "Invalid order ID."));
        }
        let id = change
            .refund(order_id, request)
            .map_err(|_| ApiError::new(500, "woocommerce_rest_cannot_create_order_refund", "Invalid refund amount."))?;
        Ok((id, change.view().record("refund", id, order_id).unwrap_or_default()))
    })?;
    Ok(call.created(&format!("orders/{order_id}/refunds/{id}"), shown))
}

fn lines(sent: &Value) -> Vec<(u64, i64, rust_decimal::Decimal)> {
    let lines = sent.get("line_items").and_then(Value::as_array).into_iter().flatten();
    lines
        .filter_map(|line| {
            let id = line.get("id").and_then(body::integer).and_then(|id| u64::try_from(id).ok())?;
            let quantity = line.get("quantity").and_then(body::integer).unwrap_or(0);
            Some((id, quantity, line.get("refund_total").and_then(body::decimal).unwrap_or_default()))
        })
        .collect()
}

/// Deleting a refund moves no date and tells nobody.
pub(super) fn delete(call: Call<'_>, order_id: u64, id: u64) -> Answer {
    if !call.force() {
        return Err(ApiError::no_trash("Refunds"));
    }
    let (_, shown) = call.write(Target::doomed("refund", id).of(order_id), &Value::Null, |change| {
        let refund = change.records.refunds.get(&id).filter(|refund| refund.order_id == order_id);
        let shown = change.view().refund(refund.ok_or_else(|| ApiError::gone("refund"))?, false);
        change.records.refunds.remove(&id);
        if let Some(order) = change.records.orders.get_mut(&order_id) {
            order.refunds.retain(|known| *known != id);
        }
        Ok((id, shown))
    })?;
    Ok(call.one(200, shown))
}
