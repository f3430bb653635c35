//! One connection through the proxy: whose turn it is, and where it is cut.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::lot::Lot;
use super::{CutRule, Faults, Place, Shared, Way, reset};

const CHUNK: usize = 16 * 1024;

/// Carries bytes both ways until an end; the place and way of the cut, if that was it.
pub async fn relay(
    mut client: TcpStream,
    mut server: impl AsyncRead + AsyncWrite + Unpin,
    shared: &Shared,
    lot: Lot,
) -> Option<(Place, Way)> {
    let mut turns = Turns { lot, turn: Turn::Opening(Handshake::default()), plan: None };
    let (mut from_client, mut from_server) = (vec![0; CHUNK], vec![0; CHUNK]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let faults = shared.faults();
                let chunk = some_of(&from_client, read)?;
                let passing = turns.asks(chunk, &faults.cut);
                pass(chunk, passing, &mut server, &faults).await?;
                if passing < chunk.len() {
                    return turns.cut(client, server).await;
                }
            }
            read = server.read(&mut from_server) => {
                let faults = shared.faults();
                let chunk = some_of(&from_server, read)?;
                let passing = turns.answers(chunk);
                pass(chunk, passing, &mut client, &faults).await?;
                if passing < chunk.len() {
                    return turns.cut(client, server).await;
                }
            }
        }
    }
}

/// What was read; `None` at the end of either side, which is the end of both.
fn some_of(buffer: &[u8], read: std::io::Result<usize>) -> Option<&[u8]> {
    buffer.get(..read.ok()?).filter(|chunk| !chunk.is_empty())
}

async fn pass(chunk: &[u8], passing: usize, to: &mut (impl AsyncWrite + Unpin), faults: &Faults) -> Option<()> {
    if faults.black_hole {
        return Some(());
    }
    let delay = faults.latency + time_to_send(passing, faults.bandwidth);
    // Even the shortest sleep takes a tick of the clock.
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    to.write_all(chunk.get(..passing)?).await.ok()
}

fn time_to_send(bytes: usize, per_second: u32) -> Duration {
    let micros = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(1_000_000);
    micros.checked_div(per_second.into()).map_or(Duration::ZERO, Duration::from_micros)
}

/// Whose turn it is, and what is to happen in this exchange.
struct Turns {
    lot: Lot,
    turn: Turn,
    plan: Option<Plan>,
}

enum Turn {
    /// TLS is being agreed upon.
    Opening(Handshake),
    /// So many bytes of the request have come.
    Request(usize),
    /// So many bytes of the answer have.
    Answer(usize),
}

struct Plan {
    place: Place,
    /// Bytes that pass before a cut in the middle.
    after: usize,
    way: Way,
}

impl Turns {
    /// How many of the client's bytes pass; fewer than there are is a cut.
    fn asks(&mut self, chunk: &[u8], rule: &CutRule) -> usize {
        let (opening, sent) = match &mut self.turn {
            Turn::Opening(handshake) => match handshake.request_at(chunk) {
                Some(at) => (at, None),
                None => return chunk.len(),
            },
            Turn::Request(sent) => (0, Some(*sent)),
            Turn::Answer(_) => (0, None),
        };
        if sent.is_none() {
            self.plan = if holds(chunk, &rule.holding) { draw(&mut self.lot, rule) } else { None };
        }
        let (sent, come) = (sent.unwrap_or(0), chunk.len() - opening);
        self.turn = Turn::Request(sent + come);
        let passing = match &self.plan {
            Some(Plan { place: Place::BeforeRequest, .. }) => 0,
            Some(Plan { place: Place::InRequest(_), after, .. }) => come.min(after - sent),
            _ => come,
        };
        opening + passing
    }

    /// The same of the server's.
    fn answers(&mut self, chunk: &[u8]) -> usize {
        let sent = match self.turn {
            Turn::Opening(_) => return chunk.len(),
            Turn::Request(_) => 0,
            Turn::Answer(sent) => sent,
        };
        self.turn = Turn::Answer(sent + chunk.len());
        match &self.plan {
            Some(Plan { place: Place::AfterRequest, .. }) => 0,
            Some(Plan { place: Place::InAnswer(_), after, .. }) => chunk.len().min(after - sent),
            _ => chunk.len(),
        }
    }

