//! The web app on a database of its own, and callers of it.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    dev::{ServerHandle, Service},
    http::{StatusCode, header::HeaderMap},
    test::{self, TestRequest},
};
use serde_json::{Value, json};
use storewire_domain::Clock;
use storewire_guard::{seal::Keyring, session_token::SessionKeys};
use storewire_testkit::TestDb;
use storewire_web::{AppState, Serving, WebSettings};

use crate::stage::Playbill;

pub const TTL: Duration = Duration::from_secs(3600);
pub const HOST: &str = "panel.example:8080";
pub const ORIGIN: &str = "http://panel.example:8080";

/// A database, a clock that stands still, and the app's state on both.
pub struct TestApp {
    pub db: TestDb,
    pub clock: Clock,
    pub stage: Arc<Playbill>,
    pub state: AppState,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The node's system ends with the test; nobody waits here.
        drop(actix_web::rt::spawn({
            let engine = self.state.engine.clone();
            async move { engine.stop().await }
        }));
    }
}

/// An answer that was read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl TestApp {
    pub async fn start() -> Self {
        let db = TestDb::create().await.unwrap();
        let clock = Clock::manual("2026-03-01T12:00:00Z".parse().unwrap());
        let settings = WebSettings {
            public_url: "https://public.example".parse().unwrap(),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            session_ttl: TTL,
            delivery_deadline: Duration::from_secs(1),
            demo: None,
        };
        let stage = Arc::new(Playbill::new(db.db().clone(), clock.clone()));
        let state = AppState {
            db: db.db().clone(),
            engine: crate::engine::start(&db, &clock),
            clock: clock.clone(),
            sessions: Arc::new(SessionKeys::from_keyring(&Keyring::from_bytes([7; 32]))),
            settings: Arc::new(settings),
            rehearsals: Arc::clone(&stage) as _,
            logins: Arc::default(),
            listings: Default::default(),
        };
        Self { db, clock, stage, state }
    }

    /// Sends one request through every layer.
    pub async fn call(&self, request: TestRequest) -> Answer {
        let service = test::init_service(storewire_web::app!(self.state.clone())).await;
        let response = service.call(request.to_request()).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        // Of a picture no more is asked than what is not in it.
        let text = String::from_utf8_lossy(&test::read_body(response).await).into_owned();
        Answer { status, headers, text }
    }

    /// Serves the app on a socket, for callers that send bytes.
    pub fn serve(&self) -> (SocketAddr, ServerHandle) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Serving { workers: Some(1), stop_within: Duration::from_secs(1), on_connect: |_| {} };
        let (server, _) = storewire_web::serve(listener, self.state.clone(), serving).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        (address, handle)
    }

    /// Logs in and answers the bearer token.
    pub async fn log_in(&self, email: &str) -> String {
        let answer = self.call(login(email, crate::seed::PASSWORD)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// A GET by the owner of `token`, which must succeed.
    pub async fn fetch(&self, token: &str, path: &str) -> Value {
        let answer = self.call(get(path).insert_header(bearer(token))).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()
    }

    /// The status of a GET by the owner of `token`.
    pub async fn status(&self, token: &str, path: &str) -> StatusCode {
        self.call(get(path).insert_header(bearer(token))).await.status
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts RFC 9457 details with this code.
    pub fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)));
        assert_eq!(problem["type"], format!("urn:storewire:problem:{code}"));
        assert!(problem["title"].is_string() && problem["detail"].is_string());
    }
}

pub fn peer(last: u8) -> SocketAddr {
    SocketAddr::from(([203, 0, 113, last], 40_000))
}

pub fn get(path: &str) -> TestRequest {
    TestRequest::get().uri(path).peer_addr(peer(1)).insert_header(("host", HOST))
}

pub fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path).peer_addr(peer(1)).insert_header(("host", HOST))
}

pub fn bearer(token: &str) -> (&'static str, String) {
    ("authorization", format!("Bearer {token}"))
}

pub fn login(email: &str, password: &str) -> TestRequest {
    post("/api/v1/auth/login").set_json(json!({"email": email, "password": password}))
}
