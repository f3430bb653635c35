//! What pages of products show of a change.

use askama::Template;
use storewire_actors::feed::Rendered;
use storewire_db::{ChangeRow, ProductSummary};
use storewire_domain::{ProductId, StoreId};

use super::{ADD, REMOVE, REPLACE, rendered};
use crate::panel::{
    dom_id,
    view::{
        Change, ProductRow,
        fragment::{ProductFragment, ProductRowFragment, VariationFragment},
    },
    words::Words,
};

pub(super) fn row(
    store: Option<StoreId>,
    stock: Option<&str>,
    product: &ProductSummary,
    t: &Words,
) -> Option<Rendered> {
    // Variations are listed on their parent's page only.
    if product.parent_id.is_some() || store.is_some_and(|id| id != product.store_id) {
        return None;
    }
    let id = dom_id::selector(&dom_id::product(product.id));
    let is_gone = product.trashed_at.is_some() || product.deleted_at.is_some();
    let fits = !is_gone && stock.is_none_or(|stock| stock == product.stock_status);
    let row = || ProductRowFragment { t, row: ProductRow::new(product, t) }.render().ok();
    if fits {
        rendered(row()?, &dom_id::selector(dom_id::PRODUCT_ROWS), ADD)
    } else if is_gone {
        rendered(row()?, &id, REPLACE)
    } else {
        rendered(String::new(), &id, REMOVE)
    }
}

pub(super) fn page(id: ProductId, change: &ChangeRow, product: &ProductSummary, t: &Words) -> Option<Rendered> {
    if product.id == id {
        let fragment = ProductFragment {
            t,
            change: Change::new(change, None, t),
            head_id: dom_id::product_head(id),
            row: ProductRow::new(product, t),
        };
        return rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TIMELINE), ADD);
    }
    if product.parent_id != Some(id) {
        return None;
    }
    let fragment = VariationFragment { t, row: ProductRow::new(product, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::VARIATIONS), "beforeend")
}
