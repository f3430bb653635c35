//! Who may open a socket with somebody's cookie: handshakes as bytes on a real connection.

use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::{
    app::{HOST, ORIGIN, TestApp},
    hooks::door::status,
    seed::{ADMIN, World},
};

const PATHS: [&str; 3] = ["/live?page=orders", "/live?page=stores", "/api/v1/live"];

/// Pages of others that a browser could run, with the `Origin` that it would send, and what only a forger sends.
const FOREIGN: [&str; 50] = [
    // Somebody else.
    "http://evil.example",
    "https://evil.example",
    "http://evil.example:8080",
    "http://127.0.0.1",
    "http://localhost",
    "http://localhost:8080",
    "http://[::1]:8080",
    "http://203.0.113.1:8080",
    // No page that has an origin: sandboxed frames, files, extensions, applications.
    "null",
    "NULL",
    "file://",
    "data:",
    "about:blank",
    "blob:http://panel.example:8080/7c1e",
    "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb",
    "moz-extension://7c1e6a52-0b4a-4a52-9a0e-1f1f1f1f1f1f",
    "app://panel.example:8080",
    // The same name by another scheme or port.
    "https://panel.example:8080",
    "https://panel.example",
    "http://panel.example",
    "http://panel.example:80",
    "http://panel.example:443",
    "http://panel.example:8081",
    "http://panel.example:808",
    "http://panel.example:80800",
    "http://panel.example:",
    "ws://panel.example:8080",
    "wss://panel.example:8080",
    "http://public.example",
    "https://public.example:8443",
    // Names that only look like it.
    "http://www.panel.example:8080",
    "http://x.panel.example:8080",
    "http://xpanel.example:8080",
    "http://panel.example.evil.example:8080",
    "http://panel.example:8080.evil.example",
    "http://panel.example-evil.example:8080",
    "http://panel.example.:8080",
    "http://example:8080",
    "https://public.example.evil.example",
    "https://evil.example/https://public.example",
    // What no browser sends.
    "http://panel.example:8080@evil.example",
    "http://user@panel.example:8080",
    "http://panel.example:8080/",
    "http://panel.example:8080/orders",
    "http://panel.example:8080 http://evil.example",
    "http://panel.example:8080, http://evil.example",
    "panel.example:8080",
    "//panel.example:8080",
    "*",
    "",
];

/// The status of the answer to a handshake with these header lines.
async fn shake(to: std::net::SocketAddr, path: &str, lines: &[u8]) -> u16 {
    let (mut reader, mut writer) = TcpStream::connect(to).await.unwrap().into_split();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    );
    writer.write_all(&[head.as_bytes(), lines, b"\r\n"].concat()).await.unwrap();
    status(&mut reader).await
}

#[actix_web::test]
async fn f4_of_fifty_foreign_origins_none_opens_a_socket_with_somebodys_cookie_and_our_own_pages_do() {
    let app = TestApp::start().await;
    World::create(&app).await;
    let cookie = format!("Cookie: sw={}\r\n", app.log_in(ADMIN).await);
    let (address, server) = app.serve();
    let with = |lines: &str| format!("{cookie}{lines}").into_bytes();
    for path in PATHS {
        for origin in FOREIGN {
            let answered = shake(address, path, &with(&format!("Origin: {origin}\r\n"))).await;
            assert_eq!(answered, 403, "{path} for {origin:?}");
        }
        let odd: [&[u8]; 7] = [
            b"",
            b"Sec-WebSocket-Origin: http://panel.example:8080\r\n",
            b"Referer: http://panel.example:8080/\r\n",
            b"Origin: http://panel.ex\xc3\xa4mple:8080\r\n",
            b"Origin: http://panel.example:8080\r\nOrigin: http://evil.example\r\n",
            b"Origin: http://evil.example\r\nOrigin: http://panel.example:8080\r\n",
            // Nobody here is a proxy whose word counts.
            b"Origin: http://evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n",
        ];
        for lines in odd {
            let answered = shake(address, path, &[cookie.as_bytes(), lines].concat()).await;
            assert_eq!(answered, 403, "{path} with {:?}", String::from_utf8_lossy(lines));
        }
        for own in [ORIGIN, "https://public.example"] {
            assert_eq!(shake(address, path, &with(&format!("Origin: {own}\r\n"))).await, 101, "{path} for {own}");
        }
    }
    server.stop(false).await;
}
