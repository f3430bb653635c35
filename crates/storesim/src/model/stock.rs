//! Stock: what sales and returns do to products, and that each move is told.

use crate::model::product::Product;
use crate::model::{Change, Records};

impl Records {
    /// Whose stock a product or variation takes: a variation that does not count its own takes its product's, if that counts.
    #[must_use]
    pub fn stock_of(&self, id: u64) -> Option<&Product> {
        let product = self.products.get(&id)?;
        if product.manages_stock {
            return Some(product);
        }
        Some(self.products.get(&product.parent_id).filter(|parent| parent.manages_stock).unwrap_or(product))
    }

    /// How many of a product or variation a customer may take without overselling; `None` is no limit or no such product.
    #[must_use]
    pub fn available(&self, id: u64) -> Option<i64> {
        self.stock_of(id)?.available()
    }
}

impl Change<'_> {
    /// Takes an order's goods from stock or gives them back, as its state demands. It happens once each way.
    pub fn settle_stock(&mut self, order_id: u64) {
        let Some(order) = self.records.orders.get(&order_id) else { return };
        let (takes, returns) = (order.status.holds_stock(), order.status.returns_stock());
        let sign = match (order.stock_reduced, takes, returns) {
            (false, true, _) => -1,
            (true, _, true) => 1,
            _ => return,
        };
        let moves: Vec<(usize, u64, i64)> =
            order.lines.iter().enumerate().map(|(at, line)| (at, line.stocked_id(), line.quantity)).collect();
        for (at, product_id, quantity) in moves {
            let moved = self.move_stock(product_id, sign * quantity);
            let meta_id = self.records.ids.meta();
            if let Some(line) = self.records.orders.get_mut(&order_id).and_then(|order| order.lines.get_mut(at)) {
                line.reduced_stock = (moved && sign < 0).then_some((meta_id, quantity));
            }
        }
        if let Some(order) = self.records.orders.get_mut(&order_id) {
            order.stock_reduced = sign < 0;
        }
    }

    /// Moves a product's stock by `by`. Who counts it is saved: its date moves (a variation's parent's too) and `product.updated` is
    /// raised for it. Stock that nobody counts is left alone.
    pub fn move_stock(&mut self, product_id: u64, by: i64) -> bool {
        let now = self.now;
        let Some(product_id) = self.records.stock_of(product_id).map(|product| product.id) else { return false };
        let Some(product) = self.records.products.get_mut(&product_id) else { return false };
        let parent_id = product.parent_id;
        if !product.manages_stock {
            return false;
        }
        product.stock += by;
        self.save_product(product_id);
        if let Some(parent) = self.records.products.get_mut(&parent_id) {
            parent.modified = now;
        }
        true
    }

    /// Whether an order's goods are either taken already or all there to be taken.
    #[must_use]
    pub fn has_goods(&self, order_id: u64) -> bool {
        let Some(order) = self.records.orders.get(&order_id) else { return false };
        order.stock_reduced
            || order.lines.iter().all(|line| {
                let available = self.records.available(line.stocked_id());
                available.is_none_or(|left| left >= line.quantity)
            })
    }

    /// Counts what was sold. WooCommerce does it by direct SQL: no date moves, nobody is told.
    pub fn count_sales(&mut self, order_id: u64) {
        let Some(order) = self.records.orders.get(&order_id) else { return };
        let sold: Vec<(u64, i64)> = order.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
        for (product_id, quantity) in sold {
            if let Some(product) = self.records.products.get_mut(&product_id) {
                product.total_sales += quantity;
            }
        }
    }
}
