//! Orders: their states, what a change of state does, and their totals.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::model::address::Address;
use crate::model::note::Note;
use crate::model::order_lines::{CouponLine, FeeLine, Line, ShippingLine};
use crate::model::{Change, Meta};
use crate::money;

macro_rules! statuses {
    ($(#[$whole:meta])* own { $($name:ident = $text:literal, $title:literal;)* } custom { $($added:ident = $its_text:literal, $its_title:literal;)* }) => {
        $(#[$whole])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Status { $($name,)* $($added,)* }

        impl Status {
            /// WooCommerce's own, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// Those of well-known plugins; a shop has them only by its settings.
            pub const CUSTOM: &'static [Self] = &[$(Self::$added,)*];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* $(Self::$added => $its_text,)* }
            }

            /// As the merchant reads it.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* $(Self::$added => $its_title,)* }
            }
        }
    };
}

statuses! {
    /// An order's state.
    own {
        AutoDraft = "auto-draft", "Auto draft";
        Pending = "pending", "Pending payment";
        Processing = "processing", "Processing";
        OnHold = "on-hold", "On hold";
        Completed = "completed", "Completed";
        Cancelled = "cancelled", "Cancelled";
        Refunded = "refunded", "Refunded";
        Failed = "failed", "Failed";
        CheckoutDraft = "checkout-draft", "Draft";
        Trash = "trash", "Trash";
    }
    custom {
        Packed = "packed", "Packed";
        Shipped = "shipped", "Shipped";
        PartialShipped = "partial-shipped", "Partially shipped";
        Delivered = "delivered", "Delivered";
        AwaitingPickup = "awaiting-pickup", "Awaiting pickup";
    }
}

impl Status {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().chain(Self::CUSTOM).copied().find(|status| status.as_str() == text)
    }

    /// Whether a plugin brought it.
    #[must_use]
    pub fn is_custom(self) -> bool {
        Self::CUSTOM.contains(&self)
    }

    /// In this state the goods are taken from stock.
    #[must_use]
    pub const fn holds_stock(self) -> bool {
        matches!(self, Self::Processing | Self::OnHold | Self::Completed)
    }

    /// In this state the goods go back.
    #[must_use]
    pub const fn returns_stock(self) -> bool {
        matches!(self, Self::Cancelled | Self::Pending)
    }

    /// `any` never holds trash or unfinished carts.
    #[must_use]
    pub const fn is_in_any(self) -> bool {
        !matches!(self, Self::Trash | Self::AutoDraft | Self::CheckoutDraft)
    }
}

/// How an order is paid.
#[derive(Debug, PartialEq, Eq)]
pub struct Payment {
    pub method: &'static str,
    pub title: &'static str,
}

/// The gateways of every shop.
pub static PAYMENTS: [Payment; 3] = [
    Payment { method: "bacs", title: "Direct bank transfer" },
    Payment { method: "cod", title: "Cash on delivery" },
    Payment { method: "stripe", title: "Credit card (Stripe)" },
];

/// An order. Totals are not kept: they follow from the lines.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: u64,
    pub status: Status,
    /// Its state before it was trashed.
    pub status_before_trash: Option<Status>,
    pub created: i64,
    pub modified: i64,
    pub paid: Option<i64>,
    pub completed: Option<i64>,
    /// 0 is a guest.
    pub customer_id: u64,
    pub billing: Arc<Address>,
    pub shipping: Arc<Address>,
    pub payment_method: Arc<str>,
    pub payment_title: Arc<str>,
    pub transaction_id: Arc<str>,
    pub created_via: &'static str,
    pub customer_note: Arc<str>,
    pub meta: Vec<Meta>,
    pub lines: Vec<Line>,
    pub shipping_lines: Vec<ShippingLine>,
    pub fee_lines: Vec<FeeLine>,
    pub coupon_lines: Vec<CouponLine>,
    /// The line id of its tax line, when taxed.
    pub tax_line: Option<u64>,
    pub refunds: Vec<u64>,
    pub stock_reduced: bool,
    pub notes: Vec<Note>,
}

/// The sums of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub discount: Decimal,
    pub discount_tax: Decimal,
    pub shipping: Decimal,
    pub shipping_tax: Decimal,
    pub cart_tax: Decimal,
    pub total_tax: Decimal,
    pub total: Decimal,
}

impl Order {
    /// The sums, rounded to the store's decimals.
    #[must_use]
    pub fn totals(&self, decimals: u32) -> Totals {
        let round = |amount: Decimal| money::round(amount, decimals);
        let goods: Decimal = self.lines.iter().map(|line| line.total).sum();
        let fees: Decimal = self.fee_lines.iter().map(|fee| fee.total).sum();
        let shipping: Decimal = self.shipping_lines.iter().map(|line| line.total).sum();
        let shipping_tax: Decimal = self.shipping_lines.iter().map(|line| line.total_tax).sum();
        let line_tax: Decimal = self.lines.iter().map(|line| line.total_tax).sum();
        let cart_tax = line_tax + self.fee_lines.iter().map(|fee| fee.total_tax).sum::<Decimal>();
        Totals {
            discount: round(self.lines.iter().map(|line| line.subtotal - line.total).sum()),
            discount_tax: round(self.lines.iter().map(|line| line.subtotal_tax - line.total_tax).sum()),
            shipping: round(shipping),
            shipping_tax: round(shipping_tax),
            cart_tax: round(cart_tax),
            total_tax: round(cart_tax + shipping_tax),
            total: round(goods + fees + shipping + cart_tax + shipping_tax),
        }
    }
}

impl Change<'_> {
    /// Moves an order to a state, with all that follows: dates, stock, an automatic refund. Raises nothing for the order itself.
    pub fn set_status(&mut self, id: u64, status: Status) -> bool {
        let now = self.now;
        let Some(order) = self.records.orders.get_mut(&id) else { return false };
        let before = order.status;
        if before == status {
            return false;
        }
        order.status = status;
        order.status_before_trash = None;
        if matches!(status, Status::Processing | Status::Completed) && order.paid.is_none() {
            order.paid = Some(now);
        }
        if status == Status::Completed {
            order.completed = Some(now);
        }
        let customer_id = order.customer_id;
        self.note_status(id, before, status);
        self.settle_stock(id);
        if status == Status::Completed && customer_id != 0 {
            if let Some(customer) = self.records.customers.get_mut(&customer_id) {
                customer.is_paying = true;
            }
            self.touch_customer(customer_id);
        }
        if status == Status::Refunded {
            self.refund_the_rest(id);
        }
        true
    }

    /// `refunded` makes a refund record of what is left, without moving money.
    fn refund_the_rest(&mut self, id: u64) {
        let left = self.refundable(id).unwrap_or_default();
        if left > Decimal::ZERO {
            let request = crate::model::refund::RefundRequest {
                amount: Some(left),
                reason: "Order fully refunded.".to_owned(),
                ..Default::default()
            };
            // What is left can be refunded, so this cannot be refused.
            let _ = self.refund(id, request);
        }
    }

    /// Ends a save of an order: the modified date moves (on posts only when a column of the row changed) and `order.updated` is raised.
    pub fn save_order(&mut self, id: u64, row_changed: bool) {
        let is_hpos = self.profile.is_hpos();
        if let Some(order) = self.records.orders.get_mut(&id) {
            if is_hpos || row_changed {
                order.modified = self.now;
            }
            self.events.raise("order.updated", id);
        }
    }
}
