//! The product's own webhook intake on a real socket, with a store behind it, and posts as bytes.

use std::{net::SocketAddr, time::Duration};

use actix_web::dev::ServerHandle;
use storewire_db::{
    identity,
    stores::{self, NewState, NewStore, secret},
};
use storewire_domain::{AuthScheme, StoreId, StoreState, TenantId};
use storewire_guard::{
    seal::{Keyring, SealContext},
    signature, token,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::app::TestApp;

pub const TOKEN: &str = "a-token-of-the-shop";
pub const SECRET: &str = "a secret of the shop";
/// Of a store whose secret is gone.
pub const TOKEN_WITHOUT_SECRET: &str = "a-token-without-a-secret";
pub const OTHER_TOKEN: &str = "a-token-of-another-shop";
pub const OTHER_SECRET: &str = "a secret of another shop";

/// Far longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server, and the app that it serves.
pub struct Door {
    pub app: TestApp,
    pub address: SocketAddr,
    server: ServerHandle,
}

impl Door {
    pub async fn open() -> Self {
        let app = TestApp::start().await;
        add_store(&app, TOKEN, Some(SECRET)).await;
        add_store(&app, OTHER_TOKEN, Some(OTHER_SECRET)).await;
        add_store(&app, TOKEN_WITHOUT_SECRET, None).await;
        let (address, server) = app.serve();
        Self { app, address, server }
    }

    /// The status of the answer to a post.
    pub async fn post(&self, post: &Post) -> u16 {
        post.send(self.address).await
    }

    /// Bodies that were kept, oldest first.
    pub async fn kept(&self) -> Vec<Vec<u8>> {
        let admin = self.app.db.admin().await.unwrap();
        let rows = admin.query("SELECT body FROM inbox ORDER BY id", &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    pub async fn close(self) {
        self.server.stop(false).await;
    }
}

/// A store whose webhooks carry this token; paused, so that its deliveries stay as they came.
async fn add_store(app: &TestApp, hook_token: &str, secret: Option<&str>) {
    let (tenant, store) = (TenantId::fresh(), StoreId::fresh());
    let place = SealContext { tenant: tenant.uuid(), store: store.uuid(), column: secret::WEBHOOK_SECRET };
    let keyring = Keyring::from_bytes([7; 32]);
    let new = NewStore {
        id: store,
        name: hook_token.to_owned(),
        home_url: format!("https://{hook_token}.example/"),
        rest_root: format!("https://{hook_token}.example/wp-json/"),
        auth: AuthScheme::Basic,
        plain_http: false,
        timezone: "Europe/Istanbul".to_owned(),
        currency: "TRY".to_owned(),
        decimals: 2,
        woo_version: None,
        hook_token_digest: token::digest(hook_token),
        secrets: secret
            .map(|text| (secret::WEBHOOK_SECRET, keyring.seal(&place, text.as_bytes())))
            .into_iter()
            .collect(),
    };
    let tx = app.db.db().tenant(tenant).await.unwrap();
    identity::create_tenant(&tx, hook_token).await.unwrap();
    stores::insert(&tx, &new, app.clock.now()).await.unwrap();
    let paused = NewState { state: StoreState::Paused, reason: None, ok_at: None, error: None };
    stores::set_state(&tx, store, &paused, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// One POST to the intake.
#[derive(Clone)]
pub struct Post {
    pub token: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Post {
    /// As WooCommerce sends it, with this signature.
    pub fn with_signature(body: &[u8], signature: &str) -> Self {
        let post = Self { token: TOKEN.to_owned(), headers: Vec::new(), body: body.to_vec() };
        post.with("Content-Type", "application/json")
            .with("X-WC-Webhook-Topic", "order.updated")
            .with("X-WC-Webhook-Source", "https://a-token-of-the-shop.example/")
            .with("X-WC-Webhook-ID", "7")
            .with("X-WC-Webhook-Signature", signature)
    }

    /// One that the store itself signed.
    pub fn signed(body: &[u8]) -> Self {
        Self::with_signature(body, &signature::sign(body, SECRET.as_bytes()))
    }

    /// With this header and no other of its name.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// The request's head, saying that so many bytes follow.
    pub fn head(&self, length: usize) -> String {
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "POST /hooks/woo/{} HTTP/1.1\r\nHost: door.example\r\nContent-Length: {length}\r\n{headers}\r\n",
            self.token
        )
    }

    async fn send(&self, to: SocketAddr) -> u16 {
        let mut bytes = self.head(self.body.len()).into_bytes();
        bytes.extend_from_slice(&self.body);
        send_bytes(to, bytes).await
    }
}

/// Sends these bytes, as far as the other side takes them, and answers the status that came.
pub async fn send_bytes(to: SocketAddr, bytes: Vec<u8>) -> u16 {
    let (mut reader, mut writer) = TcpStream::connect(to).await.unwrap().into_split();
    let writing = tokio::spawn(async move {
        let _ = writer.write_all(&bytes).await;
        // Closed only by the answer: half a connection is not how shops wait.
        writer
    });
    let status = status(&mut reader).await;
    writing.abort();
    status
}

/// The status of the answer; 0 if the connection was closed without one.
pub async fn status(reader: &mut (impl tokio::io::AsyncRead + Unpin)) -> u16 {
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while !answer.windows(2).any(|two| two == b"\r\n") {
        match timeout(PATIENCE, reader.read(&mut buffer)).await.unwrap() {
            Ok(count @ 1..) => answer.extend_from_slice(&buffer[..count]),
            Ok(0) | Err(_) => return 0,
        }
    }
    let line = String::from_utf8_lossy(&answer);
    line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
}
