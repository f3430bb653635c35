//! What narrows a list, all of it in the address.

use storewire_db::stores::StoreGlance;
use storewire_domain::{IntentState, StoreId, request::RequestState, returns::ReturnState, ticket::TicketState};
use uuid::Uuid;

use crate::panel::{url, words::Words};

/// The filter bar of a list.
#[derive(Clone, Debug)]
pub struct Filter {
    pub tabs: Vec<Tab>,
    pub stores: Vec<Choice>,
    /// The chosen tab's value, empty for all.
    pub choice: String,
    pub q: String,
    /// The one whose list it is; empty for all.
    pub customer: String,
    pub placeholder: String,
    /// The first page of this list as it is narrowed.
    pub home: String,
    /// The list without any filter.
    pub clear: &'static str,
    pub is_narrowed: bool,
    /// Whether this is a later page.
    pub is_further: bool,
    /// Whether new rows belong here: not on later pages, and not where a search decides what fits.
    pub follows: bool,
}

/// One value of the main filter.
#[derive(Clone, Debug)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub is_current: bool,
}

/// One option of a select.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Narrowing {
    pub store: Option<StoreId>,
    pub choice: Option<String>,
    pub q: Option<String>,
    /// Of one customer.
    pub customer: Option<Uuid>,
    pub is_further: bool,
}

/// What differs between the filter bars of lists.
pub struct Bar<'a> {
    pub path: &'static str,
    /// The main filter's name in the address.
    pub param: &'static str,
    pub all: String,
    pub placeholder: String,
    /// The main filter's values and their words.
    pub values: Vec<(&'a str, String)>,
}

impl Filter {
    #[must_use]
    pub fn new(bar: Bar<'_>, narrowing: &Narrowing, stores: &[StoreGlance]) -> Self {
        let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
        let q = narrowing.q.clone().unwrap_or_default();
        let customer = narrowing.customer.map(|id| id.to_string()).unwrap_or_default();
        let choice = narrowing.choice.clone().unwrap_or_default();
        let href = |value: &str| {
            url::with(bar.path, &[(bar.param, value), ("store", &store), ("customer", &customer), ("q", &q)])
        };
        let all = Tab { href: href(""), label: bar.all.clone(), is_current: choice.is_empty() };
        let tabs = bar.values.iter().map(|(value, label)| Tab {
            href: href(value),
            label: label.clone(),
            is_current: *value == choice,
        });
        Self {
            tabs: std::iter::once(all).chain(tabs).collect(),
            stores: stores.iter().map(|row| Choice::store(row, narrowing.store)).collect(),
            home: href(&choice),
            is_narrowed: !(store.is_empty() && q.is_empty() && choice.is_empty() && customer.is_empty()),
            is_further: narrowing.is_further,
            follows: !narrowing.is_further && q.is_empty() && customer.is_empty(),
            choice,
            q,
            customer,
            placeholder: bar.placeholder,
            clear: bar.path,
        }
    }
}

impl Choice {
    /// A store in a select.
    #[must_use]
    pub fn store(row: &StoreGlance, chosen: Option<StoreId>) -> Self {
        Self { value: row.id.to_string(), label: super::text::plain(&row.name), is_chosen: chosen == Some(row.id) }
    }
}

/// The filter bar of the orders.
#[must_use]
pub fn orders<'a>(choice: Option<&'a str>, t: &Words) -> Bar<'a> {
    let known = super::status::ORDER_TABS;
    // A plugin's own status, reached by address, gets a tab of its own while it is chosen.
    let extra = choice.filter(|status| !known.contains(status));
    Bar {
        path: url::ORDERS,
        param: "status",
        all: t.get("orders-all"),
        placeholder: t.get("orders-search"),
        values: known.into_iter().chain(extra).map(|value| (value, super::status::order(value, t).word)).collect(),
    }
}

/// The filter bar of the products.
#[must_use]
pub fn products(t: &Words) -> Bar<'static> {
    Bar {
        path: url::PRODUCTS,
        param: "stock",
        all: t.get("products-all"),
        placeholder: t.get("products-search"),
        values: super::status::STOCK_TABS.into_iter().map(|value| (value, super::status::stock(value, t).0)).collect(),
    }
}

/// The filter bar of the inventory.
#[must_use]
pub fn inventory(t: &Words) -> Bar<'static> {
    Bar {
        path: url::INVENTORY,
        param: "stock",
        all: t.get("inventory-all"),
        placeholder: t.get("inventory-search"),
        values: vec![("low", t.get("stock-low"))],
    }
}

/// The filter bar of the customers, with the tags that they have.
#[must_use]
pub fn customers<'a>(tags: &'a [String], t: &Words) -> Bar<'a> {
    Bar {
        path: url::CUSTOMERS,
        param: "tag",
        all: t.get("customers-all"),
        placeholder: t.get("customers-search"),
        values: tags.iter().map(|tag| (tag.as_str(), tag.clone())).collect(),
    }
}

/// The filter bar of the deliveries.
#[must_use]
pub fn deliveries(t: &Words) -> Bar<'static> {
    Bar {
        path: url::DELIVERIES,
        param: "state",
        all: t.get("deliveries-all"),
        placeholder: String::new(),
        values: super::delivery::STATES
            .into_iter()
            .map(|value| (value, super::delivery::badge(value, t).word))
            .collect(),
    }
}

/// The filter bar of returns.
#[must_use]
pub fn returns(t: &Words) -> Bar<'static> {
    Bar {
        path: url::RETURNS,
        param: "state",
        all: t.get("returns-all"),
        placeholder: String::new(),
        values: ReturnState::ALL.iter().map(|state| (state.as_str(), super::returned::badge(*state, t).word)).collect(),
    }
}

/// The filter bar of requests.
#[must_use]
pub fn requests(t: &Words) -> Bar<'static> {
    Bar {
        path: url::REQUESTS,
        param: "state",
        all: t.get("requests-all"),
        placeholder: String::new(),
        values: RequestState::ALL.iter().map(|&state| (state.as_str(), super::request::badge(state, t).word)).collect(),
    }
}

/// The filter bar of tickets.
#[must_use]
pub fn tickets(t: &Words) -> Bar<'static> {
    Bar {
        path: url::SUPPORT,
        param: "state",
        all: t.get("tickets-all"),
        placeholder: String::new(),
        values: TicketState::ALL.iter().map(|&state| (state.as_str(), super::ticket::badge(state, t).word)).collect(),
    }
}

/// The filter bar of the changes on their way.
#[must_use]
pub fn intents(t: &Words) -> Bar<'static> {
    Bar {
        path: url::CHANGES,
        param: "state",
        all: t.get("changes-all"),
        placeholder: String::new(),
        values: IntentState::ALL.iter().map(|&state| (state.as_str(), super::intent::badge(state, t).word)).collect(),
    }
}