    /// Ends the connection as planned.
    async fn cut(self, mut client: TcpStream, mut server: impl AsyncRead + AsyncWrite + Unpin) -> Option<(Place, Way)> {
        let Plan { place, way, .. } = self.plan?;
        match way {
            Way::Close => {}
            Way::Reset => reset(&client),
            Way::HalfClose => {
                let _ = client.shutdown().await;
                let (mut said, mut heard) = (vec![0; CHUNK], vec![0; CHUNK]);
                // What the server still says is lost on the way.
                loop {
                    tokio::select! {
                        read = client.read(&mut said) => {
                            let Some(chunk) = some_of(&said, read) else { break };
                            if server.write_all(chunk).await.is_err() { break }
                        }
                        read = server.read(&mut heard) => if some_of(&heard, read).is_none() { break },
                    }
                }
            }
        }
        // The server sees an ordinary end, so that it reads all that was passed on.
        let _ = server.shutdown().await;
        Some((place, way))
    }
}

fn holds(chunk: &[u8], wanted: &[u8]) -> bool {
    wanted.is_empty() || chunk.windows(wanted.len()).any(|piece| piece == wanted)
}

fn draw(lot: &mut Lot, rule: &CutRule) -> Option<Plan> {
    if !lot.falls(rule.part) {
        return None;
    }
    let place = lot.pick(&rule.places)?.clone();
    let after = match &place {
        Place::InRequest(range) | Place::InAnswer(range) => lot.within(range),
        Place::BeforeRequest | Place::AfterRequest => 0,
    };
    let way = lot.pick(&rule.ways).copied().unwrap_or(Way::Close);
    Some(Plan { place, after, way })
}

const TLS_HANDSHAKE: u8 = 0x16;
const TLS_APPLICATION: u8 = 0x17;
const RECORD_HEADER: usize = 5;

/// Finds where the client's request begins. Plain requests begin at once; in TLS 1.3 the first encrypted record of a client ends the
/// handshake, and the second is the request.
#[derive(Debug, Default)]
struct Handshake {
    header: Vec<u8>,
    /// Bytes of the current record that are still to come.
    rest: usize,
    encrypted: u8,
    has_begun: bool,
}

impl Handshake {
    /// Where in this chunk the request begins, if it does.
    fn request_at(&mut self, chunk: &[u8]) -> Option<usize> {
        if !self.has_begun && chunk.first() != Some(&TLS_HANDSHAKE) {
            return Some(0);
        }
        self.has_begun = true;
        let mut at = 0;
        while at < chunk.len() {
            let skipped = self.rest.min(chunk.len() - at);
            (at, self.rest) = (at + skipped, self.rest - skipped);
            let Some(byte) = chunk.get(at).filter(|_| self.rest == 0) else { break };
            if self.header.is_empty() && *byte == TLS_APPLICATION {
                if self.encrypted == 1 {
                    return Some(at);
                }
                self.encrypted += 1;
            }
            self.header.push(*byte);
            at += 1;
            if let Ok([_, _, _, high, low]) = <[u8; RECORD_HEADER]>::try_from(self.header.as_slice()) {
                self.rest = usize::from(u16::from_be_bytes([high, low]));
                self.header.clear();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, length: u8) -> Vec<u8> {
        let mut record = vec![kind, 3, 3, 0, length];
        record.extend(std::iter::repeat_n(7, length.into()));
        record
    }

    #[test]
    fn a_plain_request_begins_at_once_and_one_in_tls_with_the_second_encrypted_record() {
        assert_eq!(Handshake::default().request_at(b"GET / HTTP/1.1"), Some(0));
        let hello = record(TLS_HANDSHAKE, 60);
        let finish = [record(0x14, 1), record(TLS_APPLICATION, 53)].concat();
        let request = record(TLS_APPLICATION, 90);
        let mut whole = Handshake::default();
        assert_eq!(whole.request_at(&[&hello[..], &finish, &request].concat()), Some(hello.len() + finish.len()));
        let mut split = Handshake::default();
        for byte in [hello, finish].concat() {
            assert_eq!(split.request_at(&[byte]), None);
        }
        assert_eq!(split.request_at(&request), Some(0));
    }

    #[test]
    fn any_request_holds_nothing_and_only_some_hold_a_word() {
        assert!(holds(b"Q COMMIT", b"") && holds(b"Q COMMIT", b"COMMIT"));
        assert!(!holds(b"Q ROLLBACK", b"COMMIT") && !holds(b"", b"COMMIT"));
    }

    #[test]
    fn the_time_a_chunk_takes_follows_the_bandwidth() {
        assert_eq!(time_to_send(500, 1000), Duration::from_millis(500));
        assert_eq!(time_to_send(500, 0), Duration::ZERO);
    }
}
