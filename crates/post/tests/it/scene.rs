//! What the tests share: a letter, and a post to a server on this machine.

use std::{net::SocketAddr, time::Duration};

use storewire_post::{Encryption, Letter, Post, SmtpConfig};

pub const USER: &str = "relay-of-storewire";
pub const PASSWORD: &str = "correct horse battery";

pub fn letter() -> Letter {
    Letter {
        message_id: "<0190-letter@desk.example>".to_owned(),
        to: "mary.buyer@shop.example".to_owned(),
        to_name: "Mary Buyer".to_owned(),
        subject: "About your return RT-3".to_owned(),
        body: "Dear Mary,\n\nwe have it.\n".to_owned(),
        written_at: "2026-11-20T10:30:00Z".parse().unwrap(),
    }
}

/// In clear and without a login, with more time than anything takes here.
pub fn config(server: SocketAddr) -> SmtpConfig {
    SmtpConfig {
        host: server.ip().to_string(),
        port: server.port(),
        tls: Encryption::None,
        user: None,
        password: None,
        from: "Storewire Desk <desk@storewire.example>".to_owned(),
        timeout: Duration::from_secs(30),
        ca_pem: None,
    }
}

pub fn post(server: SocketAddr) -> Post {
    Post::smtp(config(server)).unwrap()
}

/// The same for a server that is about to say nothing; still more time than the talk until then takes.
pub fn impatient(server: SocketAddr) -> Post {
    Post::smtp(SmtpConfig { timeout: Duration::from_secs(2), ..config(server) }).unwrap()
}

pub fn with_login(server: SocketAddr) -> SmtpConfig {
    SmtpConfig { user: Some(USER.to_owned()), password: Some(PASSWORD.into()), ..config(server) }
}
