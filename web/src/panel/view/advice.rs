//! What a person should do about a store that is late or refused, by the engine's word for why.

use storewire_domain::StoreState;

use crate::panel::words::Words;

/// What to do about a store, if there is anything to do or to know.
#[must_use]
pub fn for_store(state: StoreState, reason: Option<&str>, t: &Words) -> Option<String> {
    let reason = reason.filter(|reason| !reason.is_empty());
    match state {
        StoreState::Parked => Some(t.get("advice-parked")),
        StoreState::Paused => Some(t.get("advice-paused")),
        StoreState::Live | StoreState::New | StoreState::Importing => reason.and_then(|reason| warning(reason, t)),
        StoreState::Degraded | StoreState::NeedsAttention => Some(advice(reason.unwrap_or_default(), t)),
    }
}

/// What is worth knowing of a store that is well.
fn warning(reason: &str, t: &Words) -> Option<String> {
    match reason {
        "resumed" | "connected" | "renewed" | "user" => None,
        other => Some(advice(other, t)),
    }
}

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
        "no_route" | "not_woocommerce" => t.get("advice-not-found"),
        "gone" => t.get("advice-gone"),
        "timeout" => t.get("advice-timeout"),
        "connect" | "interrupted" => t.get("advice-unreachable"),
        "dns" => t.get("advice-dns"),
        "refused" | "url_private" => t.get("advice-private"),
        "host_down" => t.get("advice-host-down"),
        "moved" => t.get("advice-moved"),
        "throttled" => t.get("advice-rate"),
        "overloaded" => t.get("advice-server"),
        "bad_request" => t.get("advice-bad-request"),
        "bad_json" => t.get("advice-answer"),
        "too_large" => t.get("advice-large"),
        "url_plaintext" => t.get("advice-plaintext"),
        "dirty" => t.get("advice-dirty"),
        "hooks_refused" => t.get("advice-hooks-refused"),
        "webhook_owner" => t.get("advice-webhook-owner"),
        "webhooks_silent" => t.get("advice-webhooks-silent"),
        "webhook_gap" => t.get("advice-webhook-gap"),
        "writes_refused" => t.get("advice-writes-refused"),
        "already_connected" => t.get("advice-duplicate"),
        "no_tenant" => t.get("connect-error-tenant"),
        "database" => t.get("advice-unavailable"),
        "restarts" => t.get("advice-parked"),
        other if other.starts_with("url_") => t.get("advice-address"),
        _ => t.get("advice-other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_that_the_engine_gives_has_advice_of_its_own() {
        let t = Words::default();
        let reasons = "timeout connect interrupted dns tls refused moved bad_request auth_not_reaching auth_rejected forbidden \
            blocked no_route not_woocommerce gone too_large throttled overloaded maintenance bad_json host_down dirty \
            hooks_refused writes_refused webhook_owner webhooks_silent webhook_gap restarts already_connected no_tenant database \
            url_plaintext url_private url_scheme";
        for reason in reasons.split_whitespace() {
            assert_ne!(advice(reason, &t), t.get("advice-other"), "{reason}");
        }
        assert_eq!(advice("what_comes_next", &t), t.get("advice-other"));
    }
}
