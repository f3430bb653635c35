//! What a page listens to, and how a change is turned into a piece of it.

use storewire_db::ChangeRow;
use storewire_domain::{
    OrderId, ProductId, RequestId, ReturnId, RoleClass, Source, StoreId, TenantId, TicketId, UserId,
    request::RequestState, returns::ReturnState, ticket::TicketState,
};
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
    /// The list of stock with its filters.
    Inventory { store: Option<StoreId>, is_low: bool },
    /// The stock of one product or variation.
    Stock(ProductId),
    /// A file of counts.
    Import(Uuid),
    /// One customer account, by our id.
    Customer(Uuid),
    /// Changes on their way to stores.
    Intents,
    /// The list of requests with its filters.
    Requests { store: Option<StoreId>, state: Option<RequestState> },
    /// One request.
    Request(RequestId),
    /// The list of tickets with its filters.
    Tickets { store: Option<StoreId>, state: Option<TicketState> },
    /// One ticket, and the record that it is about.
    Ticket { id: TicketId, about: Option<Uuid> },
    /// The list of returns with its filters.
    Returns { store: Option<StoreId>, state: Option<ReturnState> },
    /// One return.
    Return(ReturnId),
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
    /// Of what has an author, such as a request, this person's alone; `None` for everybody's.
    pub own: Option<UserId>,
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
        self.may_know(&event.change) && self.may_hear_of(event) && self.page.concerns(event)
    }

    /// Whether the row that a change speaks of must be at hand for this view.
    pub(super) fn shows_row_of(&self, change: &ChangeRow) -> bool {
        self.may_know(change) && (self.page.shows_row_of(change) || (self.own.is_some() && change.kind.has_author()))
    }

    /// Whether this view needs rows of any kind; the others are told by the change log alone.
    pub(super) const fn shows_rows(&self) -> bool {
        self.page.shows_rows() || self.own.is_some()
    }

    /// How a store fares, and what the platform's people do among themselves, is their affair, whatever the page.
    fn may_know(&self, change: &ChangeRow) -> bool {
        self.class == RoleClass::Staff || !(change.kind.noun() == "store" || change.kind.is_of_desk())
    }

    /// Whose it is only the row tells: of one that is not at hand nobody hears but those who may hear of all.
    fn may_hear_of(&self, event: &FeedEvent) -> bool {
        let Some(own) = self.own else { return true };
        !event.change.kind.has_author() || event.author() == Some(own)
    }
}

impl Page {
    /// The one record that this page is of.
    pub(super) const fn record(&self) -> Option<Uuid> {
        match self {
            Self::Order(id) => Some(id.uuid()),
            Self::Product(id) => Some(id.uuid()),
            Self::Request(id) => Some(id.uuid()),
            Self::Ticket { id, .. } => Some(id.uuid()),
            Self::Return(id) => Some(id.uuid()),
            _ => None,
        }
    }

    /// Whether the change can matter to this page at all; the renderer decides the rest.
    fn concerns(&self, event: &FeedEvent) -> bool {
        let change = &event.change;
        match self {
            Self::Orders { .. }
            | Self::Products { .. }
            | Self::Inventory { .. }
            | Self::Intents
            | Self::Requests { .. }
            | Self::Tickets { .. }
            | Self::Returns { .. }
            | Self::Stores
            | Self::Control
            | Self::Store(_) => self.shows_row_of(change),
            Self::Order(id) => event.is_about(id.uuid()),
            Self::Product(id) => event.is_about(id.uuid()) || event.parent() == Some(*id),
            Self::Stock(id) => event.is_about(id.uuid()),
            Self::Import(id) => event.import() == Some(*id),
            Self::Customer(id) => event.is_about(*id),
            Self::Request(id) => event.is_about(id.uuid()),
            Self::Ticket { id, about } => event.is_about(id.uuid()) || about.is_some_and(|about| event.is_about(about)),
            Self::Return(id) => event.is_about(id.uuid()) || event.restocks() == Some(*id),
            Self::Rehearsal(id) => change.kind.noun() == "rehearsal" && change.entity_id == id.uuid(),
            Self::Api => true,
        }
    }

    const fn shows_rows(&self) -> bool {
        !matches!(self, Self::Api | Self::Rehearsal(_))
    }

    fn shows_row_of(&self, change: &ChangeRow) -> bool {
        let is_import = change.source == Source::Backfill;
        let of_list = |store: &Option<StoreId>| !is_import && store.is_none_or(|store| store == change.store_id);
        match (self, change.kind.subject()) {
            (Self::Orders { store, .. }, "order")
            | (Self::Products { store, .. } | Self::Inventory { store, .. }, "product")
            | (Self::Requests { store, .. }, "request")
            | (Self::Tickets { store, .. }, "ticket")
            | (Self::Returns { store, .. }, "return") => of_list(store),
            (Self::Order(id), "order") => change.entity_id == id.uuid(),
            (Self::Stock(id), "product") => change.entity_id == id.uuid(),
            (Self::Stock(_) | Self::Import(_), "intent") => true,
            (Self::Request(id), "request") => change.entity_id == id.uuid(),
            (Self::Ticket { id, .. }, "ticket") => change.entity_id == id.uuid(),
            // What a request or an intent is to change, only its row tells.
            (Self::Ticket { about, .. }, "request" | "intent") => about.is_some(),
            (Self::Return(id), "return") => change.entity_id == id.uuid(),
            (Self::Store(id), "store") => change.entity_id == id.uuid(),
            // Whose variation it is, and what an intent is to change, only the row tells.
            (Self::Product(_), "product")
            | (Self::Order(_) | Self::Product(_) | Self::Customer(_) | Self::Return(_) | Self::Intents, "intent")
            | (Self::Stores | Self::Control, "store") => true,
            _ => false,
        }
    }
}
