//! What a page listens to, and how a change is turned into a piece of it.

use storewire_db::ChangeRow;
use storewire_domain::{OrderId, ProductId, RoleClass, Source, StoreId, TenantId};
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
    /// Whether the change can matter to this view at all.
    pub(super) fn concerns(&self, event: &FeedEvent) -> bool {
        self.may_know(&event.change) && self.page.concerns(event)
    }

    /// Whether the row that a change speaks of must be at hand for this view.
    pub(super) fn shows_row_of(&self, change: &ChangeRow) -> bool {
        self.may_know(change) && self.page.shows_row_of(change)
    }

    /// How a store fares is the platform's affair, whatever the page.
    fn may_know(&self, change: &ChangeRow) -> bool {
        self.class == RoleClass::Staff || change.kind.noun() != "store"
    }
}

impl Page {
    /// Whether the change can matter to this page at all; the renderer decides the rest.
    fn concerns(&self, event: &FeedEvent) -> bool {
        let change = &event.change;
        match self {
            Self::Orders { .. }
            | Self::Products { .. }
            | Self::Intents
            | Self::Stores
            | Self::Control
            | Self::Store(_) => self.shows_row_of(change),
            Self::Order(id) => event.is_about(id.uuid()),
            Self::Product(id) => event.is_about(id.uuid()) || event.parent() == Some(*id),
            Self::Customer(id) => event.is_about(*id),
            Self::Rehearsal(id) => change.kind.noun() == "rehearsal" && change.entity_id == id.uuid(),
            Self::Api => true,
        }
    }

    /// Whether this page shows rows of any kind; the others are told by the change log alone.
    pub(super) const fn shows_rows(&self) -> bool {
        !matches!(self, Self::Api | Self::Rehearsal(_))
    }

    fn shows_row_of(&self, change: &ChangeRow) -> bool {
        let is_import = change.source == Source::Backfill;
        let of_list = |store: &Option<StoreId>| !is_import && store.is_none_or(|store| store == change.store_id);
        match (self, change.kind.noun()) {
            (Self::Orders { store, .. }, "order") | (Self::Products { store, .. }, "product") => of_list(store),
            (Self::Order(id), "order") => change.entity_id == id.uuid(),
            (Self::Store(id), "store") => change.entity_id == id.uuid(),
            // Whose variation it is, and what an intent is to change, only the row tells.
            (Self::Product(_), "product")
            | (Self::Order(_) | Self::Product(_) | Self::Customer(_) | Self::Intents, "intent")
            | (Self::Stores | Self::Control, "store") => true,
            _ => false,
        }
    }
}
