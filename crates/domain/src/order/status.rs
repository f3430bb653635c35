//! What an order's status means to us. WooCommerce has eight of its own; stores and plugins add others.

/// Where an order stands. A status that is none of WooCommerce's is taken for a step of the store's own between payment and completion, such
/// as `packed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Pending,
    OnHold,
    Processing,
    Completed,
    Cancelled,
    Failed,
    Refunded,
    Custom,
    /// A checkout that was never placed.
    Draft,
    Trashed,
}

impl Standing {
    /// Reads a status without its `wc-` prefix.
    pub(super) fn of(status: &str) -> Self {
        match status {
            "pending" => Self::Pending,
            "on-hold" => Self::OnHold,
            "processing" => Self::Processing,
            "completed" => Self::Completed,
            "cancelled" => Self::Cancelled,
            "failed" => Self::Failed,
            "refunded" => Self::Refunded,
            "checkout-draft" | "auto-draft" | "draft" | "new" => Self::Draft,
            "trash" => Self::Trashed,
            _ => Self::Custom,
        }
    }
}

/// Whether an order with this status counts as sold: it was placed and neither lost nor given back. One on hold is sold, since its stock is
/// taken; one with a status of the store's own is sold too.
#[must_use]
pub fn is_sale(status: &str) -> bool {
    match Standing::of(status) {
        Standing::OnHold | Standing::Processing | Standing::Completed | Standing::Custom => true,
        Standing::Pending
        | Standing::Cancelled
        | Standing::Failed
        | Standing::Refunded
        | Standing::Draft
        | Standing::Trashed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_placed_and_neither_lost_nor_given_back_is_sold() {
        for status in ["on-hold", "processing", "completed", "packed", "wholesale-2"] {
            assert!(is_sale(status), "{status}");
        }
        let unsold =
            ["pending", "cancelled", "failed", "refunded", "trash", "draft", "auto-draft", "checkout-draft", "new"];
        for status in unsold {
            assert!(!is_sale(status), "{status}");
        }
    }
}
