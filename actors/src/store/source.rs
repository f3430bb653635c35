//! Where a delivery says that it comes from, and whether that is the store. A copy of a site keeps its webhooks, token and secret, and
//! tells its own address.

use url::Url;

/// An address reduced to what tells sites apart: host without `www.`, port if unusual, path without a slash at the end. `None` if nothing
/// was given. Scheme, letter case and whatever follows the path do not count.
pub(crate) fn place(address: &str) -> Option<String> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let spelled = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let Ok(url) = Url::parse(&spelled) else { return Some(address.to_lowercase()) };
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{host}{port}{}", url.path().trim_end_matches('/')))
}

/// The places that a store delivers from.
pub(crate) struct Places(Vec<String>);

impl Places {
    /// The store's home and the other addresses that a person accepted.
    pub(crate) fn new<'a>(home_url: &'a str, others: impl IntoIterator<Item = &'a str>) -> Self {
        Self(std::iter::once(home_url).chain(others).filter_map(place).collect())
    }

    /// The place that a delivery names, if it is none of the store's. One that names none is judged by its signature alone.
    pub(crate) fn stranger(&self, source: &str) -> Option<String> {
        place(source).filter(|place| !self.0.contains(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_home_are_one_place() {
        for spelling in [
            "https://www.shop.example/store/",
            "http://shop.example/store",
            "HTTPS://Shop.Example/store//",
            "shop.example/store",
            "https://shop.example:443/store?lang=en",
        ] {
            assert_eq!(place(spelling).as_deref(), Some("shop.example/store"), "{spelling}");
        }
        assert_eq!(place("https://xn--mnchen-3ya.example"), place("https://MÜNCHEN.example/"));
        assert_eq!(place(" "), None);
    }

    #[test]
    fn a_copy_of_the_site_is_a_stranger_until_it_is_accepted() {
        let home = "https://shop.example/";
        let places = Places::new(home, []);
        for strange in
            ["https://staging.shop.example/", "https://shop.example:8443/", "https://shop.example/en/", "not a url"]
        {
            assert!(places.stranger(strange).is_some(), "{strange}");
        }
        assert_eq!(places.stranger("http://www.shop.example"), None);
        assert_eq!(places.stranger(""), None);
        assert_eq!(Places::new(home, ["shop.example/en"]).stranger("https://shop.example/en/"), None);
    }
}
