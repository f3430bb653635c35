//! The truth under `/_sim`: every object as the shops hold it, what they sent, were asked and wrote, and the levers for tests.

mod edit;
mod hooks;
mod shop;

use hyper::Method;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock;
use crate::http::Reply;
use crate::rest::body;
use crate::shared::Shared;

pub(crate) use shop::every;

/// A request to `/_sim`: what is pulled, and how.
#[derive(Clone, Copy)]
pub(crate) struct Lever<'a> {
    pub method: &'a Method,
    /// Below `/_sim`.
    pub path: &'a str,
    pub body: &'a [u8],
}

impl Lever<'_> {
    /// The body; nothing, or nonsense, is an empty object.
    fn sent(&self) -> Value {
        body::parse(self.body).unwrap_or_else(|_| json!({}))
    }

    /// The body as a known shape.
    fn read<T: DeserializeOwned>(&self) -> Result<T, Reply> {
        serde_json::from_slice(self.body).map_err(|error| refuse(400, &error.to_string()))
    }
}

/// Answers below `/_sim`.
pub(crate) async fn answer(fleet: &Shared, lever: &Lever<'_>) -> Reply {
    let parts: Vec<&str> = lever.path.trim_matches('/').split('/').collect();
    match (lever.method, parts.as_slice()) {
        (&Method::GET, ["stores"]) => plain(200, &fleet.infos()),
        (&Method::POST, ["rate"]) => set_rate(fleet, lever),
        (&Method::POST, ["quiesce"]) => plain(200, &fleet.quiesce().await),
        (&Method::GET, ["clock"]) => tell_clock(fleet),
        (&Method::POST, ["clock"]) => set_clock(fleet, lever),
        (_, ["stores", number, rest @ ..]) => match number.parse().ok().and_then(|index| fleet.store(index)) {
            Some(store) => shop::answer(fleet, &store, rest, lever),
            None => refuse(404, "no such store"),
        },
        _ => refuse(404, "no such thing"),
    }
}

fn set_rate(fleet: &Shared, lever: &Lever<'_>) -> Reply {
    match lever.sent().get("per_second").and_then(Value::as_f64).filter(|rate| rate.is_finite() && *rate >= 0.0) {
        Some(rate) => {
            fleet.set_rate(rate);
            plain(200, &json!({ "per_second": rate }))
        }
        None => refuse(400, "per_second must be a number from 0"),
    }
}

fn tell_clock(fleet: &Shared) -> Reply {
    let clock = &fleet.common.clock;
    plain(200, &json!({ "now": clock::at(clock.now()), "offset_seconds": clock.ahead() }))
}

/// To a moment (`now`) or away from the machine's time (`offset_seconds`).
fn set_clock(fleet: &Shared, lever: &Lever<'_>) -> Reply {
    let sent = lever.sent();
    let moment = sent.get("now").and_then(Value::as_str).map(str::parse::<Timestamp>);
    match (moment, sent.get("offset_seconds").and_then(Value::as_i64)) {
        (Some(Ok(moment)), None) => fleet.common.clock.set(moment),
        (None, Some(seconds)) => fleet.common.clock.set_ahead(seconds),
        _ => return refuse(400, "either now (RFC 3339) or offset_seconds"),
    }
    tell_clock(fleet)
}

fn plain(status: u16, value: &impl Serialize) -> Reply {
    match serde_json::to_string(value) {
        Ok(text) => Reply::json_text(status, text),
        Err(error) => refuse(500, &error.to_string()),
    }
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::json_text(status, json!({ "error": message }).to_string())
}
