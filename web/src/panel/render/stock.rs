//! What pages of stock show of a change: counts as they move, and what became of a file's lines.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ProductSummary, intents::IntentRow};
use storewire_domain::{ManageStock, ProductId, StoreId};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{
        StockLine,
        fragment::{OutcomeFragment, StockHeadFragment, StockRowFragment},
        import::Outcome,
    },
    words::Words,
};

/// In the list: replaced or announced where it fits the filters, taken away where it no longer does.
pub(super) fn row(store: Option<StoreId>, is_low: bool, product: &ProductSummary, t: &Words) -> Option<Rendered> {
    if store.is_some_and(|id| id != product.store_id) {
        return None;
    }
    let is_gone = product.trashed_at.is_some() || product.deleted_at.is_some();
    let is_counted = product.manage_stock == ManageStock::Yes && !is_gone;
    if !is_counted || (is_low && !product.is_low()) {
        return rendered(String::new(), &dom_id::selector(&dom_id::product(product.id)), REMOVE);
    }
    let fragment = StockRowFragment { t, row: StockLine::new(product, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::STOCK_ROWS), ADD)
}

/// On its own page: the head; the ledger is asked for anew by the scripts.
pub(super) fn head(id: ProductId, product: &ProductSummary, t: &Words) -> Option<Rendered> {
    if product.id != id {
        return None;
    }
    let fragment = StockHeadFragment { t, head_id: dom_id::stock_head(id), line: StockLine::new(product, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::stock_head(id)), REPLACE)
}

/// On the page of its file.
pub(super) fn outcome(intent: &IntentRow, t: &Words) -> Option<Rendered> {
    let fragment = OutcomeFragment { t, outcome: Outcome::of(intent, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::outcome(intent.id)), REPLACE)
}
