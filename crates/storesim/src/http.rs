//! A request as the shops see it, and what they answer.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, Response, StatusCode};

use crate::faults::Faults;
use crate::php_json::Json;
use crate::query::Query;

/// A request, read in full.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What is to be done; a POST may say another method in a header or a parameter.
    pub method: Method,
    /// The method of the request line.
    pub sent_method: Method,
    /// Below the shop's home: `/wp-json/wc/v3/orders`.
    pub path: String,
    /// As sent.
    pub raw_query: String,
    pub query: Query,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Whether it came by TLS.
    pub is_tls: bool,
    /// Its number among the shop's calls.
    pub number: u64,
    /// The switches of the shop as they stood when it came.
    pub faults: Arc<Faults>,
}

impl Ask {
    /// A header's text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether PHP believes that it came by TLS; keys are only looked at then.
    #[must_use]
    pub fn is_ssl(&self) -> bool {
        self.is_tls && !self.faults.is_ssl_blind
    }

    /// Whether it is for the REST API.
    #[must_use]
    pub fn is_rest(&self) -> bool {
        self.path == "/wp-json" || self.path.starts_with("/wp-json/")
    }

    /// Whether it is to change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        matches!(self.method, Method::POST | Method::PUT | Method::PATCH | Method::DELETE)
    }
}

#[cfg(test)]
impl Ask {
    /// A bare request by https.
    pub fn of(method: Method, target: &str) -> Self {
        let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            sent_method: method.clone(),
            method,
            path: path.to_owned(),
            raw_query: raw_query.to_owned(),
            query: Query::parse(raw_query),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            is_tls: true,
            number: 1,
            faults: Arc::default(),
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Reply {
    /// JSON with a status.
    #[must_use]
    pub fn json(status: u16, json: &Json) -> Self {
        Self::json_text(status, json.to_text())
    }

    /// JSON that is already text.
    #[must_use]
    pub fn json_text(status: u16, body: String) -> Self {
        Self { status, headers: vec![("content-type", "application/json; charset=UTF-8".to_owned())], body }
    }

    /// A page.
    #[must_use]
    pub fn html(status: u16, body: String) -> Self {
        Self { status, headers: vec![("content-type", "text/html; charset=UTF-8".to_owned())], body }
    }

    /// "Look there", after a form.
    #[must_use]
    pub fn see_other(location: String) -> Self {
        Self { status: 303, headers: vec![("location", location)], body: String::new() }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// For hyper; `HEAD` loses the body, but not its length.
    #[must_use]
    pub fn into_response(self, is_head: bool) -> Response<Full<Bytes>> {
        let length = self.body.len();
        let body = if is_head { Bytes::new() } else { Bytes::from(self.body) };
        let mut response = Response::new(Full::new(body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert("server", HeaderValue::from_static("nginx/1.22.1"));
        if is_head {
            headers.insert("content-length", HeaderValue::from(length));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
