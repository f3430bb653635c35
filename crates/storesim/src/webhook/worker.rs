//! Works through a shop's queue, one delivery at a time, and ends when it is empty.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use aws_lc_rs::digest;

use crate::clock;
use crate::faults::fate::Fate;
use crate::journal::{DROPPED, Delivery};
use crate::model::webhook::Webhook;
use crate::store::{Store, lock};
use crate::webhook::body;
use crate::webhook::memory::Sent;
use crate::webhook::queue::Pending;
use crate::webhook::sender::Parcel;

/// A delivery with its body, ready to be sent.
struct Built {
    hook: Webhook,
    resource_id: u64,
    body: Arc<str>,
}

/// Delivers until nothing waits or the fleet stops. There is no second attempt, ever.
pub async fn run(store: Arc<Store>) {
    let mut stopping = store.common.stopping.clone();
    loop {
        let Some(due) = lock(&store.queue).next_due() else { return };
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep_until(due) => {}
        }
        let Some(pending) = lock(&store.queue).take() else { continue };
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = turn(&store, pending) => {}
        }
        store.common.outstanding.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The turn of one delivery, or, when faults swap, of two: the second goes first, the first as it was built before.
async fn turn(store: &Store, pending: Pending) {
    let Some(built) = build(store, pending) else { return };
    if store.faults().swaps() {
        let next = lock(&store.queue).take();
        if let Some(next) = next {
            if let Some(overtaking) = build(store, next) {
                deliver(store, &overtaking).await;
            }
            store.common.outstanding.fetch_sub(1, Ordering::AcqRel);
        }
    }
    deliver(store, &built).await;
}

/// Builds the body now. A webhook that was paused meanwhile still gets it; one that was deleted does not.
fn build(store: &Store, pending: Pending) -> Option<Built> {
    let Pending { webhook_id, resource_id } = pending;
    let faults = store.faults();
    store.read(|view| {
        let hook = view.records.webhooks.get(&webhook_id)?;
        let body = if faults.owner_lost_access() {
            body::lost_access()
        } else {
            body::build(view, &faults, hook.topic, resource_id)
        };
        Some(Built { hook: hook.clone(), resource_id, body: body.into() })
    })
}

/// Sends a delivery as often as the faults have it, and perhaps an older one after it.
async fn deliver(store: &Store, built: &Built) {
    let faults = store.faults();
    match faults.fate_of_delivery() {
        Fate::Dropped => {
            let lost = Delivery { error: Some(DROPPED.to_owned()), ..blank(built) };
            store.journal().delivered(lost);
        }
        Fate::Sent => send(store, built).await,
        Fate::SentTwice => {
            send(store, built).await;
            send(store, built).await;
        }
    }
    if !faults.remembers_deliveries() {
        return;
    }
    let older = {
        let mut memory = lock(&store.sent);
        memory.keep(Sent { webhook_id: built.hook.id, resource_id: built.resource_id, body: Arc::clone(&built.body) });
        faults.repeats_an_old_one().then(|| memory.older()).flatten()
    };
    let Some(older) = older else { return };
    let hook = store.read(|view| view.records.webhooks.get(&older.webhook_id).cloned());
    if let Some(hook) = hook {
        send(store, &Built { hook, resource_id: older.resource_id, body: older.body }).await;
    }
}

/// Signs with the secret of now, sends once, and counts the outcome.
async fn send(store: &Store, built: &Built) {
    let (mut delivery, begun) = (blank(built), Instant::now());
    let (profile, faults) = (store.profile(), store.faults());
    let secret = store.read(|view| view.records.webhooks.get(&built.hook.id).map(|hook| hook.secret.clone()));
    let parcel = Parcel {
        hook: &built.hook,
        secret: secret.as_deref().unwrap_or(&built.hook.secret),
        source: faults.source_override.as_deref().unwrap_or(&profile.home_url),
        body: &built.body,
        now: store.now(),
    };
    match store.common.sender.deliver(&profile, &parcel).await {
        Ok(status) => delivery.status = Some(status),
        Err(error) => delivery.error = Some(error.to_string()),
    }
    delivery.latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    store.count_delivery(built.hook.id, delivery.succeeded());
    store.journal().delivered(delivery);
}

fn blank(built: &Built) -> Delivery {
    Delivery {
        at_ms: clock::machine_ms(),
        webhook_id: built.hook.id,
        topic: built.hook.topic,
        resource_id: built.resource_id,
        body_sha256: hex::encode(digest::digest(&digest::SHA256, built.body.as_bytes())),
        status: None,
        error: None,
        latency_ms: 0,
    }
}
