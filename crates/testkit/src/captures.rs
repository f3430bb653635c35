//! Traffic captured from a real WooCommerce 11.0.1: REST exchanges and webhook deliveries, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

/// Where the captures of one WooCommerce version lie.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/woocommerce-11.0.1")
}

/// One request to the store's REST API and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub name: String,
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    pub request_body: String,
    pub status: u16,
    /// The answer's headers, in order, names as the store wrote them.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// One webhook delivery as it came in.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub name: String,
    /// `ping` for the two pings.
    pub topic: String,
    /// None for a ping, which is not signed.
    pub secret: Option<String>,
    pub resource_id: Option<i64>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Exchange {
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

impl Delivery {
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// The exchange called `name` (its file without the ending).
///
/// # Errors
/// If there is none, or its head cannot be read.
pub fn rest(name: &str) -> Result<Exchange> {
    let base = folder().join("rest").join(name);
    let head = fs::read_to_string(base.with_extension("head")).with_context(|| format!("no exchange {name}"))?;
    let mut sent = head.lines().filter_map(|line| line.strip_prefix(">>>").map(str::trim_start));
    let (method, target) = sent.next().and_then(|line| line.split_once(' ')).context("no request line")?;
    let request_body: Vec<&str> = sent.skip_while(|line| !line.is_empty()).skip(1).collect();
    let mut received = head.lines().filter_map(|line| line.strip_prefix("<<<").map(str::trim));
    let status = received.next().context("no status")?.parse().context("no status")?;
    Ok(Exchange {
        name: name.to_owned(),
        method: method.to_owned(),
        target: target.to_owned(),
        request_body: request_body.join("\n"),
        status,
        headers: received.filter_map(header_line).collect(),
        body: fs::read(base.with_extension("body"))?,
    })
}

/// The names of all exchanges, sorted.
///
/// # Errors
/// If the folder cannot be read.
pub fn rest_names() -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(folder().join("rest"))?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".head").map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

/// All 83 deliveries in the order in which they came.
///
/// # Errors
/// If the index or one of its files cannot be read.
pub fn webhooks() -> Result<Vec<Delivery>> {
    #[derive(Deserialize)]
    struct Entry {
        file: String,
        topic: String,
        secret: Option<String>,
        resource_id: Option<i64>,
    }
    let folder = folder().join("webhooks");
    let index: Vec<Entry> = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
    index
        .into_iter()
        .map(|Entry { file, topic, secret, resource_id }| {
            let head = fs::read_to_string(folder.join(format!("{file}.head")))?;
            let body = fs::read(folder.join(format!("{file}.body")))?;
            let headers = head.lines().skip(1).filter_map(header_line).collect();
            Ok(Delivery { name: file, topic, secret, resource_id, headers, body })
        })
        .collect()
}

fn header_line(line: &str) -> Option<(String, String)> {
    line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
}

fn find<'a>(headers: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
}
