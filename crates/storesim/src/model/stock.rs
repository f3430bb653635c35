//! Stock: what sales and returns do to products, and that each move is told.

use crate::model::Change;

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

    /// Moves a product's stock by `by`. A product that counts is saved: its date moves (a variation's parent's too) and
    /// `product.updated` is raised for it. One that does not count is left alone.
    pub fn move_stock(&mut self, product_id: u64, by: i64) -> bool {
        let now = self.now;
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
                let available = self.records.products.get(&line.stocked_id()).and_then(|product| product.available());
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
