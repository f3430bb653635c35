//! An order as REST v3 shows it.

use crate::dates;
use crate::model::address::Address;
use crate::model::order::{Order, Status};
use crate::php_json::{Json, Object, object};
use crate::view::{ALL_METHODS, View, meta};

impl View<'_> {
    /// An order.
    #[must_use]
    pub fn order(&self, order: &Order) -> Object {
        let place = self.profile.place;
        let sums = order.totals(self.profile.decimals());
        let key = order_key(order.id);
        let needs_payment = matches!(order.status, Status::Pending | Status::Failed) && !sums.total.is_zero();
        let is_editable =
            matches!(order.status, Status::Pending | Status::OnHold | Status::AutoDraft | Status::CheckoutDraft);
        let (lines, shipping) = (self.lines(order), self.shipping_lines(order));
        let mut shown = object! {
            "id" => order.id,
            "parent_id" => 0,
            "status" => order.status.as_str(),
            "currency" => place.currency.code,
            "version" => self.profile.version.clone(),
            "prices_include_tax" => false,
            "date_created" => self.local(order.created),
            "date_modified" => self.local(order.modified),
            "discount_total" => self.fixed(sums.discount),
            "discount_tax" => self.fixed(sums.discount_tax),
            "shipping_total" => self.fixed(sums.shipping),
            "shipping_tax" => self.fixed(sums.shipping_tax),
            "cart_tax" => self.fixed(sums.cart_tax),
            "total" => self.fixed(sums.total),
            "total_tax" => self.fixed(sums.total_tax),
            "customer_id" => order.customer_id,
            "order_key" => key.clone(),
            "billing" => billing(&order.billing),
            "shipping" => shipping_address(&order.shipping),
            "payment_method" => &order.payment_method,
            "payment_method_title" => &order.payment_title,
            "transaction_id" => &order.transaction_id,
            "customer_ip_address" => "127.0.0.1",
            "customer_user_agent" => "Mozilla/5.0",
            "created_via" => order.created_via,
            "customer_note" => &order.customer_note,
            "date_completed" => self.local_opt(order.completed),
            "date_paid" => self.local_opt(order.paid),
            "cart_hash" => "",
            "number" => order.id.to_string(),
            "meta_data" => meta(&order.meta),
            "line_items" => lines,
            "tax_lines" => self.tax_lines(order),
            "shipping_lines" => shipping,
            "fee_lines" => self.fee_lines(order),
            "coupon_lines" => self.coupon_lines(order),
            "refunds" => self.refunds_of(order),
            "payment_url" => format!("{}/checkout/order-pay/{}/?pay_for_order=true&key={key}", self.profile.home_url, order.id),
            "is_editable" => is_editable,
            "needs_payment" => needs_payment,
            "needs_processing" => !order.lines.is_empty(),
            "date_created_gmt" => dates::gmt(order.created),
            "date_modified_gmt" => dates::gmt(order.modified),
            "date_completed_gmt" => order.completed.map(dates::gmt),
            "date_paid_gmt" => order.paid.map(dates::gmt),
            "currency_symbol" => place.currency.symbol,
        };
        shown.push("_links", self.order_links(order));
        shown
    }

    fn order_links(&self, order: &Order) -> Object {
        let path = format!("orders/{}", order.id);
        let mut links = object! { "self" => self.self_link(&path, ALL_METHODS), "collection" => self.link("orders") };
        if self.profile.is_recent() {
            let href = self.href(&format!("{path}/actions/email_templates"));
            links.push("email_templates", Json::List(vec![object! { "embeddable" => true, "href" => href }.into()]));
        }
        if order.customer_id != 0 {
            links.push("customer", self.link(&format!("customers/{}", order.customer_id)));
        }
        links
    }

    fn refunds_of(&self, order: &Order) -> Json {
        // Newest first, as the shop lists them.
        let refunds = order.refunds.iter().rev().filter_map(|id| self.records.refunds.get(id));
        let shown = refunds.map(|refund| {
            object! {
                "id" => refund.id,
                "reason" => refund.reason.clone(),
                "total" => self.fixed(-refund.amount),
                "total_tax" => self.fixed(rust_decimal::Decimal::ZERO),
            }
        });
        shown.collect::<Vec<Object>>().into()
    }
}

/// `wc_order_` and thirteen letters that belong to the id.
fn order_key(id: u64) -> String {
    let mut mixed = id.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut key = String::from("wc_order_");
    for _ in 0..13 {
        // Below 26, so it is a letter.
        let letter = u8::try_from(mixed % 26).unwrap_or_default();
        key.push(char::from(b'a' + letter));
        mixed = mixed.rotate_right(5).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    key
}

/// `billing` of an order.
pub(super) fn billing(address: &Address) -> Object {
    let mut shown = names(address);
    shown.push("state", address.state.clone());
    shown.push("postcode", address.postcode.clone());
    shown.push("country", address.country.clone());
    shown.push("email", address.email.clone());
    shown.push("phone", address.phone.clone());
    shown
}

fn shipping_address(address: &Address) -> Object {
    let mut shown = names(address);
    shown.push("state", address.state.clone());
    shown.push("postcode", address.postcode.clone());
    shown.push("country", address.country.clone());
    shown.push("phone", address.phone.clone());
    shown
}

/// The fields every address starts with.
pub(super) fn names(address: &Address) -> Object {
    object! {
        "first_name" => address.first_name.clone(),
        "last_name" => address.last_name.clone(),
        "company" => address.company.clone(),
        "address_1" => address.address_1.clone(),
        "address_2" => address.address_2.clone(),
        "city" => address.city.clone(),
    }
}
