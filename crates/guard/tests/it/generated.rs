//! Tokens and signatures as nobody made them.

use std::time::Duration;

use proptest::{prelude::*, sample::Index};
use storewire_domain::{SessionId, UserId};
use storewire_guard::{
    seal::Keyring,
    session_token::{SessionClaims, SessionKeys},
    signature,
};
use uuid::Uuid;

const SECRET: &str = "a secret of the shop";

/// A good text with some bytes exchanged, cut out, doubled or put in.
fn spoilt(good: &str, edits: &[(Index, u8, u8)]) -> String {
    let mut bytes = good.as_bytes().to_vec();
    for (at, byte, kind) in edits {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match kind % 4 {
            0 => bytes[at] = *byte,
            1 => drop(bytes.remove(at)),
            2 => bytes.insert(at, bytes[at]),
            _ => bytes.truncate(at),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn k1_no_spoilt_session_token_is_taken(edits in prop::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 1..8), any in ".{0,80}") {
        let keys = SessionKeys::from_keyring(&Keyring::from_bytes([7; 32]));
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let who = SessionClaims { sub: UserId(Uuid::from_u128(11)), sid: SessionId(Uuid::from_u128(12)) };
        let good = keys.issue(who, now, Duration::from_secs(3_600));
        prop_assert_eq!(keys.verify(&good, now), Ok(who));
        for bad in [spoilt(&good, &edits), any, format!("{good}.{good}")] {
            prop_assert!(bad == good || keys.verify(&bad, now).is_err(), "{}", bad);
        }
    }

    #[test]
    fn k1_no_spoilt_signature_is_taken(edits in prop::collection::vec((any::<Index>(), any::<u8>(), any::<u8>()), 1..8), any in ".{0,80}", body: Vec<u8>) {
        let good = signature::sign(&body, SECRET.as_bytes());
        prop_assert!(signature::verify(&body, &good, &[SECRET]));
        for bad in [spoilt(&good, &edits), any, format!("{good},{good}"), format!("sha256={good}")] {
            prop_assert!(bad == good || !signature::verify(&body, &bad, &[SECRET]), "{}", bad);
        }
    }
}
