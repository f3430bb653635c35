//! Refuses requests that another site's page makes with our reader's cookie.
//!
//! The check is that `Origin` names the host which the request is addressed to; `Sec-Fetch-Site` can only refuse what
//! `Origin` let through. A bearer token needs neither: no other site's page can send one.

use actix_web::{
    Error, HttpRequest, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web,
};

use crate::{
    error::WebError,
    extract::{Client, cookie, session},
    state::AppState,
};

/// Checks every request that may change something.
pub async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    if is_safe || may_change(request.request()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let refusal = WebError::Forbidden("this request comes from another site's page");
    Ok(request.into_response(refusal.error_response()))
}

/// Whether the request's origin is our own: its `Origin` is this host or the configured public address. A missing
/// `Origin` is not. Sockets ask this before their upgrade.
#[must_use]
pub fn is_own(request: &HttpRequest) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return false };
    let mut others = request.headers().get_all(header::ORIGIN).skip(1);
    if others.next().is_some() {
        return false;
    }
    let is_this_host = Client::of(request).origin().is_some_and(|own| own == origin);
    // A proxy may rewrite the host; what the operator named as our address is ours all the same.
    let is_public = || {
        let state = request.app_data::<web::Data<AppState>>();
        state.is_some_and(|state| state.settings.public_url.origin().ascii_serialization() == origin)
    };
    // An opaque origin is written `null`; it is nobody's.
    origin != "null" && (is_this_host || is_public())
}

fn may_change(request: &HttpRequest) -> bool {
    // No other site's page can add a bearer token.
    if session::bearer(request).is_some() {
        return true;
    }
    let has_origin = request.headers().contains_key(header::ORIGIN);
    // Without a cookie there is nothing to abuse, except that a foreign form could log a person in as somebody else.
    let needs_origin = has_origin || cookie::is_present(request);
    if needs_origin && !is_own(request) {
        return false;
    }
    match request.headers().get("sec-fetch-site").map(|site| site.as_bytes()) {
        None | Some(b"same-origin" | b"none") => true,
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::{cookie::Cookie, test::TestRequest};

    use super::*;

    fn post(headers: &[(&'static str, &'static str)]) -> HttpRequest {
        let mut request = TestRequest::post().insert_header(("host", "panel.example:8080"));
        for header in headers {
            request = request.append_header(*header);
        }
        request.cookie(Cookie::new("sw", "token")).to_http_request()
    }

    #[test]
    fn only_our_own_origin_passes() {
        assert!(may_change(&post(&[("origin", "http://panel.example:8080")])));
        let foreign = [
            "http://evil.example",
            "http://evil.example:8080",
            "https://panel.example:8080",
            "http://panel.example",
            "http://panel.example:80",
            "http://panel.example:8081",
            "http://sub.panel.example:8080",
            "http://panel.example.evil.example:8080",
            "http://panel.example:8080.evil.example",
            "http://panel.example:8080@evil.example",
            "http://user@panel.example:8080",
            "http://panel.example:8080/",
            "http://panel.example:8080/path",
            "http://PANEL.example:8080",
            "http://panel.example:8080, http://evil.example",
            "ws://panel.example:8080",
            "file://",
            "null",
            "",
            "*",
            "panel.example:8080",
            "//panel.example:8080",
        ];
        for origin in foreign {
            assert!(!may_change(&post(&[("origin", origin)])), "{origin}");
        }
        assert!(!may_change(&post(&[])), "a cookie without an origin");
        let twice = [("origin", "http://panel.example:8080"), ("origin", "http://evil.example")];
        assert!(!may_change(&post(&twice)));
    }

    #[test]
    fn fetch_metadata_can_only_refuse() {
        let own = ("origin", "http://panel.example:8080");
        assert!(may_change(&post(&[own, ("sec-fetch-site", "same-origin")])));
        assert!(!may_change(&post(&[own, ("sec-fetch-site", "cross-site")])));
        assert!(!may_change(&post(&[own, ("sec-fetch-site", "same-site")])));
        assert!(!may_change(&post(&[("sec-fetch-site", "same-origin")])));
    }

    #[test]
    fn a_bearer_needs_no_origin_and_a_stranger_without_cookie_may_log_in_by_script() {
        assert!(may_change(&post(&[("authorization", "Bearer x")])));
        assert!(!may_change(&post(&[("authorization", "Basic x")])), "a browser adds this by itself");
        let script = TestRequest::post().insert_header(("host", "panel.example:8080")).to_http_request();
        assert!(may_change(&script));
        let foreign_login = TestRequest::post()
            .insert_header(("host", "panel.example:8080"))
            .insert_header(("origin", "http://evil.example"))
            .to_http_request();
        assert!(!may_change(&foreign_login));
    }
}
