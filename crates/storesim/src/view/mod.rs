//! The records as REST v3 shows them: field for field, in the order WooCommerce writes them.

pub mod coupon;
pub mod customer;
pub mod note;
pub mod order;
pub mod order_lines;
pub mod product;
pub mod prose;
pub mod record;
pub mod refund;
pub mod variation;
pub mod webhook;

use crate::dates;
use crate::model::profile::Profile;
use crate::model::{Meta, Records};
use crate::money;
use crate::php_json::{Json, Object, object};
use rust_decimal::Decimal;

/// A shop being shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub profile: &'a Profile,
    pub records: &'a Records,
}

pub(crate) const ALL_METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

impl View<'_> {
    /// Site time.
    fn local(&self, seconds: i64) -> String {
        dates::local(seconds, &self.profile.zone)
    }

    fn local_opt(&self, seconds: Option<i64>) -> Option<String> {
        seconds.map(|seconds| self.local(seconds))
    }

    fn fixed(&self, amount: Decimal) -> String {
        money::fixed(amount, self.profile.decimals())
    }

    /// The address of a REST resource.
    pub(crate) fn href(&self, path: &str) -> String {
        format!("{}/wp-json/wc/v3/{path}", self.profile.home_url)
    }

    fn link(&self, path: &str) -> Json {
        Json::List(vec![object! { "href" => self.href(path) }.into()])
    }

    /// A link that also says what may be done there; older WordPress does not.
    fn self_link(&self, path: &str, methods: &[&'static str]) -> Json {
        let mut link = object! { "href" => self.href(path) };
        if self.profile.is_recent() {
            link.push("targetHints", object! { "allow" => methods.to_vec() });
        }
        Json::List(vec![link.into()])
    }
}

/// `meta_data`.
pub(crate) fn meta(entries: &[Meta]) -> Json {
    entries
        .iter()
        .map(|meta| object! { "id" => meta.id, "key" => &meta.key, "value" => &meta.value })
        .collect::<Vec<Object>>()
        .into()
}

/// One entry of a line's `meta_data`, which repeats key and value for display.
pub(crate) fn line_meta(
    id: u64,
    key: impl Into<Json>,
    value: String,
    display_key: impl Into<Json>,
    display_value: String,
) -> Object {
    object! { "id" => id, "key" => key, "value" => value, "display_key" => display_key, "display_value" => display_value }
}
