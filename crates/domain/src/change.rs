//! What happened to a record, and who caused it.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// What a change log entry says; the part before the dot names the page that cares.
    pub enum ChangeKind {
        OrderCreated = "order.created",
        OrderUpdated = "order.updated",
        OrderTrashed = "order.trashed",
        OrderRestored = "order.restored",
        OrderDeleted = "order.deleted",
        ProductCreated = "product.created",
        ProductUpdated = "product.updated",
        ProductTrashed = "product.trashed",
        ProductDeleted = "product.deleted",
        CustomerChanged = "customer.changed",
        CouponChanged = "coupon.changed",
        StoreChanged = "store.changed",
        IntentChanged = "intent.changed",
        /// How far a rehearsal is; told by the first of its twins, to whoever looks at its page.
        RehearsalMoved = "rehearsal.moved",
        RequestChanged = "request.changed",
        TicketChanged = "ticket.changed",
        ReturnChanged = "return.changed",
        /// Staff noted something on a ticket.
        DeskNoted = "desk.noted",
        /// Staff charged a merchant for an order, or took a charge back.
        DeskCharged = "desk.charged",
        /// A product's level was set, or it is low or no longer low; its count is told as the product's.
        StockChanged = "stock.changed",
    }
}

text_enum! {
    /// Where we learned of a change.
    pub enum Source {
        Webhook = "webhook",
        Pull = "pull",
        Backfill = "backfill",
        /// A walk over a light listing.
        Sweep = "sweep",
        /// A walk that compared whole records.
        Reconcile = "reconcile",
        /// Read back after our own write.
        Push = "push",
        Engine = "engine",
        User = "user",
    }
}

impl ChangeKind {
    /// `order`, `product`, `customer`, `coupon`, `store`, `intent`, `rehearsal`, `request`, `ticket`, `return`, `desk` or `stock`.
    #[must_use]
    pub fn noun(self) -> &'static str {
        let text = self.as_str();
        text.split_once('.').map_or(text, |(noun, _)| noun)
    }

    /// Whether it tells of work among the platform's people, of which merchants hear nothing.
    #[must_use]
    pub fn is_of_desk(self) -> bool {
        self.noun() == "desk"
    }

    /// What kind of row its id is of, as a noun.
    #[must_use]
    pub fn subject(self) -> &'static str {
        match self {
            Self::DeskNoted => "ticket",
            Self::DeskCharged => "order",
            Self::StockChanged => "product",
            _ => self.noun(),
        }
    }

    /// Whether the row is one person's own: a merchant's users hear of theirs and of no colleague's.
    #[must_use]
    pub fn has_author(self) -> bool {
        matches!(self.subject(), "request" | "ticket")
    }
}
