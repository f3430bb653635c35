//! A pair of eyes: a socket like a browser's, that counts what arrives and how late.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use storewire_db::{Db, identity};
use storewire_domain::{Clock, SessionId};
use storewire_guard::session_token::SessionClaims;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest, http::header::AUTHORIZATION};

use super::people;
use crate::app::Node;
use crate::failure::Outcome;
use crate::lifecycle::Lifecycle;
use crate::loopback;

const LOGIN_LASTS: Duration = Duration::from_secs(24 * 3600);
/// Silence that counts as the end.
const QUIET: Duration = Duration::from_millis(1_500);

#[derive(Deserialize)]
struct Frame {
    kind: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    seq: i64,
    #[serde(default)]
    source: String,
    received_at: Option<Timestamp>,
}

#[derive(Debug, Default)]
pub struct Seen {
    pub frames: usize,
    /// By kind, such as `order.created`.
    pub kinds: HashMap<String, usize>,
    /// From the webhook's receipt to its frame in our hands, sorted.
    pub delays: Vec<SignedDuration>,
    /// Numbers that were left out although a later one came.
    pub gaps: usize,
    numbers: HashSet<(String, i64)>,
    first: HashMap<String, i64>,
}

/// An open socket and what came through it so far.
pub struct Observer {
    seen: Arc<Mutex<Seen>>,
}

pub async fn watch(node: &Node, db: &Db) -> Outcome<Observer> {
    let token = log_in(node, db).await?;
    let address = loopback::reachable(node.address);
    let mut request = format!("ws://{address}/api/v1/live").into_client_request().context("socket")?;
    request.headers_mut().insert(AUTHORIZATION, format!("Bearer {token}").parse().context("socket")?);
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.context("cannot open the live socket")?;
    let seen: Arc<Mutex<Seen>> = Arc::default();
    let notes = Arc::clone(&seen);
    actix_rt::spawn(async move {
        let clock = Clock::system();
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Text(text) = message
                && let Ok(frame) = serde_json::from_str::<Frame>(&text)
            {
                notes.lock().unwrap_or_else(PoisonError::into_inner).note(frame, clock.now());
            }
        }
    });
    Ok(Observer { seen })
}

impl Observer {
    /// Waits until nothing new comes, and answers what came.
    pub async fn settle(self, lifecycle: &Lifecycle) -> Seen {
        let frames = || self.seen.lock().unwrap_or_else(PoisonError::into_inner).frames;
        loop {
            let before = frames();
            tokio::select! {
                () = tokio::time::sleep(QUIET) => {}
                () = lifecycle.stopping() => break,
            }
            if frames() == before {
                break;
            }
        }
        let mut seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        seen.delays.sort_unstable();
        seen.gaps = seen.count_gaps();
        seen
    }
}

impl Seen {
    fn note(&mut self, frame: Frame, now: Timestamp) {
        // Control frames have no number; a repeat of a number is allowed and counts once.
        if frame.topic.is_empty() || !self.numbers.insert((frame.topic.clone(), frame.seq)) {
            return;
        }
        self.first.entry(frame.topic).and_modify(|first| *first = (*first).min(frame.seq)).or_insert(frame.seq);
        self.frames += 1;
        *self.kinds.entry(frame.kind).or_default() += 1;
        if let Some(received_at) = frame.received_at.filter(|_| frame.source == "webhook") {
            self.delays.push(now.duration_since(received_at));
        }
    }

    fn count_gaps(&self) -> usize {
        let mut by_topic: HashMap<&str, (i64, i64)> = HashMap::new();
        for (topic, seq) in &self.numbers {
            let (last, count) = by_topic.entry(topic).or_default();
            *last = (*last).max(*seq);
            *count += 1;
        }
        let lacking = |(topic, (last, count)): (&&str, &(i64, i64))| {
            let first = self.first.get(*topic).copied().unwrap_or_default();
            usize::try_from(last - first + 1 - count).unwrap_or_default()
        };
        by_topic.iter().map(lacking).sum()
    }

    /// The delay that so many of a hundred frames did not exceed.
    pub fn percentile(&self, percent: usize) -> Option<SignedDuration> {
        let rank = (self.delays.len() * percent).div_ceil(100);
        self.delays.get(rank.saturating_sub(1)).copied()
    }
}

async fn log_in(node: &Node, db: &Db) -> Outcome<String> {
    let now = Clock::system().now();
    let tx = db.auth().await?;
    let login = identity::find_login(&tx, people::admin()).await?.context("the demo's admin is missing")?;
    let session = SessionId::fresh();
    let until = now.checked_add(LOGIN_LASTS)?;
    identity::insert_session(&tx, session, login.user_id, now, until, "storewire demo").await?;
    tx.commit().await?;
    Ok(node.sessions.issue(SessionClaims { sub: login.user_id, sid: session }, now, LOGIN_LASTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(topic: &str, seq: i64, received_at: Option<Timestamp>) -> Frame {
        Frame {
            kind: "order.created".to_owned(),
            topic: topic.to_owned(),
            seq,
            source: "webhook".to_owned(),
            received_at,
        }
    }

    #[test]
    fn repeats_count_once_and_left_out_numbers_are_gaps() {
        let now = Clock::system().now();
        let mut seen = Seen::default();
        for (topic, seq) in [("a", 7), ("a", 8), ("a", 8), ("a", 11), ("b", 3), ("", 0)] {
            seen.note(frame(topic, seq, None), now);
        }
        assert_eq!((seen.frames, seen.count_gaps()), (4, 2));
    }

    #[test]
    fn the_percentile_is_a_delay_that_was_seen() {
        let now = Clock::system().now();
        let mut seen = Seen::default();
        assert_eq!(seen.percentile(50), None);
        for seq in 1..=100 {
            seen.note(frame("a", seq, Some(now - SignedDuration::from_millis(seq))), now);
        }
        seen.delays.sort_unstable();
        assert_eq!(seen.percentile(50), Some(SignedDuration::from_millis(50)));
        assert_eq!(seen.percentile(95), Some(SignedDuration::from_millis(95)));
    }
}
