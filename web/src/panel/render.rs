//! Renders a change for everyone who watches the same page: the same partials that the pages print.

use askama::Template;
use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_db::{ChangeRow, OrderSummary, ProductSummary, StoreRow};
use storewire_domain::{OrderId, ProductId, RoleClass, StoreId};

use super::{
    dom_id,
    view::{
        Change, OrderHead, OrderRow, ProductRow, StoreView,
        fragment::{
            OrderFragment, OrderRowFragment, ProductFragment, ProductRowFragment, StoreHealthFragment,
            StoreRowFragment, VariationFragment,
        },
    },
    words::Words,
};

/// Adds the fragment as a row; a page that has it already replaces it in place.
const ADD: &str = "afterbegin";
/// Replaces what is there, and does nothing where it is not.
const REPLACE: &str = "outerHTML";
const REMOVE: &str = "delete";

/// The panel's half of the feed.
#[derive(Clone, Copy, Debug, Default)]
pub struct PanelRenderer;

impl Renderer for PanelRenderer {
    fn render(&self, view: &View, event: &FeedEvent) -> Option<Rendered> {
        let t = Words::for_locale(&view.locale);
        match (&view.page, &event.subject) {
            (Page::Orders { store, status }, Subject::Order(order)) => order_row(*store, status.as_deref(), order, &t),
            (Page::Order(id), Subject::Order(order)) => order_page(*id, &event.change, order, &t),
            (Page::Products { store, stock_status }, Subject::Product(product)) => {
                product_row(*store, stock_status.as_deref(), product, &t)
            }
            (Page::Product(id), Subject::Product(product)) => product_page(*id, &event.change, product, &t),
            // Store health is for staff only, whatever page a session says it shows.
            (Page::Stores, Subject::Store(row)) if view.class == RoleClass::Staff => store_row(row, &t),
            (Page::Store(id), Subject::Store(row)) if view.class == RoleClass::Staff => store_page(*id, row, &t),
            _ => None,
        }
    }
}

fn order_row(store: Option<StoreId>, status: Option<&str>, order: &OrderSummary, t: &Words) -> Option<Rendered> {
    if store.is_some_and(|id| id != order.store_id) {
        return None;
    }
    let id = dom_id::selector(&dom_id::order(order.id));
    let is_gone = order.trashed_at.is_some() || order.deleted_at.is_some();
    let fits = match status {
        None => !is_gone,
        Some("trash") => order.trashed_at.is_some() && order.deleted_at.is_none(),
        Some(status) => !is_gone && order.status == status,
    };
    let row = || OrderRowFragment { t, row: OrderRow::new(order, t) }.render().ok();
    if fits {
        rendered(row()?, &dom_id::selector(dom_id::ORDER_ROWS), ADD)
    } else if is_gone {
        // Struck through until the page is loaded anew, so that nobody looks for what just vanished.
        rendered(row()?, &id, REPLACE)
    } else {
        rendered(String::new(), &id, REMOVE)
    }
}

fn order_page(id: OrderId, change: &ChangeRow, order: &OrderSummary, t: &Words) -> Option<Rendered> {
    if order.id != id {
        return None;
    }
    let fragment = OrderFragment { t, change: Change::new(change, None, t), head: OrderHead::new(order, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::TIMELINE), ADD)
}

fn product_row(store: Option<StoreId>, stock: Option<&str>, product: &ProductSummary, t: &Words) -> Option<Rendered> {
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

fn product_page(id: ProductId, change: &ChangeRow, product: &ProductSummary, t: &Words) -> Option<Rendered> {
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

fn store_row(store: &StoreRow, t: &Words) -> Option<Rendered> {
    let fragment = StoreRowFragment { t, row: StoreView::new(store, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(dom_id::STORE_ROWS), ADD)
}

fn store_page(id: StoreId, store: &StoreRow, t: &Words) -> Option<Rendered> {
    if store.id != id {
        return None;
    }
    let fragment = StoreHealthFragment { t, row: StoreView::new(store, t) };
    rendered(fragment.render().ok()?, &dom_id::selector(&dom_id::store_health(id)), REPLACE)
}

fn rendered(content: String, target: &str, swap: &str) -> Option<Rendered> {
    Some(Rendered { content, target: Some(target.to_owned()), swap: Some(swap.to_owned()) })
}
