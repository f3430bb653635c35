//! What a person should do about a store that is late or refused, by the engine's word for why.

use crate::panel::words::Words;

/// Plain advice for a reason.
#[must_use]
pub fn advice(reason: &str, t: &Words) -> String {
    match reason {
        "auth_rejected" => t.get("advice-auth"),
        "auth_not_reaching" => t.get("advice-auth-lost"),
        "forbidden" => t.get("advice-forbidden"),
        "blocked" => t.get("advice-blocked"),
        "maintenance" => t.get("advice-maintenance"),
        "tls" => t.get("advice-tls"),
        "no_route" | "not_woocommerce" | "gone" => t.get("advice-not-found"),
        "timeout" => t.get("advice-timeout"),
        "connect" | "interrupted" => t.get("advice-unreachable"),
        "dns" => t.get("advice-dns"),
        "refused" | "url_private" => t.get("advice-private"),
        "moved" => t.get("advice-moved"),
        "throttled" => t.get("advice-rate"),
        "overloaded" | "bad_request" => t.get("advice-server"),
        "bad_json" => t.get("advice-answer"),
        "too_large" => t.get("advice-large"),
        "url_plaintext" => t.get("advice-plaintext"),
        "already_connected" => t.get("advice-duplicate"),
        "no_tenant" => t.get("connect-error-tenant"),
        "database" => t.get("advice-unavailable"),
        "restarts" => t.get("advice-parked"),
        other if other.starts_with("url_") => t.get("advice-address"),
        _ => t.get("advice-other"),
    }
}
