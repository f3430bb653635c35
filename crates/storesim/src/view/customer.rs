//! A customer as REST v3 shows it.

use crate::dates;
use crate::model::address::Address;
use crate::model::customer::Customer;
use crate::php_json::{Json, Object, object};
use crate::view::order::names;
use crate::view::{ALL_METHODS, View};

impl View<'_> {
    #[must_use]
    pub fn customer(&self, customer: &Customer) -> Object {
        let path = format!("customers/{}", customer.id);
        let hash = hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, customer.email.as_bytes()));
        object! {
            "id" => customer.id,
            "date_created" => self.local(customer.created),
            "date_created_gmt" => dates::gmt(customer.created),
            "date_modified" => self.local_opt(customer.modified),
            "date_modified_gmt" => customer.modified.map(dates::gmt),
            "email" => customer.email.clone(),
            "first_name" => customer.first_name.clone(),
            "last_name" => customer.last_name.clone(),
            "role" => customer.role,
            "username" => customer.username.clone(),
            "billing" => address(&customer.billing, true),
            "shipping" => address(&customer.shipping, false),
            "is_paying_customer" => customer.is_paying,
            "avatar_url" => format!("https://secure.gravatar.com/avatar/{hash}?s=96&d=mm&r=g"),
            "meta_data" => Json::none(),
            "_links" => object! {
                "self" => self.self_link(&path, ALL_METHODS),
                "collection" => self.link("customers"),
            },
        }
    }
}

/// A customer's addresses have their fields in another order than an order's.
fn address(address: &Address, is_billing: bool) -> Object {
    let mut shown = names(address);
    shown.push("postcode", address.postcode.clone());
    shown.push("country", address.country.clone());
    shown.push("state", address.state.clone());
    if is_billing {
        shown.push("email", address.email.clone());
    }
    shown.push("phone", address.phone.clone());
    shown
}
