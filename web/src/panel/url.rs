//! The panel's addresses, and how a list's filters are written into them.

use storewire_domain::{AttachmentId, OrderId, ProductId, RequestId, ReturnId, StoreId, TenantId, TicketId};
use url::form_urlencoded::Serializer;
use uuid::Uuid;

/// The live order feed, where everybody starts.
pub const ORDERS: &str = "/orders";
/// The list of products.
pub const PRODUCTS: &str = "/products";
/// What is counted.
pub const INVENTORY: &str = "/inventory";
/// Where a file of counts is given.
pub const IMPORT: &str = "/inventory/import";
/// Files of counts.
pub const IMPORTS: &str = "/inventory/imports";
/// The list of customers.
pub const CUSTOMERS: &str = "/customers";
/// Every store's actor at one glance.
pub const CONTROL: &str = "/control";
/// The list of stores.
pub const STORES: &str = "/stores";
/// Changes on their way to stores.
pub const CHANGES: &str = "/changes";
/// What merchants wish changed.
pub const REQUESTS: &str = "/requests";
/// How many of those wait, as a fragment.
pub const REQUESTS_COUNT: &str = "/requests/count";
/// What buyers send back.
pub const RETURNS: &str = "/returns";
/// Conversations between merchants and staff.
pub const SUPPORT: &str = "/support";
/// How many of them say something unread, as a fragment.
pub const SUPPORT_COUNT: &str = "/support/count";
/// Those of them that are orders to be placed.
pub const PLACED: &str = "/orders/pending-approvals";
/// Received webhooks.
pub const DELIVERIES: &str = "/deliveries";
/// What was given up on.
pub const DEAD_LETTERS: &str = "/dead-letters";
/// Simulated twins of stores, under load.
pub const REHEARSALS: &str = "/rehearsals";
/// What is wrong now, as a fragment.
pub const ALERTS: &str = "/alerts";

/// What one was told.
pub const NOTICES: &str = "/notices";
/// How fresh a list is, as a fragment.
pub const FRESHNESS: &str = "/freshness";

/// An order's page.
#[must_use]
pub fn order(id: OrderId) -> String {
    format!("{ORDERS}/{id}")
}

/// A return's page.
#[must_use]
pub fn returned(id: ReturnId) -> String {
    format!("{RETURNS}/{id}")
}

/// Where a return of an order is opened.
#[must_use]
pub fn new_return(order: OrderId) -> String {
    format!("{RETURNS}/new?order={order}")
}

/// A change of many orders.
#[must_use]
pub fn bulk(id: Uuid) -> String {
    format!("{ORDERS}/bulk/{id}")
}

/// A product's page.
#[must_use]
pub fn product(id: ProductId) -> String {
    format!("{PRODUCTS}/{id}")
}

/// The stock of a product or variation.
#[must_use]
pub fn stock(id: ProductId) -> String {
    format!("{INVENTORY}/{id}")
}

/// A file of counts.
#[must_use]
pub fn import(id: Uuid) -> String {
    format!("{IMPORTS}/{id}")
}

/// A store's page.
#[must_use]
pub fn store(id: StoreId) -> String {
    format!("{STORES}/{id}")
}

/// A customer's page.
#[must_use]
pub fn customer(id: Uuid) -> String {
    format!("{CUSTOMERS}/{id}")
}

/// A change on its way.
#[must_use]
pub fn change(id: Uuid) -> String {
    format!("{CHANGES}/{id}")
}

/// A request.
#[must_use]
pub fn request(id: RequestId) -> String {
    format!("{REQUESTS}/{id}")
}

/// A ticket.
#[must_use]
pub fn ticket(id: TicketId) -> String {
    format!("{SUPPORT}/{id}")
}

/// Where a ticket is opened about a record, such as `order:<id>`, with a subject to begin with.
#[must_use]
pub fn new_ticket(about: &str, subject: &str) -> String {
    with("/support/new", &[("about", about), ("subject", subject)])
}

/// A file that a ticket or a return carries.
#[must_use]
pub fn attachment(id: AttachmentId) -> String {
    format!("/attachments/{id}")
}

/// A received webhook.
#[must_use]
pub fn delivery(id: Uuid) -> String {
    format!("{DELIVERIES}/{id}")
}

/// What was given up on.
#[must_use]
pub fn dead_letter(id: Uuid) -> String {
    format!("{DEAD_LETTERS}/{id}")
}

/// A rehearsal's page.
#[must_use]
pub fn rehearsal(id: TenantId) -> String {
    format!("{REHEARSALS}/{id}")
}

/// The page to return to after a deed, with the word for what became of it.
#[must_use]
pub fn saying(path: &str, word: &str) -> String {
    having(path, ("said", word))
}

/// The page of a list that goes on after the row with this key.
#[must_use]
pub fn further(list: &str, key: &str) -> String {
    having(list, ("after", key))
}

/// An address in which a parameter has this value, whatever it had.
fn having(path: &str, (name, value): (&str, &str)) -> String {
    let (page, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<(String, String)> = ::url::form_urlencoded::parse(query.as_bytes())
        .filter(|(kept, _)| kept != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut params: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    params.push((name, value));
    with(page, &params)
}

/// A path with those of the parameters that have a value.
#[must_use]
pub fn with(path: &str, params: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// Where a page's socket connects: what it shows, and from where it goes on.
#[must_use]
pub fn live(page: &str, cursor: &str, params: &[(&str, &str)]) -> String {
    with("/live", &[&[("page", page)], params, &[("cursor", cursor)]].concat())
}

/// A path on this site that a form may send people to; anything else leads to the orders.
#[must_use]
pub fn same_site(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next.len() <= 1000 && !next.contains(|c: char| c.is_control() || c == '\\');
    let is_page = !next.starts_with("/login") && !next.starts_with("/logout") && !next.starts_with("/theme");
    if is_path && is_plain && is_page { next } else { ORDERS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_parameters_stay_out_of_the_address() {
        assert_eq!(with("/orders", &[("store", ""), ("q", "a&b c")]), "/orders?q=a%26b+c");
        assert_eq!(with("/orders", &[("store", "")]), "/orders");
        assert_eq!(live("orders", "77", &[("status", "on-hold")]), "/live?page=orders&status=on-hold&cursor=77");
    }

    #[test]
    fn what_became_of_a_deed_is_told_once() {
        assert_eq!(saying("/control?show=late&said=paused", "resumed"), "/control?show=late&said=resumed");
        assert_eq!(saying("/control", "paused"), "/control?said=paused");
    }

    #[test]
    fn a_further_page_is_narrowed_as_the_first_one_was() {
        assert_eq!(further("/orders?status=on-hold&q=a%26b", "7_x"), "/orders?status=on-hold&q=a%26b&after=7_x");
        assert_eq!(further("/notices", "7"), "/notices?after=7");
    }

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        for good in ["/orders?status=on-hold&q=%2F", "/products/x", "/"] {
            assert_eq!(same_site(good), good);
        }
        for bad in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
            "/login",
        ] {
            assert_eq!(same_site(bad), ORDERS, "{bad:?}");
        }
    }
}
