//! Crafted tokens and what becomes of them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::*;

const TTL: Duration = Duration::from_secs(3600);

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn keyring() -> Keyring {
    Keyring::from_bytes([7; 32])
}

fn keys() -> SessionKeys {
    SessionKeys::from_keyring(&keyring())
}

fn who() -> SessionClaims {
    SessionClaims { sub: UserId(Uuid::from_u128(11)), sid: SessionId(Uuid::from_u128(12)) }
}

fn good_header() -> Value {
    json!({"typ": "JWT", "alg": "HS256", "kid": keys().0[0].id})
}

fn good_claims() -> Value {
    let at = now().as_second();
    json!({"iss": "storewire", "aud": "storewire", "sub": Uuid::from_u128(11), "sid": Uuid::from_u128(12), "iat": at, "exp": at + 3600})
}

/// Signs any header and claims with our own HS256 key, as somebody with a leaked signing oracle might.
fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let secret = keyring().derive("storewire session token 1").remove(0).1;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_slice());
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))
}

fn with(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

#[test]
fn an_issued_token_names_its_user_and_session_until_it_expires() {
    let token = keys().issue(who(), now(), TTL);
    assert_eq!(keys().verify(&token, now()), Ok(who()));
    assert_eq!(keys().verify(&token, now() + Duration::from_secs(3599)), Ok(who()));
    assert_eq!(keys().verify(&token, now() + Duration::from_secs(3600)), Err(TokenError::Expired));
}

#[test]
fn the_token_carries_no_role_and_no_tenant() {
    let token = keys().issue(who(), now(), TTL);
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Map<String, Value> = serde_json::from_slice(&claims).unwrap();
    let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "sid", "sub"]);
}

#[test]
fn the_hand_made_good_token_is_accepted_so_the_crafted_ones_fail_for_their_flaw_only() {
    assert_eq!(keys().verify(&signed(&good_header(), &good_claims()), now()), Ok(who()));
}

#[test]
fn crafted_headers_are_refused() {
    let kid = good_header()["kid"].clone();
    let headers = [
        json!({"alg": "none", "kid": kid}),
        json!({"alg": "None", "kid": kid}),
        json!({"alg": "HS384", "kid": kid}),
        json!({"alg": "HS512", "kid": kid}),
        json!({"alg": "RS256", "kid": kid}),
        json!({"alg": "ES256", "kid": kid}),
        json!({"alg": "EdDSA", "kid": kid}),
        json!({"kid": kid}),
        without(good_header(), "kid"),
        with(good_header(), "kid", json!("")),
        with(good_header(), "kid", json!("00000000")),
        with(good_header(), "kid", json!("../../dev/null")),
        with(good_header(), "kid", json!(["a"])),
        with(good_header(), "kid", json!(null)),
        json!({"alg": "HS256", "jku": "https://evil.example/keys"}),
        json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}),
        json!("HS256"),
    ];
    for header in headers {
        let token = signed(&header, &good_claims());
        assert!(keys().verify(&token, now()).is_err(), "{header}");
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert!(keys().verify(&unsigned, now()).is_err(), "unsigned {header}");
    }
}

#[test]
fn crafted_claims_are_refused() {
    let at = now().as_second();
    let claims = [
        without(good_claims(), "exp"),
        without(good_claims(), "iat"),
        without(good_claims(), "iss"),
        without(good_claims(), "aud"),
        without(good_claims(), "sub"),
        without(good_claims(), "sid"),
        with(good_claims(), "exp", json!(at)),
        with(good_claims(), "exp", json!(at - 1)),
        with(good_claims(), "exp", json!(0)),
        with(good_claims(), "exp", json!(-1)),
        with(good_claims(), "exp", json!(1e300)),
        with(good_claims(), "exp", json!("9999999999")),
        with(good_claims(), "exp", json!(null)),
        with(good_claims(), "iat", json!(at + 1)),
        with(good_claims(), "iss", json!("other")),
        with(good_claims(), "iss", json!("storewire.example")),
        with(good_claims(), "aud", json!("other")),
        with(good_claims(), "aud", json!([])),
        with(good_claims(), "sub", json!("root")),
        with(good_claims(), "sid", json!("")),
        json!([]),
        json!(null),
    ];
    for claims in claims {
        assert!(keys().verify(&signed(&good_header(), &claims), now()).is_err(), "{claims}");
    }
}

#[test]
fn every_changed_character_of_a_token_is_refused() {
    let token = keys().issue(who(), now(), TTL);
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(keys().verify(&String::from_utf8(bytes).unwrap(), now()).is_err(), "at {at}");
        assert!(keys().verify(&token[..at], now()).is_err(), "cut at {at}");
    }
}

#[test]
fn an_oversized_token_is_refused_even_when_well_signed() {
    let padded = with(good_claims(), "padding", json!("x".repeat(2000)));
    assert_eq!(keys().verify(&signed(&good_header(), &padded), now()), Err(TokenError::Malformed));
}

#[test]
fn another_installations_token_is_refused() {
    let foreign = SessionKeys::from_keyring(&Keyring::from_bytes([8; 32])).issue(who(), now(), TTL);
    assert_eq!(keys().verify(&foreign, now()), Err(TokenError::UnknownKey));
}

#[test]
fn printing_the_keys_shows_ids_only() {
    assert!(format!("{:?}", keys()).len() < 20);
}
