//! Sockets as their peers meet them: frames as bytes on a real connection.

use std::{net::TcpListener, time::Duration};

use storewire_web::{Serving, Sockets};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::{
    app::{HOST, ORIGIN, TestApp},
    seed::{ADMIN, World},
};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);
const MASK: [u8; 4] = [7, 11, 13, 17];
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

struct House {
    app: TestApp,
    address: std::net::SocketAddr,
    sockets: Sockets,
}

impl House {
    async fn open() -> Self {
        let app = TestApp::start().await;
        World::create(&app).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Serving { workers: Some(1), stop_within: Duration::from_secs(1), on_connect: |_| {} };
        let (server, sockets) = storewire_web::serve(listener, app.state.clone(), serving).unwrap();
        actix_web::rt::spawn(server);
        Self { app, address, sockets }
    }

    /// Asks for `path` as a socket, and says `more` in the same breath.
    async fn shake(&self, path: &str, lines: &str, more: &[u8]) -> Peer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{lines}\r\n"
        );
        stream.write_all(&[head.as_bytes(), more].concat()).await.unwrap();
        let mut peer = Peer { stream, heard: Vec::new(), head: String::new() };
        let end = loop {
            match peer.heard.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => assert!(peer.hear().await, "no answer"),
            }
        };
        peer.head = String::from_utf8(peer.heard.drain(..end).collect()).unwrap();
        peer
    }

    /// A program's socket, which was told that it has everything.
    async fn listen(&self) -> Peer {
        let bearer = format!("Authorization: Bearer {}\r\n", self.app.log_in(ADMIN).await);
        let mut peer = self.shake("/api/v1/live", &bearer, b"").await;
        assert!(peer.head.starts_with("HTTP/1.1 101 "), "{}", peer.head);
        let (code, text) = peer.frame().await.unwrap();
        assert!(code == TEXT && String::from_utf8(text).unwrap().contains("\"hello\""));
        peer
    }
}

struct Peer {
    stream: TcpStream,
    heard: Vec<u8>,
    head: String,
}

impl Peer {
    /// Reads what has come; false at the end.
    async fn hear(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let count = timeout(PATIENCE, self.stream.read(&mut bytes)).await.unwrap().unwrap();
        self.heard.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// The next frame's code and payload; `None` at the end. A server masks nothing.
    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let [first, second, ..] = self.heard[..] {
                assert!(first & 0x80 != 0 && second < 126, "whole and short frames are all that is sent here");
                let end = 2 + usize::from(second);
                if self.heard.len() >= end {
                    let frame: Vec<u8> = self.heard.drain(..end).collect();
                    return Some((first & 0x0f, frame[2..].to_vec()));
                }
            }
            if !self.hear().await {
                return None;
            }
        }
    }

    async fn say(&mut self, code: u8, payload: &[u8]) {
        self.stream.write_all(&frame(code, payload)).await.unwrap();
    }

    async fn ends_with_close(mut self, code: u16) {
        assert_eq!(self.frame().await.unwrap(), (CLOSE, code.to_be_bytes().to_vec()));
        assert_eq!(self.frame().await, None, "nothing follows a close");
    }
}

/// A client's frame.
fn frame(code: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap();
    let mut bytes = vec![0x80 | code];
    match u8::try_from(length) {
        Ok(short @ 0..126) => bytes.push(0x80 | short),
        _ => bytes.extend([&[0x80 | 126][..], &length.to_be_bytes()].concat()),
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

#[actix_web::test]
async fn a_socket_answers_a_ping_and_a_close_and_hears_what_came_with_its_handshake() {
    let house = House::open().await;
    let mut peer = house.listen().await;
    peer.say(PING, b"are you there").await;
    assert_eq!(peer.frame().await, Some((PONG, b"are you there".to_vec())));
    peer.say(CLOSE, &1000_u16.to_be_bytes()).await;
    peer.ends_with_close(1000).await;

    let bearer = format!("Authorization: Bearer {}\r\n", house.app.log_in(ADMIN).await);
    let mut hasty = house.shake("/api/v1/live", &bearer, &frame(PING, b"early")).await;
    let mut frames = [hasty.frame().await.unwrap(), hasty.frame().await.unwrap()];
    frames.sort_unstable_by_key(|(code, _)| *code);
    assert_eq!(frames[1], (PONG, b"early".to_vec()));
}

#[actix_web::test]
async fn a_login_that_is_over_ends_with_close_1008_even_while_the_peer_is_talking() {
    let house = House::open().await;
    for cookie in ["", "Cookie: sw=forged\r\n"] {
        // Unread bytes at a close would be answered with a reset, and the peer would never see why.
        let chatter = [frame(PONG, b""), frame(TEXT, &[b'x'; 3_000])].concat();
        let peer = house.shake("/live?page=orders", &format!("{cookie}Origin: {ORIGIN}\r\n"), &chatter).await;
        assert!(peer.head.starts_with("HTTP/1.1 101 "), "{}", peer.head);
        peer.ends_with_close(1008).await;
    }
}

#[actix_web::test]
async fn a_message_over_4_kib_ends_the_socket_and_a_shorter_one_does_not() {
    let house = House::open().await;
    let mut peer = house.listen().await;
    peer.say(TEXT, &[b'x'; 4_000]).await;
    peer.say(PING, b"").await;
    assert_eq!(peer.frame().await, Some((PONG, Vec::new())));
    peer.say(TEXT, &[b'x'; 5_000]).await;
    assert_eq!(peer.frame().await, None);
}

#[actix_web::test]
async fn what_is_no_socket_is_answered_whole_though_it_was_asked_for_as_one() {
    let house = House::open().await;
    for (path, status, ends) in [("/login", "200 OK", "</html>"), ("/api/v1/live", "401 Unauthorized", "}")] {
        let mut peer = house.shake(path, "", b"").await;
        assert!(peer.head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{path}: {}", peer.head);
        assert!(peer.head.contains("x-content-type-options: nosniff"), "{path} passes every layer");
        while peer.hear().await {}
        assert!(String::from_utf8(peer.heard).unwrap().trim_end().ends_with(ends), "{path}");
    }
}

#[actix_web::test]
async fn a_node_that_stops_tells_every_socket_and_waits_for_them() {
    let house = House::open().await;
    let peers = [house.listen().await, house.listen().await];
    house.app.state.engine.stop().await;
    let told = async {
        for peer in peers {
            peer.ends_with_close(1012).await;
        }
    };
    let ((), ended) = tokio::join!(told, timeout(PATIENCE, house.sockets.ended()));
    ended.unwrap();
}
