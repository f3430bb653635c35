//! Coupons. Their list knows no state: what lies in the trash is only seen by its id.

use serde_json::Value;

use crate::dates::Columns;
use crate::model::Change;
use crate::model::coupon::{Coupon, Discount};
use crate::php_json::Object;
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules};
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body};

impl Row for Coupon {
    fn id(&self) -> u64 {
        self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn modified(&self) -> i64 {
        self.modified
    }

    fn title(&self) -> &str {
        &self.code
    }
}

pub(super) fn list(call: Call<'_>) -> Answer {
    let profile = call.profile;
    let mut complaints = Complaints::default();
    let rules = ListRules {
        order_by: &["date", "id", "include", "title", "slug", "modified"],
        default_order: ("date", false),
        dates: Some(Columns::LocalAndUtc),
    };
    let ask = ListAsk::read(&call.ask.query, rules, &profile.zone, &mut complaints);
    complaints.finish()?;
    let code = call.ask.query.get("code").map(str::to_lowercase);
    let (shown, total) = call.store.read(|view| {
        let rows = view
            .records
            .coupons
            .values()
            .filter(|coupon| coupon.status != "trash" && code.as_ref().is_none_or(|code| coupon.code == *code));
        let page = page::select(rows, &ask, &profile.zone, Paging::default());
        (page.rows.iter().map(|coupon| view.coupon(coupon)).collect(), page.total)
    });
    let extras = LinkExtras { normalises_flags: true, ..LinkExtras::default() };
    Ok(page::reply(call.ask, &ask, shown, total, &call.address("coupons"), &extras))
}

pub(super) fn one(call: Call<'_>, id: u64) -> Answer {
    let shown = call.store.read(|view| view.records.coupons.get(&id).map(|coupon| view.coupon(coupon)));
    Ok(call.one(200, shown.ok_or_else(|| ApiError::gone("coupon"))?))
}

pub(super) fn create(call: Call<'_>) -> Answer {
    let sent = call.body()?;
    let (id, shown) = call.write(Target::new("coupon"), &sent, |change| create_one(change, &sent))?;
    Ok(call.created(&format!("coupons/{id}"), shown))
}

/// Makes a coupon.
///
/// # Errors
/// 400 without a code, or with one that another coupon has.
pub(super) fn create_one(change: &mut Change<'_>, sent: &Value) -> Written {
    let code = sent.get("code").and_then(Value::as_str).filter(|code| !code.is_empty()).map(str::to_lowercase);
    let code = code
        .ok_or_else(|| ApiError::new(400, "woocommerce_rest_empty_coupon_code", "The coupon code cannot be empty."))?;
    if change.records.coupons.values().any(|coupon| coupon.code == code && coupon.status != "trash") {
        return Err(ApiError::new(
            400,
            "woocommerce_rest_coupon_code_already_exists",
            "The coupon code already exists",
        ));
    }
    let id = change.records.ids.post();
    let coupon = Coupon {
        id,
        code,
        amount: rust_decimal::Decimal::ZERO,
        discount: Discount::FixedCart,
        status: "publish",
        created: change.now,
        modified: change.now,
        description: String::new(),
        usage_count: 0,
        usage_limit: None,
    };
    change.records.coupons.insert(id, coupon);
    apply(change, id, sent);
    change.events.raise("coupon.created", id);
    Ok((id, show(change, id)))
}

fn apply(change: &mut Change<'_>, id: u64, sent: &Value) {
    let Some(coupon) = change.records.coupons.get_mut(&id) else { return };
    if let Some(amount) = sent.get("amount").and_then(body::decimal) {
        coupon.amount = amount;
    }
    if let Some(kind) = sent.get("discount_type").and_then(Value::as_str) {
        coupon.discount = Discount::parse(kind);
    }
    if let Some(text) = sent.get("description").and_then(body::text) {
        coupon.description = text;
    }
    if let Some(limit) = sent.get("usage_limit").and_then(body::integer) {
        coupon.usage_limit = u64::try_from(limit).ok().filter(|limit| *limit > 0);
    }
}

pub(super) fn update(call: Call<'_>, id: u64) -> Answer {
    let sent = call.body()?;
    let (_, shown) = call.write(Target::known("coupon", id), &sent, |change| update_one(change, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent; every save moves the date.
///
/// # Errors
/// 400 for an unknown id.
pub(crate) fn update_one(change: &mut Change<'_>, id: u64, sent: &Value) -> Written {
    let now = change.now;
    let coupon = change.records.coupons.get_mut(&id).ok_or_else(|| ApiError::gone_on_write("coupon"))?;
    coupon.modified = now;
    apply(change, id, sent);
    change.events.raise("coupon.updated", id);
    Ok((id, show(change, id)))
}

fn show(change: &Change<'_>, id: u64) -> Object {
    change.records.coupons.get(&id).map(|coupon| change.view().coupon(coupon)).unwrap_or_default()
}

pub(super) fn delete(call: Call<'_>, id: u64) -> Answer {
    let force = call.force();
    let (_, shown) = call.write(Target::doomed("coupon", id), &Value::Null, |change| delete_one(change, id, force))?;
    Ok(call.one(200, shown))
}

/// Trashes or erases; the answer shows the coupon as it was before.
///
/// # Errors
/// 404 for an unknown id, 410 when it is in the trash already.
pub(super) fn delete_one(change: &mut Change<'_>, id: u64, force: bool) -> Written {
    if !change.records.coupons.contains_key(&id) {
        return Err(ApiError::gone("coupon"));
    }
    let shown = show(change, id);
    if force {
        change.erase_coupon(id);
    } else if !change.trash_coupon(id) {
        return Err(ApiError::already_trashed("shop_coupon"));
    }
    Ok((id, shown))
}
