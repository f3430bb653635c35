//! A mail server for tests, on loopback: takes letters over plain SMTP, keeps them, and answers as it is told.
//!
//! It speaks what RFC 5321 asks of the smallest server, and AUTH PLAIN (RFC 4954, RFC 4616), which it believes. It offers no STARTTLS.

mod talk;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use talk::Talk;

/// How it answers to whatever it is sent next; open connections change too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Takes letters over.
    #[default]
    Ok,
    /// 451 to the recipient: come back later.
    Later,
    /// 550 to the recipient, whose address it repeats, as many servers do.
    Refuse,
    /// Keeps the letter and hangs up instead of saying so.
    CutAfterData,
    /// Takes connections and says nothing.
    Silent,
}

/// A letter that it has kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The envelope's sender, without brackets.
    pub from: String,
    /// The envelope's recipients, without brackets.
    pub to: Vec<String>,
    /// The name and password of the login, if there was one.
    pub login: Option<(String, String)>,
    /// Headers and body as sent, with CRLF, the doubled dots made single.
    pub text: String,
}

impl Received {
    /// The first header of this name, its folds joined, not decoded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let (headers, _) = self.text.split_once("\r\n\r\n")?;
        let joined = headers.replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut named = joined.lines().filter_map(|line| line.split_once(": "));
        named.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// What follows the headers, not decoded.
    #[must_use]
    pub fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }
}

/// See the module. It ends, with its connections, when this is dropped.
#[derive(Debug)]
pub struct Mailbox {
    addr: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Shared {
    answer: Mutex<Answer>,
    letters: Mutex<Vec<Received>>,
}

impl Shared {
    fn answer(&self) -> Answer {
        *lock(&self.answer)
    }

    fn keep(&self, letter: Received) {
        lock(&self.letters).push(letter);
    }
}

impl Mailbox {
    /// Starts one on a free port of 127.0.0.1; it takes letters over.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port for the mailbox")?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { addr, shared, task })
    }

    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// How it answers from now on.
    pub fn answer(&self, answer: Answer) {
        *lock(&self.shared.answer) = answer;
    }

    /// The letters so far, in the order in which they ended.
    #[must_use]
    pub fn letters(&self) -> Vec<Received> {
        lock(&self.shared.letters).clone()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                let talk = Talk::new(client, Arc::clone(&shared));
                // A client that hangs up ends its own talk only.
                connections.spawn(async move { drop(talk.hold().await) });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
