//! The panel's addresses, and how a list's filters are written into them.

use storewire_domain::{OrderId, ProductId, StoreId};
use url::form_urlencoded::Serializer;

/// The live order feed, where everybody starts.
pub const ORDERS: &str = "/orders";
/// The list of products.
pub const PRODUCTS: &str = "/products";
/// The list of stores.
pub const STORES: &str = "/stores";

/// How fresh a list is, as a fragment.
pub const FRESHNESS: &str = "/freshness";

/// An order's page.
#[must_use]
pub fn order(id: OrderId) -> String {
    format!("{ORDERS}/{id}")
}

/// A product's page.
#[must_use]
pub fn product(id: ProductId) -> String {
    format!("{PRODUCTS}/{id}")
}

/// A store's page.
#[must_use]
pub fn store(id: StoreId) -> String {
    format!("{STORES}/{id}")
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
