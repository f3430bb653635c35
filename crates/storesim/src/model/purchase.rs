//! Making an order: prices, coupons, shipping and tax, and the checkout that a customer goes through.

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::model::address::Address;
use crate::model::coupon::Discount;
use crate::model::order::{Order, Payment, Status};
use crate::model::order_lines::{CouponLine, FeeLine, Line, ShippingLine};
use crate::model::{Change, Meta};
use crate::money;

/// What somebody wants, before it has prices.
#[derive(Debug)]
pub struct Cart {
    /// Product or variation, and how many.
    pub items: Vec<(u64, i64)>,
    pub customer_id: u64,
    pub billing: Arc<Address>,
    pub shipping: Arc<Address>,
    pub payment: Option<&'static Payment>,
    pub coupon: Option<String>,
    pub shipping_cost: Option<Decimal>,
    pub fee: Option<(&'static str, Decimal)>,
    pub created_via: &'static str,
    pub note: Arc<str>,
}

impl Default for Cart {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            customer_id: 0,
            billing: Arc::default(),
            shipping: Arc::default(),
            payment: None,
            coupon: None,
            shipping_cost: None,
            fee: None,
            created_via: "checkout",
            note: "".into(),
        }
    }
}

/// A cart asks for more than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoldOut;

impl Change<'_> {
    /// A customer's checkout. On HPOS the update is told before the creation, as the block checkout does.
    ///
    /// # Errors
    /// [`SoldOut`] when an item is not for sale in that number; nothing has changed then.
    pub fn check_out(&mut self, cart: Cart, status: Status) -> Result<u64, SoldOut> {
        let available = cart.items.iter().all(|(id, quantity)| {
            let product = self.records.products.get(id);
            product.is_some_and(|product| {
                product.is_for_sale() && self.records.available(*id).is_none_or(|left| left >= *quantity)
            })
        });
        if !available || cart.items.is_empty() {
            return Err(SoldOut);
        }
        let id = self.compose(cart);
        let (first, second) = if self.profile.is_hpos() {
            ("order.updated", "order.created")
        } else {
            ("order.created", "order.updated")
        };
        self.events.raise(first, id);
        self.events.raise(second, id);
        self.set_status(id, status);
        self.count_sales(id);
        Ok(id)
    }

    /// Writes down a pending order for a cart, with prices, discount, shipping and tax. Unknown products become empty lines.
    pub fn compose(&mut self, cart: Cart) -> u64 {
        let id = self.records.ids.post();
        let mut order = Order {
            id,
            status: Status::Pending,
            status_before_trash: None,
            created: self.now,
            modified: self.now,
            paid: None,
            completed: None,
            customer_id: cart.customer_id,
            billing: cart.billing,
            shipping: cart.shipping,
            payment_method: cart.payment.map_or("", |payment| payment.method).into(),
            payment_title: cart.payment.map_or("", |payment| payment.title).into(),
            transaction_id: "".into(),
            created_via: cart.created_via,
            customer_note: cart.note,
            meta: Vec::new(),
            lines: Vec::new(),
            shipping_lines: Vec::new(),
            fee_lines: Vec::new(),
            coupon_lines: Vec::new(),
            tax_line: None,
            refunds: Vec::new(),
            stock_reduced: false,
            notes: Vec::new(),
        };
        for (product_id, quantity) in cart.items {
            let line = self.line_for(product_id, quantity);
            order.lines.push(line);
        }
        if let Some(total) = cart.shipping_cost {
            order.shipping_lines.push(ShippingLine {
                id: self.records.ids.line(),
                title: "Flat rate",
                method: "flat_rate",
                total,
                total_tax: Decimal::ZERO,
                is_taxed: false,
            });
        }
        if let Some((name, total)) = cart.fee {
            order.fee_lines.push(FeeLine {
                id: self.records.ids.line(),
                name,
                total,
                total_tax: Decimal::ZERO,
                is_taxed: false,
            });
        }
        if let Some(code) = cart.coupon {
            self.apply_coupon(&mut order, &code);
        }
        self.apply_tax(&mut order);
        self.records.orders.insert(id, order);
        id
    }

    /// A line at today's price.
    pub fn line_for(&mut self, product_id: u64, quantity: i64) -> Line {
        let line_id = self.records.ids.line();
        let Some(product) = self.records.products.get(&product_id) else { return empty_line(line_id, quantity) };
        let parent = self.records.products.get(&product.parent_id);
        let amount =
            money::round(product.price().unwrap_or_default() * Decimal::from(quantity), self.profile.decimals());
        Line {
            id: line_id,
            name: Arc::clone(&product.name),
            product_id: if parent.is_some() { product.parent_id } else { product.id },
            variation_id: if parent.is_some() { product.id } else { 0 },
            quantity,
            subtotal: amount,
            subtotal_tax: Decimal::ZERO,
            total: amount,
            total_tax: Decimal::ZERO,
            is_taxed: false,
            sku: Arc::clone(&product.sku),
            parent_name: parent.map(|parent| Arc::clone(&parent.name)),
            choices: product.choices.iter().map(|choice| (self.records.ids.meta(), choice.clone())).collect(),
            reduced_stock: None,
            refunded_line: None,
        }
    }

    /// Spreads a coupon's discount over the goods; the last line takes what rounding leaves.
    fn apply_coupon(&mut self, order: &mut Order, code: &str) {
        let decimals = self.profile.decimals();
        let Some(coupon) = self.records.coupons.values_mut().find(|coupon| coupon.code == code) else { return };
        let goods: Decimal = order.lines.iter().map(|line| line.subtotal).sum();
        if goods <= Decimal::ZERO {
            return;
        }
        coupon.usage_count += 1;
        let discount = match coupon.discount {
            Discount::Percent => money::round(goods * coupon.amount / Decimal::ONE_HUNDRED, decimals),
            Discount::FixedCart => coupon.amount.min(goods),
        };
        let mut left = discount;
        let last = order.lines.len().saturating_sub(1);
        for (at, line) in order.lines.iter_mut().enumerate() {
            let share =
                if at == last { left } else { money::round(discount * line.subtotal / goods, decimals).min(left) };
            line.total = line.subtotal - share;
            left -= share;
        }
        order.coupon_lines.push(CouponLine {
            id: self.records.ids.line(),
            meta_id: self.records.ids.meta(),
            coupon_id: coupon.id,
            code: coupon.code.clone(),
            discount,
            discount_tax: Decimal::ZERO,
            kind: coupon.discount,
            nominal: coupon.amount,
        });
    }

    /// Charges the shop's tax to buyers of its own country.
    pub fn apply_tax(&mut self, order: &mut Order) {
        let Some(tax) = self.profile.place.tax.as_ref().filter(|_| order.billing.country == self.profile.place.country)
        else {
            return;
        };
        let decimals = self.profile.decimals();
        let of = |amount: Decimal| money::round(amount * tax.percent() / Decimal::ONE_HUNDRED, decimals);
        for line in &mut order.lines {
            (line.is_taxed, line.subtotal_tax, line.total_tax) = (true, of(line.subtotal), of(line.total));
        }
        for line in &mut order.shipping_lines {
            (line.is_taxed, line.total_tax) = (true, of(line.total));
        }
        for fee in &mut order.fee_lines {
            (fee.is_taxed, fee.total_tax) = (true, of(fee.total));
        }
        let saved: Decimal = order.lines.iter().map(|line| line.subtotal_tax - line.total_tax).sum();
        for coupon in &mut order.coupon_lines {
            coupon.discount_tax = saved;
        }
        if order.tax_line.is_none() {
            order.tax_line = Some(self.records.ids.line());
        }
    }

    /// Adds free metadata to an order.
    pub fn add_order_meta(&mut self, order_id: u64, key: &str, value: serde_json::Value) {
        let id = self.records.ids.meta();
        if let Some(order) = self.records.orders.get_mut(&order_id) {
            match order.meta.iter_mut().find(|meta| &*meta.key == key) {
                Some(meta) => meta.value = value,
                None => order.meta.push(Meta { id, key: key.into(), value }),
            }
        }
    }
}

fn empty_line(id: u64, quantity: i64) -> Line {
    Line {
        id,
        name: "".into(),
        product_id: 0,
        variation_id: 0,
        quantity,
        subtotal: Decimal::ZERO,
        subtotal_tax: Decimal::ZERO,
        total: Decimal::ZERO,
        total_tax: Decimal::ZERO,
        is_taxed: false,
        sku: "".into(),
        parent_name: None,
        choices: Vec::new(),
        reduced_stock: None,
        refunded_line: None,
    }
}
