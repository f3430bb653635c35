//! Works through a shop's queue, one delivery at a time, and ends when it is empty.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use aws_lc_rs::digest;

use crate::clock;
use crate::faults::Fate;
use crate::journal::{DROPPED, Delivery};
use crate::store::{Store, lock};
use crate::webhook::body;
use crate::webhook::queue::Pending;

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
            () = deliver(&store, pending) => {}
        }
        store.common.outstanding.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Builds the body now, signs it with the secret of now, and counts the outcome. A webhook that was paused meanwhile still gets it; one
/// that was deleted does not.
async fn deliver(store: &Store, pending: Pending) {
    let Pending { webhook_id, resource_id } = pending;
    let built = store.read(|view| {
        let hook = view.records.webhooks.get(&webhook_id)?;
        Some((hook.clone(), body::build(view, hook.topic, resource_id)))
    });
    let Some((hook, text)) = built else { return };
    let times = match store.faults().fate_of_delivery() {
        Fate::Dropped => 0,
        Fate::Sent => 1,
        Fate::SentTwice => 2,
    };
    let body_sha256 = hex::encode(digest::digest(&digest::SHA256, text.as_bytes()));
    let blank = || Delivery {
        at_ms: clock::now_ms(),
        webhook_id,
        topic: hook.topic,
        resource_id,
        body_sha256: body_sha256.clone(),
        status: None,
        error: None,
        latency_ms: 0,
    };
    if times == 0 {
        store.journal().delivered(Delivery { error: Some(DROPPED.to_owned()), ..blank() });
    }
    for _ in 0..times {
        let (mut delivery, begun) = (blank(), Instant::now());
        match store.common.sender.deliver(&store.profile, &hook, &text, clock::now()).await {
            Ok(status) => delivery.status = Some(status),
            Err(error) => delivery.error = Some(error.to_string()),
        }
        delivery.latency_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        store.count_delivery(webhook_id, delivery.succeeded());
        store.journal().delivered(delivery);
    }
}
