//! A door for the shops' webhooks. It does what the product's own does, as far as the engine can tell; the product's own is tested with
//! the product.

use std::net::SocketAddr;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use anyhow::{Context as _, Result};
use storewire_actors::{Engine, SaveDelivery};
use storewire_db::inbox::NewDelivery;
use storewire_domain::{Clock, DeliveryId};
use storewire_guard::{digest, signature};

/// Serves until it is stopped; it asks for the engine anew with each delivery, because engines come and go.
pub async fn open(engine: impl Fn() -> Option<Engine> + Clone + Send + 'static) -> Result<(SocketAddr, ServerHandle)> {
    let server = HttpServer::new(move || {
        let engine = engine.clone();
        App::new().app_data(web::PayloadConfig::new(8 << 20)).route(
            "/hooks/woo/{token}",
            web::post().to(move |request: HttpRequest, token: web::Path<String>, body: web::Bytes| {
                let engine = engine();
                async move {
                    match engine {
                        Some(engine) => take_in(&engine, &request, &token, body).await,
                        None => HttpResponse::ServiceUnavailable().finish(),
                    }
                }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .bind(("127.0.0.1", 0))?;
    let address = server.addrs().first().copied().context("an address")?;
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    Ok((address, handle))
}

async fn take_in(engine: &Engine, request: &HttpRequest, token: &str, body: web::Bytes) -> HttpResponse {
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let signed = header("x-wc-webhook-signature");
    if signed.is_empty() && body.starts_with(b"webhook_id=") {
        return HttpResponse::Ok().finish();
    }
    let Ok(Some(store)) = engine.hooks().find(token).await else { return HttpResponse::NotFound().finish() };
    let store = if signature::verify(&body, &signed, &store.secrets) {
        store
    } else {
        match engine.hooks().find_anew(token, &store).await {
            Ok(Some(store)) if signature::verify(&body, &signed, &store.secrets) => store,
            _ => return HttpResponse::Unauthorized().finish(),
        }
    };
    let delivery = NewDelivery {
        id: DeliveryId::fresh(),
        tenant_id: store.tenant_id,
        store_id: store.store_id,
        received_at: Clock::system().now(),
        topic: header("x-wc-webhook-topic"),
        webhook_id: header("x-wc-webhook-id"),
        delivery_id: header("x-wc-webhook-delivery-id"),
        source: header("x-wc-webhook-source"),
        body_sha256: digest::sha256(&body),
        body: body.to_vec(),
    };
    let (reply, saved) = tokio::sync::oneshot::channel();
    if engine.inbox().try_send(SaveDelivery { delivery, reply }).is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    match saved.await {
        Ok(Ok(())) => HttpResponse::Ok().finish(),
        _ => HttpResponse::ServiceUnavailable().finish(),
    }
}
