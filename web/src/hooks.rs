//! Webhook intake, `POST /hooks/woo/{token}`: durable before 200, and nothing else before it.
//!
//! Token in memory, size cap, HMAC over the raw bytes, group commit, 200. No parsing, no de-duplication, no call to the store. What is forged,
//! too large, compressed or unknown is refused without work. Answers are bare: the store keeps them in its own log.

use std::{sync::Arc, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use storewire_actors::{HookEntry, SaveDelivery};
use storewire_db::inbox::NewDelivery;
use storewire_domain::DeliveryId;
use storewire_guard::{digest, signature};
use tokio::sync::oneshot;

use crate::state::AppState;

/// WooCommerce sends a whole order; the largest seen in the wild stay far below this.
const MAX_BODY_BYTES: usize = 8 << 20;
/// A lost database is waited for this long; then the store may count a failure.
const COMMIT_DEADLINE: Duration = Duration::from_secs(5);
/// Kept of a header; what is longer is none of WooCommerce's.
const MAX_HEADER_CHARS: usize = 300;

/// Mounts the intake.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/hooks/woo/{token}").route(web::post().to(receive)));
}

/// What intake answers a refused delivery with.
enum Refusal {
    Unknown,
    Unsigned,
    TooLarge,
    Compressed,
    Unreadable,
    Later,
}

async fn receive(
    request: HttpRequest,
    token: web::Path<String>,
    body: web::Payload,
    state: web::Data<AppState>,
) -> HttpResponse {
    let started = std::time::Instant::now();
    let outcome = take_in(&request, &token, body, &state).await;
    metrics::counter!("storewire_webhook_received_total", "result" => name(&outcome)).increment(1);
    metrics::histogram!("storewire_webhook_ack_seconds").record(started.elapsed().as_secs_f64());
    match outcome {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(Refusal::Unknown) => HttpResponse::NotFound().finish(),
        Err(Refusal::Unsigned) => HttpResponse::Unauthorized().finish(),
        Err(Refusal::TooLarge) => HttpResponse::PayloadTooLarge().finish(),
        Err(Refusal::Compressed) => HttpResponse::UnsupportedMediaType().finish(),
        Err(Refusal::Unreadable) => HttpResponse::BadRequest().finish(),
        Err(Refusal::Later) => HttpResponse::ServiceUnavailable().insert_header((header::RETRY_AFTER, "5")).finish(),
    }
}

async fn take_in(request: &HttpRequest, token: &str, body: web::Payload, state: &AppState) -> Result<(), Refusal> {
    // WooCommerce never compresses, and inflating a bomb would cost memory before any limit is looked at.
    if request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::Compressed);
    }
    if declared_length(request).is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(Refusal::TooLarge);
    }
    let store = match state.engine.hooks().find(token).await {
        Ok(Some(store)) => store,
        Ok(None) => return Err(Refusal::Unknown),
        Err(_) => return Err(Refusal::Later),
    };
    let body = match tokio::time::timeout(state.settings.delivery_deadline, read_capped(body)).await {
        Ok(read) => read?,
        Err(_) => return Err(Refusal::Unreadable),
    };
    let Some(signed) = text(request, "x-wc-webhook-signature") else {
        return if is_ping(request, &body) { Ok(()) } else { Err(Refusal::Unsigned) };
    };
    if signature::verify(&body, &signed, &store.secrets) {
        return save(request, body, &store, state).await;
    }
    match state.engine.hooks().find_anew(token, &store).await {
        Ok(Some(store)) if signature::verify(&body, &signed, &store.secrets) => {
            save(request, body, &store, state).await
        }
        _ => Err(Refusal::Unsigned),
    }
}

async fn save(request: &HttpRequest, body: Bytes, store: &Arc<HookEntry>, state: &AppState) -> Result<(), Refusal> {
    let header = |name: &str| text(request, name).unwrap_or_default();
    let delivery = NewDelivery {
        id: DeliveryId::fresh(),
        tenant_id: store.tenant_id,
        store_id: store.store_id,
        received_at: state.clock.now(),
        topic: header("x-wc-webhook-topic"),
        webhook_id: header("x-wc-webhook-id"),
        delivery_id: header("x-wc-webhook-delivery-id"),
        source: header("x-wc-webhook-source"),
        body_sha256: digest::sha256(&body),
        body: body.to_vec(),
    };
    let (reply, saved) = oneshot::channel();
    state.engine.inbox().try_send(SaveDelivery { delivery, reply }).map_err(|_| Refusal::Later)?;
    match tokio::time::timeout(COMMIT_DEADLINE, saved).await {
        Ok(Ok(Ok(()))) => Ok(()),
        _ => Err(Refusal::Later),
    }
}

async fn read_capped(mut payload: web::Payload) -> Result<Bytes, Refusal> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Refusal::Unreadable)?;
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(Refusal::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// WooCommerce proves a new delivery URL with an unsigned form, `webhook_id=N`; it wants exactly 200 and means nothing else.
fn is_ping(request: &HttpRequest, body: &[u8]) -> bool {
    let is_form = text(request, header::CONTENT_TYPE.as_str())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let id = body.strip_prefix(b"webhook_id=");
    is_form && id.is_some_and(|id| !id.is_empty() && id.len() < 20 && id.iter().all(u8::is_ascii_digit))
}

fn declared_length(request: &HttpRequest) -> Option<usize> {
    text(request, header::CONTENT_LENGTH.as_str())?.parse().ok()
}

fn text(request: &HttpRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name)?.to_str().ok()?;
    Some(value.chars().take(MAX_HEADER_CHARS).collect())
}

fn name(outcome: &Result<(), Refusal>) -> &'static str {
    match outcome {
        Ok(()) => "taken",
        Err(Refusal::Unknown) => "unknown",
        Err(Refusal::Unsigned) => "unsigned",
        Err(Refusal::TooLarge) => "too_large",
        Err(Refusal::Compressed) => "compressed",
        Err(Refusal::Unreadable) => "unreadable",
        Err(Refusal::Later) => "later",
    }
}
