//! Customers. Their list knows no modified filter: it is ignored without a word.

use std::sync::Arc;

use serde_json::Value;

use crate::model::Change;
use crate::model::customer::Customer;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules};
use crate::rest::write::{Target, Written};
use crate::rest::{Answer, Call, body};

impl Row for Customer {
    fn id(&self) -> u64 {
        self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn modified(&self) -> i64 {
        self.modified.unwrap_or(self.created)
    }

    fn title(&self) -> &str {
        &self.username
    }
}

pub(super) fn list(call: Call<'_>) -> Answer {
    let profile = call.profile;
    let mut complaints = Complaints::default();
    let rules = ListRules {
        order_by: &["id", "include", "name", "registered_date"],
        default_order: ("name", true),
        dates: None,
    };
    let ask = ListAsk::read(&call.ask.query, rules, &profile.zone, &mut complaints);
    complaints.finish()?;
    let email = call.ask.query.get("email").map(str::to_lowercase);
    let role = call.ask.query.get("role").unwrap_or("customer");
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.customers.values().filter(|customer| {
            (role == "all" || customer.role == role)
                && email.as_ref().is_none_or(|email| customer.email.to_lowercase() == *email)
                && ask.search.as_ref().is_none_or(|text| customer.email.to_lowercase().contains(text))
        });
        let page = page::select(rows, &ask, &profile.zone, Paging::default());
        (page.rows.iter().map(|customer| view.customer(customer)).collect(), page.total)
    });
    Ok(page::reply(call.ask, &ask, shown, total, &call.address("customers"), &LinkExtras::default()))
}

pub(super) fn one(call: Call<'_>, id: u64) -> Answer {
    let shown = call.store.read(|view| view.records.customers.get(&id).map(|customer| view.customer(customer)));
    Ok(call.one(200, shown.ok_or_else(|| ApiError::gone("customer"))?))
}

pub(super) fn create(call: Call<'_>) -> Answer {
    let sent = call.body()?;
    let email = sent.get("email").and_then(Value::as_str).ok_or_else(|| ApiError::missing(&["email"]))?;
    if !email.contains('@') {
        let mut complaints = Complaints::default();
        let data = Json::from(object! { "param" => "email" });
        complaints.add("email", "rest_invalid_email", "Invalid email address.".to_owned(), data);
        complaints.finish()?;
    }
    let (id, shown) = call.write(Target::new("customer"), &sent, |change| create_one(change, &sent))?;
    Ok(call.created(&format!("customers/{id}"), shown))
}

/// Registers a customer.
///
/// # Errors
/// 400 for an address that is none or that another customer has.
pub(super) fn create_one(change: &mut Change<'_>, sent: &Value) -> Written {
    let email = sent.get("email").and_then(Value::as_str).filter(|email| email.contains('@'));
    let email = email.ok_or_else(|| {
        ApiError::new(400, "registration-error-invalid-email", "Please provide a valid email address.")
    })?;
    if change.records.customers.values().any(|customer| customer.email.eq_ignore_ascii_case(email)) {
        return Err(ApiError::new(
            400,
            "registration-error-email-exists",
            "An account is already registered with your email address. Please log in or use a different email address.",
        ));
    }
    let id = change.records.ids.user();
    change.records.customers.insert(id, Customer::new(id, email.to_owned(), change.now));
    apply(change, id, sent);
    change.events.raise("customer.created", id);
    change.events.raise("customer.updated", id);
    Ok((id, show(change, id)))
}

pub(crate) fn apply(change: &mut Change<'_>, id: u64, sent: &Value) {
    let Some(customer) = change.records.customers.get_mut(&id) else { return };
    let texts = [
        ("first_name", &mut customer.first_name),
        ("last_name", &mut customer.last_name),
        ("email", &mut customer.email),
        ("username", &mut customer.username),
    ];
    for (name, field) in texts {
        if let Some(text) = sent.get(name).and_then(body::text) {
            *field = text;
        }
    }
    if let Some(billing) = sent.get("billing") {
        Arc::make_mut(&mut customer.billing).merge(billing);
    }
    if let Some(shipping) = sent.get("shipping") {
        Arc::make_mut(&mut customer.shipping).merge(shipping);
    }
}

pub(super) fn update(call: Call<'_>, id: u64) -> Answer {
    let sent = call.body()?;
    let (_, shown) = call.write(Target::known("customer", id), &sent, |change| update_one(change, id, &sent))?;
    Ok(call.one(200, shown))
}

/// Applies what was sent.
///
/// # Errors
/// 400 for an unknown id.
pub(super) fn update_one(change: &mut Change<'_>, id: u64, sent: &Value) -> Written {
    if !change.records.customers.contains_key(&id) {
        return Err(ApiError::gone_on_write("customer"));
    }
    apply(change, id, sent);
    change.touch_customer(id);
    Ok((id, show(change, id)))
}

fn show(change: &Change<'_>, id: u64) -> Object {
    change.records.customers.get(&id).map(|customer| change.view().customer(customer)).unwrap_or_default()
}

pub(super) fn delete(call: Call<'_>, id: u64) -> Answer {
    if !call.force() {
        return Err(ApiError::no_trash("Customers"));
    }
    let (_, shown) = call.write(Target::doomed("customer", id), &Value::Null, |change| delete_one(change, id))?;
    Ok(call.one(200, shown))
}

/// Deletes a customer for good: there is no trash.
///
/// # Errors
/// 404 for an unknown id.
pub(super) fn delete_one(change: &mut Change<'_>, id: u64) -> Written {
    let shown = show(change, id);
    change.delete_customer(id).ok_or_else(|| ApiError::gone("customer"))?;
    Ok((id, shown))
}
