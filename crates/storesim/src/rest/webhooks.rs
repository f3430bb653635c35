//! Subscriptions. A new one, and one with a new address, is announced by an unsigned ping inside the call.

use serde_json::Value;

use crate::model::webhook::{Status, Webhook};
use crate::php_json::Object;
use crate::rest::batch::{self, Items, item_shown};
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules, word};
use crate::rest::write::Target;
use crate::rest::{Answer, Call, body};

impl Row for Webhook {
    fn id(&self) -> u64 {
        self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn modified(&self) -> i64 {
        self.modified.unwrap_or(self.created)
    }

    fn title(&self) -> &str {
        &self.name
    }
}

pub(super) fn list(call: Call<'_>) -> Answer {
    let profile = call.profile;
    let mut complaints = Complaints::default();
    let rules = ListRules { order_by: &["date", "id", "title"], default_order: ("date", false), dates: None };
    let ask = ListAsk::read(&call.ask.query, rules, &profile.zone, &mut complaints);
    let wanted =
        word(&call.ask.query, "status", &["all", "active", "paused", "disabled"], &mut complaints).unwrap_or("all");
    complaints.finish()?;
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.webhooks.values().filter(|hook| wanted == "all" || hook.status.as_str() == wanted);
        let page = page::select(rows, &ask, &profile.zone, Paging::default());
        (page.rows.iter().map(|hook| view.webhook(hook)).collect(), page.total)
    });
    Ok(page::plain_reply(call.ask, &ask, shown, total, &call.address("webhooks"), &LinkExtras::default()))
}

pub(super) fn one(call: Call<'_>, id: u64) -> Answer {
    Ok(call.one(200, show(call, id).ok_or_else(|| ApiError::gone("webhook"))?))
}

fn show(call: Call<'_>, id: u64) -> Option<Object> {
    call.store.read(|view| view.records.webhooks.get(&id).map(|hook| view.webhook(hook)))
}

pub(super) async fn create(call: Call<'_>) -> Answer {
    let sent = call.body()?;
    let (id, url) = create_one(call, &sent)?;
    ping(call, &url, id).await;
    let shown = show(call, id).ok_or_else(|| ApiError::gone("webhook"))?;
    Ok(call.created(&format!("webhooks/{id}"), shown))
}

/// Makes a webhook; its id and the address to announce it to.
fn create_one(call: Call<'_>, sent: &Value) -> Result<(u64, String), ApiError> {
    let topic = sent.get("topic").and_then(Value::as_str).and_then(Webhook::topic).ok_or_else(|| {
        ApiError::new(
            400,
            "woocommerce_rest_shop_webhook_invalid_topic",
            "Webhook topic is required and must be valid.",
        )
    })?;
    let url = sent.get("delivery_url").and_then(Value::as_str).filter(|url| is_address(url)).ok_or_else(|| {
        ApiError::new(
            400,
            "woocommerce_rest_shop_webhook_invalid_delivery_url",
            "Webhook delivery URL must be a valid URL starting with http:// or https://.",
        )
    })?;
    let name = sent.get("name").and_then(body::text).unwrap_or_else(|| format!("Webhook for {topic}"));
    let secret = sent.get("secret").and_then(body::text).unwrap_or_else(|| hex::encode(rand::random::<[u8; 25]>()));
    let status = sent.get("status").and_then(Value::as_str).and_then(Status::parse).unwrap_or(Status::Active);
    let (id, _) = call.write(Target::new("webhook"), sent, |change| {
        let id = change.records.ids.webhook();
        let delivery_url = url.to_owned();
        let hook =
            Webhook { id, name, status, topic, delivery_url, secret, created: change.now, modified: None, failures: 0 };
        change.records.webhooks.insert(id, hook);
        Ok((id, Object::default()))
    })?;
    Ok((id, url.to_owned()))
}

fn is_address(url: &str) -> bool {
    (url.starts_with("http://") || url.starts_with("https://")) && url.parse::<hyper::Uri>().is_ok()
}

/// Its failure is ignored; a dead receiver only makes the call slow.
async fn ping(call: Call<'_>, url: &str, id: u64) {
    let outcome = call.store.common.sender.ping(call.profile, url, id).await;
    call.store.journal().counts.pings += 1;
    tracing::debug!(store = call.profile.index, webhook = id, ?outcome, "ping sent");
}

pub(super) async fn update(call: Call<'_>, id: u64) -> Answer {
    let sent = call.body()?;
    if let Some(url) = update_one(call, id, &sent)? {
        ping(call, &url, id).await;
    }
    one(call, id)
}

/// Applies what was sent; the address, if it is a new one.
fn update_one(call: Call<'_>, id: u64, sent: &Value) -> Result<Option<String>, ApiError> {
    let mut new_url = None;
    call.write(Target::known("webhook", id), sent, |change| {
        let now = change.now;
        let hook = change.records.webhooks.get_mut(&id).ok_or_else(|| ApiError::gone_on_write("webhook"))?;
        if let Some(name) = sent.get("name").and_then(body::text) {
            hook.name = name;
        }
        if let Some(secret) = sent.get("secret").and_then(body::text) {
            hook.secret = secret;
        }
        // The count of failures stays: one more failure disables a re-activated webhook again.
        if let Some(status) = sent.get("status").and_then(Value::as_str).and_then(Status::parse) {
            hook.status = status;
        }
        if let Some(topic) = sent.get("topic").and_then(Value::as_str).and_then(Webhook::topic) {
            hook.topic = topic;
        }
        hook.modified = Some(now);
        let url = sent.get("delivery_url").and_then(Value::as_str);
        if let Some(url) = url.filter(|url| is_address(url) && *url != hook.delivery_url) {
            url.clone_into(&mut hook.delivery_url);
            new_url = Some(url.to_owned());
        }
        Ok((id, Object::default()))
    })?;
    Ok(new_url)
}

pub(super) fn delete(call: Call<'_>, id: u64) -> Answer {
    if !call.force() {
        return Err(ApiError::no_trash("Webhooks"));
    }
    let shown = delete_one(call, id)?;
    Ok(call.one(200, shown))
}

fn delete_one(call: Call<'_>, id: u64) -> Result<Object, ApiError> {
    let (_, shown) = call.write(Target::doomed("webhook", id), &Value::Null, |change| {
        let shown = change.view().record("webhook", id, 0).ok_or_else(|| ApiError::gone("webhook"))?;
        change.records.webhooks.remove(&id);
        Ok((id, shown))
    })?;
    Ok(shown)
}

/// Several at once, each announced in its turn.
pub(super) async fn batch(call: Call<'_>) -> Answer {
    let items = Items::read(call)?;
    let shown = |id| show(call, id).ok_or_else(|| ApiError::gone("webhook"));
    let (mut created, mut updated, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
    for item in &items.create {
        created.push(match create_one(call, item) {
            Ok((id, url)) => {
                ping(call, &url, id).await;
                item_shown(id, shown(id))
            }
            Err(error) => item_shown(0, Err(error)),
        });
    }
    for (id, item) in &items.update {
        updated.push(match update_one(call, *id, item) {
            Ok(url) => {
                if let Some(url) = url {
                    ping(call, &url, *id).await;
                }
                item_shown(*id, shown(*id))
            }
            Err(error) => item_shown(*id, Err(error)),
        });
    }
    for id in &items.delete {
        deleted.push(item_shown(*id, delete_one(call, *id)));
    }
    Ok(batch::reply(created, updated, deleted))
}
