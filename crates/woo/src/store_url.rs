//! A store's address out of whatever a person pasted.

use url::Url;

use crate::UrlRefused;

/// The longest address that is looked at.
const LONGEST: usize = 2000;

/// From here on a path belongs to WordPress, not to where it is installed.
const WORDPRESS: &[&str] =
    &["wp-admin", "wp-login.php", "wp-json", "wp-content", "wp-includes", "index.php", "xmlrpc.php"];

/// Reads a pasted address: a missing scheme is https; query, fragment, WordPress's own paths and the last slash are cut.
///
/// # Errors
/// Where it is no address, not https, or carries a user name.
pub fn normalise_store_url(pasted: &str) -> Result<Url, UrlRefused> {
    match normalise(pasted)? {
        url if url.scheme() == "http" => Err(UrlRefused::Plaintext),
        url => Ok(url),
    }
}

/// The same for a store that a person explicitly chose to reach over plain http; https is still taken, and meant where no
/// scheme is named.
///
/// # Errors
/// Where it is no web address, or carries a user name.
pub fn normalise_plain_store_url(pasted: &str) -> Result<Url, UrlRefused> {
    normalise(pasted)
}

fn normalise(pasted: &str) -> Result<Url, UrlRefused> {
    let pasted = pasted.trim().trim_matches(['<', '>', '"', '\'']).trim();
    if pasted.is_empty() || pasted.len() > LONGEST {
        return Err(UrlRefused::Unreadable);
    }
    let with_scheme = match pasted.split_once("://") {
        Some(_) => pasted.to_owned(),
        None => format!("https://{}", pasted.trim_start_matches('/')),
    };
    let mut url = Url::parse(&with_scheme).map_err(|_| UrlRefused::Unreadable)?;
    match url.scheme() {
        "https" | "http" => {}
        other => return Err(UrlRefused::Scheme(other.to_owned())),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlRefused::Userinfo);
    }
    let host = url.host_str().unwrap_or_default();
    if host.ends_with('.') {
        return Err(UrlRefused::TrailingDot);
    }
    if host.is_empty() {
        return Err(UrlRefused::Unreadable);
    }
    let path = installed_at(&url);
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn installed_at(url: &Url) -> String {
    let segments = url.path().split('/').filter(|segment| !segment.is_empty());
    let own: Vec<&str> =
        segments.take_while(|segment| !WORDPRESS.contains(&segment.to_ascii_lowercase().as_str())).collect();
    format!("/{}", own.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_pasted_becomes_the_shops_address() {
        for (pasted, expected) in [
            ("shop.example", "https://shop.example/"),
            ("  https://Shop.Example/ \n", "https://shop.example/"),
            ("//shop.example", "https://shop.example/"),
            ("https://shop.example/wp-admin/admin.php?page=wc-settings&tab=advanced", "https://shop.example/"),
            ("https://shop.example/wp-login.php", "https://shop.example/"),
            ("shop.example/butik/wp-admin/", "https://shop.example/butik"),
            ("https://shop.example/butik/?utm_source=x#top", "https://shop.example/butik"),
            ("https://shop.example//butik//", "https://shop.example/butik"),
            ("https://shop.example/index.php/wp-json/", "https://shop.example/"),
            ("https://shop.example/?rest_route=/", "https://shop.example/"),
            ("shop.example:8443/x", "https://shop.example:8443/x"),
            ("127.0.0.1:8443", "https://127.0.0.1:8443/"),
            ("https://shop.example:443", "https://shop.example/"),
            ("<https://shop.example/>", "https://shop.example/"),
            ("\"shop.example\"", "https://shop.example/"),
            ("müller.example", "https://xn--mller-kva.example/"),
            ("HTTPS://SHOP.EXAMPLE/WP-ADMIN", "https://shop.example/"),
        ] {
            assert_eq!(normalise_store_url(pasted).map(String::from), Ok(expected.to_owned()), "{pasted}");
        }
    }

    #[test]
    fn what_cannot_be_a_shop_is_refused_with_its_reason() {
        for (pasted, expected) in [
            ("", "url_unreadable"),
            ("   ", "url_unreadable"),
            ("https://", "url_unreadable"),
            ("javascript:alert(1)", "url_unreadable"),
            ("my shop", "url_unreadable"),
            ("https://[::1", "url_unreadable"),
            ("http://shop.example", "url_plaintext"),
            ("ftp://shop.example", "url_scheme"),
            ("file:///etc/passwd", "url_scheme"),
            ("gopher://shop.example:70/", "url_scheme"),
            ("https://user:pass@shop.example", "url_userinfo"),
            ("me@shop.example", "url_userinfo"),
            ("https://shop.example@evil.example", "url_userinfo"),
            ("https://shop.example./", "url_trailing_dot"),
        ] {
            assert_eq!(normalise_store_url(pasted).unwrap_err().code(), expected, "{pasted}");
        }
        assert!(normalise_store_url(&"a".repeat(3000)).is_err());
    }

    #[test]
    fn plain_http_is_taken_only_by_choice_and_never_assumed() {
        for (pasted, expected) in [
            ("http://shop.example/wp-admin/", Ok("http://shop.example/")),
            ("http://shop.example:80/butik/", Ok("http://shop.example/butik")),
            ("shop.example", Ok("https://shop.example/")),
            ("https://shop.example", Ok("https://shop.example/")),
            ("http://me:secret@shop.example", Err("url_userinfo")),
            ("http://shop.example./", Err("url_trailing_dot")),
            ("ftp://shop.example", Err("url_scheme")),
        ] {
            let read = normalise_plain_store_url(pasted).map(String::from).map_err(|refused| refused.code());
            assert_eq!(read.as_deref().map_err(|code| *code), expected, "{pasted}");
        }
    }
}
