//! Refunds: child posts of an order that never change once made.

use rust_decimal::Decimal;

use crate::model::order::Status;
use crate::model::order_lines::Line;
use crate::model::{Change, Meta};
use crate::money;

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: u64,
    pub order_id: u64,
    pub created: i64,
    /// Positive.
    pub amount: Decimal,
    pub reason: String,
    pub meta: Vec<Meta>,
    /// Quantities and totals are negative.
    pub lines: Vec<Line>,
}

/// What to refund.
#[derive(Debug, Default)]
pub struct RefundRequest {
    /// Without an amount, the lines' totals.
    pub amount: Option<Decimal>,
    pub reason: String,
    /// Order line, quantity, amount without tax.
    pub lines: Vec<(u64, i64, Decimal)>,
    pub restock: bool,
}

/// More than is left, or nothing, was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidAmount;

impl Change<'_> {
    /// Refunds a part or the rest of an order; the order's modified date moves.
    ///
    /// # Errors
    /// [`InvalidAmount`] when the order is unknown or less than the amount is left.
    pub fn refund(&mut self, order_id: u64, request: RefundRequest) -> Result<u64, InvalidAmount> {
        let decimals = self.profile.decimals();
        let left = self.refundable(order_id).ok_or(InvalidAmount)?;
        let of_lines: Decimal = request.lines.iter().map(|(_, _, amount)| *amount).sum();
        let amount = money::round(request.amount.unwrap_or(of_lines), decimals);
        if amount <= Decimal::ZERO || amount > left {
            return Err(InvalidAmount);
        }
        let is_rest = amount == left;
        let id = self.records.ids.post();
        let lines = self.refund_lines(order_id, &request);
        let kind = if is_rest { "full" } else { "partial" };
        let meta = vec![Meta { id: self.records.ids.meta(), key: "_refund_type".into(), value: kind.into() }];
        self.records
            .refunds
            .insert(id, Refund { id, order_id, created: self.now, amount, reason: request.reason, meta, lines });
        if request.restock {
            self.restock_refunded(id);
        }
        if let Some(order) = self.records.orders.get_mut(&order_id) {
            order.refunds.push(id);
            order.modified = self.now;
            if is_rest {
                order.status = Status::Refunded;
            }
        }
        self.events.raise("order.updated", order_id);
        Ok(id)
    }

    /// What is left to refund of an order.
    #[must_use]
    pub fn refundable(&self, order_id: u64) -> Option<Decimal> {
        let order = self.records.orders.get(&order_id)?;
        let refunded: Decimal =
            order.refunds.iter().filter_map(|id| self.records.refunds.get(id)).map(|refund| refund.amount).sum();
        Some(order.totals(self.profile.decimals()).total - refunded)
    }

    fn refund_lines(&mut self, order_id: u64, request: &RefundRequest) -> Vec<Line> {
        // Copied out, so that ids can be drawn meanwhile.
        let order_lines = self.records.orders.get(&order_id).map(|order| order.lines.clone()).unwrap_or_default();
        let mut lines = Vec::new();
        for (line_id, quantity, amount) in &request.lines {
            let Some(sold) = order_lines.iter().find(|line| line.id == *line_id) else { continue };
            let mut line = sold.clone();
            line.id = self.records.ids.line();
            line.quantity = -quantity;
            line.subtotal = -*amount;
            line.total = -*amount;
            line.subtotal_tax = Decimal::ZERO;
            line.total_tax = Decimal::ZERO;
            line.refunded_line = Some((self.records.ids.meta(), *line_id));
            lines.push(line);
        }
        lines
    }

    fn restock_refunded(&mut self, refund_id: u64) {
        let Some(refund) = self.records.refunds.get(&refund_id) else { return };
        let returned: Vec<(u64, i64)> = refund.lines.iter().map(|line| (line.stocked_id(), -line.quantity)).collect();
        for (product_id, quantity) in returned {
            self.move_stock(product_id, quantity);
        }
    }
}
