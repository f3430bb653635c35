//! The session cookie. Its name and its `Secure` follow the scheme of the request at hand.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time},
};

use storewire_domain::TenantId;

use crate::extract::Client;

/// Over https. The prefix makes browsers refuse one that was set for a parent domain or over plain http.
pub const SECURE_NAME: &str = "__Host-sw";
/// Over plain http, where no browser would take the other.
pub const PLAIN_NAME: &str = "sw";

/// Names the rehearsal that the browser watches. No secret: it gives nobody a right.
pub const WATCH_NAME: &str = "sw_watch";

/// The cookie that has the browser watch a rehearsal until it is closed; `None` removes it.
#[must_use]
pub fn watch(rehearsal: Option<TenantId>, client: &Client) -> Cookie<'static> {
    let value = rehearsal.map(|id| id.to_string()).unwrap_or_default();
    let cookie = Cookie::build(WATCH_NAME, value).path("/").http_only(true).same_site(SameSite::Lax);
    let cookie = cookie.secure(client.is_https);
    if rehearsal.is_some() { cookie.finish() } else { cookie.max_age(time::Duration::ZERO).finish() }
}

/// The cookie that carries `token` for as long as the login lasts.
#[must_use]
pub fn session(token: String, ttl: Duration, client: &Client) -> Cookie<'static> {
    let seconds = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
    build(token, time::Duration::seconds(seconds), client)
}

/// The cookie that removes the one before.
#[must_use]
pub fn cleared(client: &Client) -> Cookie<'static> {
    build(String::new(), time::Duration::ZERO, client)
}

/// The token in the request's session cookie.
#[must_use]
pub fn token(request: &HttpRequest, client: &Client) -> Option<String> {
    request.cookie(name(client)).map(|cookie| cookie.value().to_owned())
}

/// Whether the request carries a session cookie of either name.
#[must_use]
pub fn is_present(request: &HttpRequest) -> bool {
    request.cookie(SECURE_NAME).is_some() || request.cookie(PLAIN_NAME).is_some()
}

const fn name(client: &Client) -> &'static str {
    if client.is_https { SECURE_NAME } else { PLAIN_NAME }
}

fn build(value: String, max_age: time::Duration, client: &Client) -> Cookie<'static> {
    Cookie::build(name(client), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(client.is_https)
        .max_age(max_age)
        .finish()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn client(is_https: bool) -> Client {
        Client {
            address: Ipv4Addr::LOCALHOST.into(),
            is_https,
            authority: "panel.example".into(),
            user_agent: String::new(),
        }
    }

    #[test]
    fn the_cookie_follows_the_scheme() {
        let secure = session("token".into(), Duration::from_secs(60), &client(true)).to_string();
        assert_eq!(secure, "__Host-sw=token; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60");
        let plain = session("token".into(), Duration::from_secs(60), &client(false)).to_string();
        assert_eq!(plain, "sw=token; HttpOnly; SameSite=Lax; Path=/; Max-Age=60");
        assert_eq!(cleared(&client(false)).to_string(), "sw=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }
}
