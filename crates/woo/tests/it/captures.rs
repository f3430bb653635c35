//! The recorded exchanges of a real shop.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::server::Reply;

/// One recorded answer.
pub struct Capture {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

fn folder(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testkit/captures/woocommerce-11.0.1").join(kind)
}

/// The names of all captures of `rest` or `webhooks`.
pub fn names(kind: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder(kind)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    files.filter_map(|name| name.strip_suffix(".body").map(str::to_owned)).collect()
}

pub fn body(kind: &str, name: &str) -> Vec<u8> {
    fs::read(folder(kind).join(format!("{name}.body"))).unwrap()
}

pub fn rest(name: &str) -> Capture {
    let head = fs::read_to_string(folder("rest").join(format!("{name}.head"))).unwrap();
    let mut lines = head.lines().filter_map(|line| line.strip_prefix("<<< ")).map(str::trim);
    let status = lines.next().unwrap().parse().unwrap();
    let headers =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned()));
    Capture { status, headers: headers.collect(), body: body("rest", name) }
}

impl Capture {
    /// The same answer over our socket; framing is the socket's own affair.
    pub fn reply(self) -> Reply {
        let framing = ["transfer-encoding", "connection", "content-length"];
        let headers =
            self.headers.into_iter().filter(|(name, _)| !framing.contains(&name.to_ascii_lowercase().as_str()));
        Reply::Http { status: self.status, headers: headers.collect(), body: self.body }
    }
}
