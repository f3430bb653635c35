//! What the captured shop held: every record that the captures show, in every version of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use serde_json::{Value, value::RawValue};
use storewire_testkit::captures::{self, Delivery};

/// The kinds of record, by their REST routes.
pub const KINDS: [&str; 4] = ["orders", "products", "customers", "coupons"];

/// A record as the shop sent it at some moment.
pub struct Version {
    pub kind: &'static str,
    pub id: u64,
    /// As a record of its own; a variation in its parent's list has a shape of its own.
    pub is_listed_variation: bool,
    pub is_delivered: bool,
    /// Byte for byte.
    pub raw: String,
    pub json: Value,
}

/// See the module.
pub struct Content {
    pub deliveries: Vec<Delivery>,
    /// The oldest first.
    versions: Vec<Version>,
    /// With the order that each belongs to.
    refunds: Vec<(u64, Value, String)>,
    /// What was gone in the end.
    gone: BTreeSet<(&'static str, u64)>,
}

impl Version {
    pub fn modified(&self) -> &str {
        self.json["date_modified_gmt"].as_str().unwrap_or_default()
    }

    pub fn is_variation(&self) -> bool {
        self.json["type"] == "variation"
    }
}

impl Content {
    pub fn read() -> Result<Self> {
        let mut content = Self {
            deliveries: captures::webhooks()?,
            versions: Vec::new(),
            refunds: Vec::new(),
            gone: BTreeSet::new(),
        };
        let mut exchanges: Vec<_> =
            captures::rest_names()?.iter().map(|name| captures::rest(name)).collect::<Result<_>>()?;
        exchanges.retain(|exchange| matches!(exchange.status, 200 | 201));
        // All of one day, so that the texts are in the order of time.
        exchanges.sort_by_key(|exchange| exchange.header("date").unwrap_or_default().to_owned());
        for exchange in &exchanges {
            content.take(&exchange.body, false)?;
        }
        for index in 0..content.deliveries.len() {
            let body = content.deliveries[index].body.clone();
            content.take(&body, true)?;
        }
        content.versions.sort_by(|one, other| one.modified().cmp(other.modified()));
        content.gone = gone(&content.deliveries);
        Ok(content)
    }

    fn take(&mut self, body: &[u8], is_delivered: bool) -> Result<()> {
        let Ok(text) = std::str::from_utf8(body) else { return Ok(()) };
        for raw in records(text) {
            let json: Value = serde_json::from_str(&raw)?;
            let Some(id) = json["id"].as_u64() else { continue };
            if json.get("refunded_by").is_some() {
                let order = json["_links"]["up"][0]["href"].as_str().and_then(|href| href.rsplit('/').next());
                self.refunds.push((order.context("a refund of no order")?.parse()?, json, raw));
            } else if let Some(kind) = kind(&json) {
                let is_listed_variation = json["type"] == "variation" && json.get("catalog_visibility").is_none();
                self.versions.push(Version { kind, id, is_listed_variation, is_delivered, raw, json });
            }
        }
        Ok(())
    }

    /// The newest version of each record of a kind among those that `is_told`; what was gone in the end is left out.
    pub fn newest(&self, kind: &str, is_told: impl Fn(&Version) -> bool) -> Vec<&Version> {
        let told = self.versions.iter().filter(|version| version.kind == kind && is_told(version));
        let newest: BTreeMap<u64, &Version> = told.map(|version| (version.id, version)).collect();
        newest.into_values().filter(|version| !self.is_gone(version.kind, version.id)).collect()
    }

    /// The same with what was gone in the end.
    pub fn newest_with_gone(&self, kind: &str, is_told: impl Fn(&Version) -> bool) -> Vec<&Version> {
        let told = self.versions.iter().filter(|version| version.kind == kind && is_told(version));
        told.map(|version| (version.id, version)).collect::<BTreeMap<_, _>>().into_values().collect()
    }

    pub fn is_gone(&self, kind: &'static str, id: u64) -> bool {
        self.gone.contains(&(kind, id))
    }

    /// Every version that was captured of a record at its last modification.
    pub fn last_versions(&self, kind: &str, id: u64) -> Vec<&Version> {
        let all: Vec<&Version> =
            self.versions.iter().filter(|version| version.kind == kind && version.id == id).collect();
        let last = all.last().map(|version| version.modified()).unwrap_or_default();
        all.iter().copied().filter(|version| version.modified() == last).collect()
    }

    pub fn refunds_of(&self, order: u64) -> Vec<&str> {
        self.refunds.iter().filter(|(of, ..)| *of == order).map(|(.., raw)| raw.as_str()).collect()
    }

    pub fn refunds(&self) -> Vec<Value> {
        self.refunds.iter().map(|(_, json, _)| json.clone()).collect()
    }

    /// The secrets that signed the deliveries, each once.
    pub fn secrets(&self) -> Vec<&str> {
        let all: BTreeSet<&str> = self.deliveries.iter().filter_map(|delivery| delivery.secret.as_deref()).collect();
        all.into_iter().collect()
    }

    /// The first delivery of a topic.
    pub fn delivery(&self, topic: &str) -> Result<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.topic == topic).context("a captured topic")
    }

    pub fn secret_of(&self, topic: &str) -> Result<&str> {
        self.delivery(topic)?.secret.as_deref().context("a signed topic")
    }
}

/// Announced as deleted and never seen again.
fn gone(deliveries: &[Delivery]) -> BTreeSet<(&'static str, u64)> {
    let mut gone = BTreeSet::new();
    for delivery in deliveries {
        let Some((resource, event)) = delivery.topic.split_once('.') else { continue };
        let kind = KINDS.into_iter().find(|kind| kind.strip_suffix('s') == Some(resource));
        let id = serde_json::from_slice::<Value>(&delivery.body).ok().and_then(|body| body["id"].as_u64());
        let (Some(kind), Some(id)) = (kind, id) else { continue };
        if event == "deleted" {
            gone.insert((kind, id))
        } else {
            gone.remove(&(kind, id))
        };
    }
    gone
}

/// The records of an answer: of a list, of a batch, or the one that it is.
fn records(text: &str) -> Vec<String> {
    let raws = |list: Vec<Box<RawValue>>| list.into_iter().map(|raw| raw.get().to_owned()).collect();
    if let Ok(list) = serde_json::from_str(text) {
        return raws(list);
    }
    let Ok(fields) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(text) else { return Vec::new() };
    match fields.get("update").and_then(|updated| serde_json::from_str(updated.get()).ok()) {
        Some(updated) => raws(updated),
        None => vec![text.to_owned()],
    }
}

fn kind(json: &Value) -> Option<&'static str> {
    let has = |name: &str| json.get(name).is_some();
    match () {
        () if has("line_items") && has("billing") => Some("orders"),
        () if has("stock_status") => Some("products"),
        () if has("username") => Some("customers"),
        () if has("discount_type") && has("usage_count") => Some("coupons"),
        () => None,
    }
}
