//! The webhook intake over real HTTP: what it takes, what it refuses, and what a refusal costs.

pub mod door;
mod slow;

use actix_web::{
    cookie::Cookie,
    http::{StatusCode, header},
};
use storewire_guard::{signature, token};

use self::door::{Door, OTHER_SECRET, OTHER_TOKEN, Post, SECRET, TOKEN_WITHOUT_SECRET, send_bytes};
use crate::{
    app::{login, post},
    seed::{ADMIN, PASSWORD, World},
};

const BODY: &[u8] = br#"{"id":727,"status":"processing","number":"727","total":"12.50"}"#;
const LARGEST: usize = 8 << 20;

fn ping(body: &str) -> Post {
    let form = Post::with_signature(body.as_bytes(), "").without("x-wc-webhook-signature");
    form.with("Content-Type", "application/x-www-form-urlencoded")
}

#[actix_web::test]
async fn a2_a_ping_is_answered_with_200_and_leaves_nothing_and_nothing_else_passes_for_one() {
    let door = Door::open().await;
    for number in [1, 7, 4_294_967_295_u64] {
        assert_eq!(door.post(&ping(&format!("webhook_id={number}"))).await, 200);
    }
    for not_one in ["webhook_id=", "webhook_id=7&id=8", "webhook_id=-7", "webhook_id=12345678901234567890", "id=7", ""]
    {
        assert_eq!(door.post(&ping(not_one)).await, 401, "{not_one}");
    }
    assert_eq!(door.post(&ping("webhook_id=7").with("Content-Type", "application/json")).await, 401);
    // A form that pretends to be signed is judged by its signature.
    assert_eq!(door.post(&ping("webhook_id=7").with("X-WC-Webhook-Signature", "AAAA")).await, 401);
    assert_eq!(door.post(&Post { token: "of-nobody".to_owned(), ..ping("webhook_id=7") }).await, 404);
    assert!(door.kept().await.is_empty());
    door.close().await;
}

#[actix_web::test]
async fn a3_of_hundreds_of_forged_deliveries_none_is_taken_and_the_genuine_one_is() {
    let door = Door::open().await;
    let genuine = signature::sign(BODY, SECRET.as_bytes());
    let hex = hex::encode(storewire_guard::digest::sha256(genuine.as_bytes()));
    let mut forged: Vec<(Vec<u8>, String)> = [
        String::new(),
        "=".repeat(44),
        format!("sha256={genuine}"),
        genuine.to_lowercase(),
        genuine.trim_end_matches('=').to_owned(),
        format!("{genuine}{genuine}"),
        hex,
        signature::sign(BODY, OTHER_SECRET.as_bytes()),
        signature::sign(BODY, b""),
        signature::sign(b"", SECRET.as_bytes()),
    ]
    .map(|signature| (BODY.to_vec(), signature))
    .into();
    forged.extend((1..genuine.len()).map(|end| (BODY.to_vec(), genuine[..end].to_owned())));
    for at in 0..genuine.len() - 1 {
        let mut other = genuine.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        forged.push((BODY.to_vec(), String::from_utf8(other).unwrap()));
    }
    for bit in (0..BODY.len() * 8).step_by(2) {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        forged.push((body, genuine.clone()));
    }
    assert!(forged.len() > 300, "{}", forged.len());
    for (body, signature) in &forged {
        let status = door.post(&Post::with_signature(body, signature)).await;
        assert_eq!(status, 401, "{signature:?} over {:?}", String::from_utf8_lossy(body));
    }
    assert!(door.kept().await.is_empty());
    assert_eq!(door.post(&Post::signed(BODY)).await, 200);
    assert_eq!(door.kept().await, [BODY]);
    door.close().await;
}

#[actix_web::test]
async fn fault_05_unsigned_deliveries_are_refused_even_by_a_store_that_has_lost_its_secret() {
    let door = Door::open().await;
    // A store that has no secret is none that could deliver.
    for (token, refusal) in [(door::TOKEN, 401), (OTHER_TOKEN, 401), (TOKEN_WITHOUT_SECRET, 404)] {
        let to = |post: Post| Post { token: token.to_owned(), ..post };
        assert_eq!(door.post(&to(Post::signed(BODY).without("x-wc-webhook-signature"))).await, refusal, "{token}");
        for secret in ["", token, "null", "undefined"] {
            let signed = Post::with_signature(BODY, &signature::sign(BODY, secret.as_bytes()));
            assert_eq!(door.post(&to(signed)).await, refusal, "{token}, signed by {secret:?}");
        }
    }
    for token in [OTHER_TOKEN, TOKEN_WITHOUT_SECRET] {
        let by_a_neighbour = Post { token: token.to_owned(), ..Post::signed(BODY) };
        assert!(matches!(door.post(&by_a_neighbour).await, 401 | 404), "{token}");
    }
    assert!(door.kept().await.is_empty());
    door.close().await;
}

