//! The words and colours of the states that stores, orders and products have.

use storewire_domain::StoreState;

use super::Badge;
use crate::panel::words::Words;

/// An order's status; one that a plugin invented is shown as it is.
pub fn order(status: &str, t: &Words) -> Badge {
    let (word, tone, icon) = match status {
        "pending" => (t.get("order-status-pending"), "warn", "clock"),
        "processing" => (t.get("order-status-processing"), "info", "circle-dot"),
        "on-hold" => (t.get("order-status-on-hold"), "warn", "circle-pause"),
        "completed" => (t.get("order-status-completed"), "good", "circle-check"),
        "cancelled" => (t.get("order-status-cancelled"), "calm", "circle-x"),
        "refunded" => (t.get("order-status-refunded"), "calm", "rotate-ccw"),
        "failed" => (t.get("order-status-failed"), "bad", "circle-alert"),
        "trash" => (t.get("order-status-trash"), "calm", "trash-2"),
        other => (readable(other), "calm", "circle-dashed"),
    };
    Badge { word, tone, icon }
}

/// The statuses that a list offers as tabs.
pub const ORDER_TABS: [&str; 8] =
    ["pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "trash"];

/// A product's status.
pub fn product(status: &str, t: &Words) -> Badge {
    let (word, tone, icon) = match status {
        "publish" => (t.get("product-status-publish"), "good", "circle-check"),
        "draft" => (t.get("product-status-draft"), "calm", "circle-dashed"),
        "pending" => (t.get("product-status-pending"), "warn", "clock"),
        "private" => (t.get("product-status-private"), "calm", "circle-dot"),
        "future" => (t.get("product-status-future"), "info", "clock"),
        "trash" => (t.get("product-status-trash"), "calm", "trash-2"),
        other => (readable(other), "calm", "circle-dashed"),
    };
    Badge { word, tone, icon }
}

/// Whether a product can be bought, in words.
pub fn stock(status: &str, t: &Words) -> (String, &'static str) {
    match status {
        "instock" => (t.get("stock-instock"), "good"),
        "outofstock" => (t.get("stock-outofstock"), "bad"),
        "onbackorder" => (t.get("stock-onbackorder"), "warn"),
        "" => (t.get("stock-not-told"), "calm"),
        other => (readable(other), "calm"),
    }
}

/// The stock states that a list offers as tabs.
pub const STOCK_TABS: [&str; 3] = ["instock", "outofstock", "onbackorder"];

/// Where a store stands.
pub fn store(state: StoreState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        StoreState::New => (t.get("store-state-new"), "info", "circle-dashed"),
        StoreState::Importing => (t.get("store-state-importing"), "info", "hourglass"),
        StoreState::Live => (t.get("store-state-live"), "good", "circle-check"),
        StoreState::Degraded => (t.get("store-state-degraded"), "warn", "triangle-alert"),
        StoreState::NeedsAttention => (t.get("store-state-needs-attention"), "bad", "circle-alert"),
        StoreState::Paused => (t.get("store-state-paused"), "calm", "circle-pause"),
        StoreState::Parked => (t.get("store-state-parked"), "bad", "circle-x"),
    };
    Badge { word, tone, icon }
}

/// A machine word with spaces and a capital, cut where it would break a layout.
pub fn readable(word: &str) -> String {
    let spaced: String = word.chars().take(40).map(|c| if c == '-' || c == '_' { ' ' } else { c }).collect();
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
