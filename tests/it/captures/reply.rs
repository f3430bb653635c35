//! What the captured shop is asked and answers: captured answers, on its own clock, pages with headers that are true.

use std::collections::BTreeMap;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Response, header::HeaderName};
use serde_json::Value;
use storewire_testkit::captures::{self, Exchange};

/// Shortly after the last capture.
const DATE: &str = "Sat, 21 Nov 2026 06:20:00 GMT";

pub struct Ask {
    pub method: Method,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub has_keys: bool,
    pub body: Bytes,
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// One page, with headers that are true of the whole.
    pub fn page(&self, all: &[&str]) -> Result<Reply> {
        let number = |name: &str, otherwise: usize| self.query(name).parse().unwrap_or(otherwise);
        let (per_page, page) = (number("per_page", 10), number("page", 1));
        if per_page > 100 {
            return Reply::captured("orders-per_page-101");
        }
        let pages = all.len().div_ceil(per_page);
        if page > pages.max(1) {
            return Reply::captured("orders-page-past-end");
        }
        let mut reply = Reply::captured("orders-p1")?;
        let shown: Vec<&str> = all.iter().skip((page - 1) * per_page).take(per_page).copied().collect();
        reply.body = format!("[{}]", shown.join(",")).into();
        reply.set("X-WP-Total", &all.len().to_string());
        reply.set("X-WP-TotalPages", &pages.to_string());
        if page < pages {
            let next = format!("<https://127.0.0.1:8443{}?page={}>; rel=\"next\"", self.path, page + 1);
            reply.set("Link", &next);
        } else {
            reply.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("link"));
        }
        Ok(reply)
    }

    /// Only the fields that were asked for.
    pub fn selected(&self, mut reply: Reply) -> Result<Reply> {
        let wanted: Vec<&str> = self.query("_fields").split(',').filter(|name| !name.is_empty()).collect();
        if wanted.is_empty() {
            return Ok(reply);
        }
        let mut body: Value = serde_json::from_slice(&reply.body)?;
        let keep = |object: &mut Value| {
            if let Some(fields) = object.as_object_mut() {
                fields.retain(|name, _| wanted.contains(&name.as_str()));
            }
        };
        match &mut body {
            Value::Array(list) => list.iter_mut().for_each(keep),
            object => keep(object),
        }
        reply.body = body.to_string().into();
        Ok(reply)
    }
}

impl Reply {
    /// What was captured, on this shop's clock.
    pub fn captured(name: &str) -> Result<Self> {
        let Exchange { status, headers, body, .. } = captures::rest(name)?;
        let mut reply = Self { status, headers, body };
        reply
            .headers
            .retain(|(name, _)| !["transfer-encoding", "connection"].contains(&name.to_ascii_lowercase().as_str()));
        reply.set("Date", DATE);
        Ok(reply)
    }

    pub fn into_response(self) -> Result<Response<Full<Bytes>>> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name.parse::<HeaderName>()?, value);
        }
        Ok(response.body(Full::new(self.body.into()))?)
    }

    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }
}