#[actix_web::test]
async fn fault_06_the_signature_is_over_the_bytes_as_they_came_and_they_are_what_is_kept() {
    let door = Door::open().await;
    // Each of these is changed by being read as JSON and written again.
    let bodies = [
        br#"{"b":1, "a":2 }"#.to_vec(),
        br#"{"total":"12.50","price":12.50,"tax":1e2}"#.to_vec(),
        br#"{"name":"Ay\u015fe","url":"https:\/\/a.example\/"}"#.to_vec(),
        br#"{"id":1,"id":2}"#.to_vec(),
        b"{\"id\":12345678901234567890123}\r\n".to_vec(),
        b"\xff\xfe\x00no text at all".to_vec(),
        Vec::new(),
    ];
    for body in &bodies {
        assert_eq!(door.post(&Post::signed(body)).await, 200, "{:?}", String::from_utf8_lossy(body));
        if let Ok(read) = serde_json::from_slice::<serde_json::Value>(body) {
            let again = read.to_string().into_bytes();
            assert_ne!(&again, body);
            let rewritten = Post::with_signature(&again, &signature::sign(body, SECRET.as_bytes()));
            assert_eq!(door.post(&rewritten).await, 401);
        }
    }
    assert_eq!(door.kept().await, bodies);
    let sql = "SELECT count(*) FROM inbox WHERE body_sha256 = sha256(body)";
    let admin = door.app.db.admin().await.unwrap();
    assert_eq!(admin.query_one(sql, &[]).await.unwrap().get::<_, i64>(0), 7);
    door.close().await;
}

#[actix_web::test]
async fn fault_07_a_delivery_without_an_origin_is_taken_while_a_browsers_write_from_elsewhere_is_not() {
    let door = Door::open().await;
    World::create(&door.app).await;
    let delivery = Post::signed(BODY);
    assert!(delivery.headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("origin")));
    assert_eq!(door.post(&delivery).await, 200);
    assert_eq!(door.kept().await.len(), 1);

    let cookie = Cookie::new("sw", door.app.log_in(ADMIN).await);
    let write = || post("/api/v1/auth/logout").cookie(cookie.clone());
    for foreign in ["https://evil.example", "null"] {
        let answer = door.app.call(write().insert_header((header::ORIGIN, foreign))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{foreign}");
        let answer = door.app.call(login(ADMIN, PASSWORD).insert_header((header::ORIGIN, foreign))).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "a login from {foreign}");
    }
    assert_eq!(door.app.call(write()).await.status, StatusCode::FORBIDDEN, "a cookie without an origin");
    let own = door.app.call(write().insert_header((header::ORIGIN, crate::app::ORIGIN))).await;
    assert!(own.status.is_success(), "{}", own.text);
    door.close().await;
}

#[actix_web::test]
async fn a9_what_is_too_large_or_compressed_is_refused_at_its_head() {
    let door = Door::open().await;
    let delivery = Post::signed(BODY);
    for encoding in ["gzip", "br", "zstd", "deflate", "gzip, gzip", "x-anything"] {
        // Nothing follows the head: the answer does not wait for the body.
        let head = delivery.clone().with("Content-Encoding", encoding).head(1 << 20);
        assert_eq!(send_bytes(door.address, head.into_bytes()).await, 415, "{encoding}");
    }
    for length in [LARGEST + 1, 1 << 30, usize::MAX >> 1] {
        assert_eq!(send_bytes(door.address, delivery.head(length).into_bytes()).await, 413, "{length}");
    }
    // A body without a length is counted while it comes.
    let chunked = delivery.head(0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
    let mut endless = chunked.into_bytes();
    for _ in 0..9 {
        endless.extend_from_slice(format!("{:x}\r\n", 1 << 20).as_bytes());
        endless.resize(endless.len() + (1 << 20), b' ');
        endless.extend_from_slice(b"\r\n");
    }
    assert_eq!(send_bytes(door.address, endless).await, 413);
    assert!(door.kept().await.is_empty());

    let largest = vec![b' '; LARGEST];
    assert_eq!(door.post(&Post::signed(&largest)).await, 200);
    assert_eq!(door.kept().await, [largest]);
    door.close().await;
}

#[actix_web::test]
async fn a11_a_token_of_nobody_is_not_found_whoever_signed() {
    let door = Door::open().await;
    for token in [token::fresh(), "x".repeat(2_000), "%00".to_owned()] {
        assert_eq!(door.post(&Post { token: token.clone(), ..Post::signed(BODY) }).await, 404, "{token}");
    }
    assert!(door.kept().await.is_empty());
    door.close().await;
}
