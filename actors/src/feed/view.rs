//! What a page listens to, and how a change is turned into a piece of it.

use storewire_domain::{OrderId, ProductId, RoleClass, StoreId, TenantId};
use uuid::Uuid;

use super::{FeedEvent, Rendered};

/// A page that listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The list of orders with its filters.
    Orders { store: Option<StoreId>, status: Option<String> },
    /// One order.
    Order(OrderId),
    /// The list of products with its filters.
    Products { store: Option<StoreId>, stock_status: Option<String> },
    /// One product with its variations.
    Product(ProductId),
    /// One customer account, by our id.
    Customer(Uuid),
    /// Changes on their way to stores.
    Intents,
    /// The list of stores.
    Stores,
    /// Every store's actor at one glance.
    Control,
    /// One store.
    Store(StoreId),
    /// One rehearsal.
    Rehearsal(TenantId),
    /// A program: every change, as data.
    Api,
}

/// Everything that a rendered fragment depends on. Readers with equal views are sent equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct View {
    pub page: Page,
    pub class: RoleClass,
    /// Language of the words, such as `en`.
    pub locale: String,
}

/// Renders changes; `actors` knows no template, so `web` brings them.
pub trait Renderer: Send + Sync + 'static {
    /// The piece of the page that this change replaces or adds; `None` if the page does not show it.
    fn render(&self, view: &View, event: &FeedEvent) -> Option<Rendered>;
}

impl View {
    /// Whether the change can matter to this view at all. How a store fares is the platform's affair, whatever the page.
    pub(super) fn concerns(&self, event: &FeedEvent) -> bool {
        let is_of_store = event.change.kind.noun() == "store";
        (self.class == RoleClass::Staff || !is_of_store) && self.page.concerns(event)
    }
}

impl Page {
    /// Whether the change can matter to this page at all; the renderer decides the rest.
    fn concerns(&self, event: &FeedEvent) -> bool {
        let change = &event.change;
        let is_import = change.source == storewire_domain::Source::Backfill;
        match self {
            Self::Orders { store, .. } => {
                change.kind.noun() == "order" && !is_import && store.is_none_or(|store| store == change.store_id)
            }
            Self::Order(id) => event.is_about(id.uuid()),
            Self::Products { store, .. } => {
                change.kind.noun() == "product" && !is_import && store.is_none_or(|store| store == change.store_id)
            }
            Self::Product(id) => event.is_about(id.uuid()) || event.parent() == Some(*id),
            Self::Customer(id) => event.is_about(*id),
            Self::Intents => change.kind.noun() == "intent",
            Self::Stores | Self::Control => change.kind.noun() == "store",
            Self::Store(id) => change.kind.noun() == "store" && change.entity_id == id.uuid(),
            Self::Rehearsal(id) => change.kind.noun() == "rehearsal" && change.entity_id == id.uuid(),
            Self::Api => true,
        }
    }
}
