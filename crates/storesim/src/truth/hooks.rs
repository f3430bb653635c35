//! What happens to webhooks in the shop's own administration, or by a restored backup.

use std::sync::Arc;

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use crate::http::Reply;
use crate::model::Change;
use crate::model::webhook::Status;
use crate::php_json::Json;
use crate::store::Store;
use crate::truth::{Lever, plain, refuse};

/// What to change; nobody is pinged.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wanted {
    /// `active`, `paused` or `disabled`.
    status: Option<String>,
    delivery_url: Option<String>,
    secret: Option<String>,
    /// Failures in a row so far.
    failures: Option<u32>,
}

/// Answers below `/_sim/stores/{n}/webhooks/{id}`.
pub(super) fn answer(store: &Arc<Store>, id: &str, rest: &[&str], lever: &Lever<'_>) -> Reply {
    let Ok(id) = id.parse::<u64>() else { return refuse(400, "an id is a number") };
    let touched = match (lever.method, rest) {
        (&Method::DELETE, []) => {
            let was_there = store.change(|change| change.records.webhooks.remove(&id).is_some());
            return if was_there { plain(200, &json!({ "erased": id })) } else { refuse(404, "no such webhook") };
        }
        (&Method::POST, []) => {
            let wanted: Wanted = match lever.read() {
                Ok(wanted) => wanted,
                Err(reply) => return reply,
            };
            let status = wanted.status.as_deref().map(Status::parse);
            if status == Some(None) {
                return refuse(400, "no such status");
            }
            store.change(|change| edit(change, id, wanted, status.flatten()))
        }
        (&Method::POST, ["duplicate"]) => store.change(|change| duplicate(change, id)),
        _ => return refuse(404, "no such thing"),
    };
    let shown = touched.and_then(|id| store.read(|view| view.record("webhook", id, 0)));
    shown.map_or_else(|| refuse(404, "no such webhook"), |shown| Reply::json(200, &Json::Object(shown)))
}

fn edit(change: &mut Change<'_>, id: u64, wanted: Wanted, status: Option<Status>) -> Option<u64> {
    let now = change.now;
    let hook = change.records.webhooks.get_mut(&id)?;
    hook.status = status.unwrap_or(hook.status);
    hook.failures = wanted.failures.unwrap_or(hook.failures);
    if let Some(url) = wanted.delivery_url {
        hook.delivery_url = url;
    }
    if let Some(secret) = wanted.secret {
        hook.secret = secret;
    }
    hook.modified = Some(now);
    Some(id)
}

fn duplicate(change: &mut Change<'_>, id: u64) -> Option<u64> {
    let mut twin = change.records.webhooks.get(&id)?.clone();
    twin.id = change.records.ids.webhook();
    twin.created = change.now;
    let id = twin.id;
    change.records.webhooks.insert(id, twin);
    Some(id)
}
