//! Throwing away, with the false reports WordPress makes of it.

use crate::model::Change;
use crate::model::coupon::Coupon;
use crate::model::order::{Order, Status};
use crate::model::product::{self, Product};

impl Change<'_> {
    /// Moves an order to the trash. On posts storage WordPress also reports a product and a coupon of that id as deleted.
    pub fn trash_order(&mut self, id: u64) -> bool {
        let Some(order) = self.records.orders.get_mut(&id) else { return false };
        if order.status == Status::Trash {
            return false;
        }
        order.status_before_trash = Some(order.status);
        order.status = Status::Trash;
        order.modified = self.now;
        self.events.raise("order.deleted", id);
        if !self.profile.is_hpos() {
            self.events.raise("product.deleted", id);
            self.events.raise("coupon.deleted", id);
        }
        true
    }

    /// Takes an order out of the trash in the administration, to the state it had.
    pub fn restore_order(&mut self, id: u64) -> bool {
        let Some(order) = self.records.orders.get_mut(&id).filter(|order| order.status == Status::Trash) else {
            return false;
        };
        order.status = order.status_before_trash.take().unwrap_or(Status::Pending);
        order.modified = self.now;
        self.events.raise("order.restored", id);
        true
    }

    /// Deletes an order for good: no trace, nobody is told.
    pub fn erase_order(&mut self, id: u64) -> Option<Order> {
        let order = self.records.orders.remove(&id)?;
        for refund_id in &order.refunds {
            self.records.refunds.remove(refund_id);
        }
        Some(order)
    }

    /// Moves a product to the trash; WordPress also reports a coupon of that id as deleted.
    pub fn trash_product(&mut self, id: u64) -> bool {
        let Some(product) = self.records.products.get_mut(&id) else { return false };
        if product.status == product::Status::Trash {
            return false;
        }
        product.status_before_trash = Some(product.status);
        product.status = product::Status::Trash;
        product.modified = self.now;
        self.events.raise("product.deleted", id);
        self.events.raise("coupon.deleted", id);
        true
    }

    /// Takes a product out of the trash in the administration, to the state it had.
    pub fn restore_product(&mut self, id: u64) -> bool {
        let trashed = self.records.products.get_mut(&id).filter(|product| product.status == product::Status::Trash);
        let Some(product) = trashed else { return false };
        product.status = product.status_before_trash.take().unwrap_or(product::Status::Draft);
        self.events.raise("product.restored", id);
        self.save_product(id);
        true
    }

    /// Deletes a product and its variations for good: nobody is told.
    pub fn erase_product(&mut self, id: u64) -> Option<Product> {
        let product = self.records.products.remove(&id)?;
        for variation_id in &product.variations {
            self.records.products.remove(variation_id);
        }
        if let Some(parent) = self.records.products.get_mut(&product.parent_id) {
            parent.variations.retain(|variation_id| *variation_id != id);
        }
        Some(product)
    }

    /// Moves a coupon to the trash; WordPress also reports a product of that id as deleted.
    pub fn trash_coupon(&mut self, id: u64) -> bool {
        let Some(coupon) = self.records.coupons.get_mut(&id) else { return false };
        if coupon.status == "trash" {
            return false;
        }
        coupon.status = "trash";
        coupon.modified = self.now;
        self.events.raise("coupon.deleted", id);
        self.events.raise("product.deleted", id);
        true
    }

    /// Takes a coupon out of the trash in the administration.
    pub fn restore_coupon(&mut self, id: u64) -> bool {
        let Some(coupon) = self.records.coupons.get_mut(&id).filter(|coupon| coupon.status == "trash") else {
            return false;
        };
        coupon.status = "publish";
        coupon.modified = self.now;
        self.events.raise("coupon.restored", id);
        true
    }

    /// Deletes a coupon for good: nobody is told.
    pub fn erase_coupon(&mut self, id: u64) -> Option<Coupon> {
        self.records.coupons.remove(&id)
    }
}
