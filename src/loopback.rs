//! Plain HTTP to a server on this machine: our own, or the simulated stores' control page. Not for the outside, which
//! only `woo`'s guarded client may speak to.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: u64 = 256 << 20;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub bearer: Option<&'a str>,
    /// JSON; empty for none.
    pub body: &'a str,
}

impl<'a> Question<'a> {
    pub fn get(path: &'a str) -> Self {
        Self { method: "GET", path, bearer: None, body: "" }
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// The address by which this machine itself reaches a listener.
pub fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// In HTTP/1.0, whose answers end with the connection.
pub fn request(address: SocketAddr, question: Question<'_>) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(written(address, question).as_bytes())?;
    let mut bytes = Vec::new();
    stream.take(LARGEST_ANSWER).read_to_end(&mut bytes)?;
    parse(&String::from_utf8_lossy(&bytes)).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no HTTP answer"))
}

fn written(address: SocketAddr, Question { method, path, bearer, body }: Question<'_>) -> String {
    let authorization = bearer.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\n{authorization}{kind}Content-Length: {length}\r\n\r\n{body}"
    )
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_says_how_long_its_body_is() {
        let question = Question { method: "POST", path: "/a", bearer: Some("t"), body: "{\"a\":\"ü\"}" };
        let text = written("127.0.0.1:80".parse().unwrap(), question);
        assert!(text.starts_with("POST /a HTTP/1.0\r\nHost: 127.0.0.1:80\r\nAuthorization: Bearer t\r\n"), "{text}");
        assert!(text.ends_with("Content-Length: 10\r\n\r\n{\"a\":\"ü\"}"), "{text}");
        assert!(!written("127.0.0.1:80".parse().unwrap(), Question::get("/")).contains("Content-Type"));
    }

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = parse("HTTP/1.0 202 Accepted\r\nDate: x\r\n\r\n{\"a\":1}\r\n\r\n").unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (202, "{\"a\":1}\r\n\r\n"));
        assert!(parse("").is_none());
        assert!(parse("HTTP/1.0\r\n\r\n").is_none());
    }

    #[test]
    fn a_listener_on_every_address_is_reached_by_loopback() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()), "127.0.0.1:80".parse().unwrap());
        assert_eq!(reachable("[::]:80".parse().unwrap()), "[::1]:80".parse().unwrap());
        assert_eq!(reachable("10.1.1.1:80".parse().unwrap()), "10.1.1.1:80".parse().unwrap());
    }
}
