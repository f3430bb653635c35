//! What a person should do about a store that is late or refused, by the engine's word for why.

use crate::panel::words::Words;

/// Plain advice for a reason.
#[must_use]
pub fn advice(reason: &str, t: &Words) -> String {
    match reason {
        "auth_failed" | "auth" | "unauthorized" | "bad_key" => t.get("advice-auth"),
        "forbidden" | "permission" | "read_only_key" => t.get("advice-forbidden"),
        "blocked" | "challenge" | "maintenance" | "coming_soon" => t.get("advice-blocked"),
        "tls" | "certificate" => t.get("advice-tls"),
        "not_found" | "no_api" | "not_woocommerce" | "no_woocommerce" => t.get("advice-not-found"),
        "timeout" => t.get("advice-timeout"),
        "unreachable" | "connect" | "refused" => t.get("advice-unreachable"),
        "dns" => t.get("advice-dns"),
        "private_address" | "address_refused" | "refused_address" => t.get("advice-private"),
        "redirect" => t.get("advice-redirect"),
        "rate_limited" | "busy" => t.get("advice-rate"),
        "server_error" | "store_error" => t.get("advice-server"),
        "bad_answer" | "malformed" | "invalid_json" | "not_json" => t.get("advice-answer"),
        "too_large" => t.get("advice-large"),
        "bad_url" | "invalid_url" | "plain_http" => t.get("advice-address"),
        "duplicate" | "already_connected" | "exists" => t.get("advice-duplicate"),
        "webhooks" | "webhooks_refused" => t.get("advice-webhooks"),
        "unavailable" => t.get("advice-unavailable"),
        "parked" => t.get("advice-parked"),
        "paused" => t.get("advice-paused"),
        _ => t.get("advice-other"),
    }
}
