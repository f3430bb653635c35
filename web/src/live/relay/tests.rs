//! Hand-overs over real connections: what the peers read, in which order, and what one peer's fate is to the others.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use actix::{Actor, Context, Handler};
use bytes::Bytes;
use storewire_actors::feed::{Relay as _, Texts};
use tokio::{
    io::AsyncReadExt as _,
    net::TcpListener,
    sync::mpsc::{Receiver, Sender, channel},
    time::timeout,
};

use super::*;
use crate::live::wire::Wire;

const PATIENCE: Duration = Duration::from_secs(30);
/// Together more than the kernel takes for a peer that does not read.
const LONG: usize = 512 << 10;
const LONG_ONES: usize = 40;

/// A socket of this thread and the peer at its other end.
struct Line {
    id: Uuid,
    outbox: Outbox,
    /// As the feed counts it.
    waiting: Arc<AtomicUsize>,
    wire: Option<Wire>,
    peer: Option<TcpStream>,
    /// Codes that the session was told to close with.
    shut: Receiver<u16>,
}

struct Ending(Sender<u16>);

impl Actor for Ending {
    type Context = Context<Self>;
}

impl Handler<Shut> for Ending {
    type Result = ();

    fn handle(&mut self, Shut(code): Shut, _: &mut Self::Context) {
        self.0.try_send(code).unwrap();
    }
}

impl Line {
    async fn open(relay: &Relay) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let (peer, accepted) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
        let wire = Wire::new(accepted.unwrap().0, Bytes::new(), relay.clone());
        let (id, outbox, (sender, shut)) = (Uuid::new_v4(), Outbox::default(), channel(4));
        let session = Ending(sender).start().recipient();
        relay.seat(id, Seat { outbox: outbox.clone(), stream: wire.stream(), session });
        Self { id, waiting: outbox.waiting(), outbox, wire: Some(wire), peer: Some(peer.unwrap()), shut }
    }

    /// Has a task of its own write what the kernel did not take at once, as every socket has.
    fn carry(&mut self) {
        let (wire, outbox) = (self.wire.take().unwrap(), self.outbox.clone());
        actix_web::rt::spawn(wire.carry(outbox, futures_util::stream::pending()));
    }

    fn waits(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    /// Reads what these texts are on the wire, and nothing else.
    async fn hears(&mut self, texts: &[String]) {
        let wanted: Vec<u8> = texts.iter().flat_map(|text| encode(&bundle(text))).collect();
        let mut heard = vec![0; wanted.len()];
        let peer = self.peer.as_mut().unwrap();
        timeout(PATIENCE, peer.read_exact(&mut heard)).await.expect("it is written").unwrap();
        assert!(heard == wanted, "other bytes, or in another order");
    }
}

fn bundle(text: &str) -> Texts {
    Texts::new(vec![text.into()])
}

/// Hands these over, counted as the feed does.
fn tell(relay: &Relay, frames: Vec<Frame>, to: &[&Line]) {
    for line in to {
        line.waiting.fetch_add(frames.len(), Ordering::AcqRel);
    }
    relay.remote.tell(frames.into(), to.iter().map(|line| line.id).collect());
}

fn say(relay: &Relay, text: &str, to: &[&Line]) {
    tell(relay, vec![Frame::Texts(bundle(text))], to);
}

#[actix_web::test]
async fn each_socket_is_written_what_was_handed_over_for_it_in_that_order_and_nothing_more() {
    let relay = Relay::start();
    let mut lines = [Line::open(&relay).await, Line::open(&relay).await, Line::open(&relay).await];
    let mut wanted = [const { Vec::new() }; 3];
    // More than are taken together, and more than are written in a row.
    for number in 0..TOGETHER * 3 + IN_A_ROW {
        let (text, left_out) = (format!("text {number}"), number % 3);
        let to: Vec<&Line> = (0..3).filter(|index| *index != left_out).map(|index| &lines[index]).collect();
        say(&relay, &text, &to);
        (0..3).filter(|index| *index != left_out).for_each(|index| wanted[index].push(text.clone()));
    }
    for (line, wanted) in lines.iter_mut().zip(&wanted) {
        line.hears(wanted).await;
        assert_eq!(line.waits(), 0, "what the kernel took waits no more");
    }
}

#[actix_web::test]
async fn who_does_not_read_delays_nobody_and_is_written_the_rest_in_order_once_it_reads() {
    let relay = Relay::start();
    let (mut slow, mut quick) = (Line::open(&relay).await, Line::open(&relay).await);
    slow.carry();
    let long: Vec<String> = (0..LONG_ONES).map(|number| format!("{number:02}{}", "x".repeat(LONG))).collect();
    let short: Vec<String> = (0..LONG_ONES).map(|number| format!("{number:02}")).collect();
    for (long, short) in long.iter().zip(&short) {
        say(&relay, long, &[&slow]);
        say(&relay, short, &[&quick]);
    }
    quick.hears(&short).await;
    let waits = slow.waits();
    assert!((1..LONG_ONES).contains(&waits), "{waits} wait: the kernel took all of it, or nothing");
    slow.hears(&long).await;
    assert_eq!((slow.waits(), quick.waits(), slow.outbox.is_empty()), (0, 0, true));
    say(&relay, "again", &[&slow, &quick]);
    slow.hears(&["again".to_owned()]).await;
    quick.hears(&["again".to_owned()]).await;
}

#[actix_web::test]
async fn a_socket_that_broke_or_ended_or_left_or_never_was_is_passed_by() {
    let relay = Relay::start();
    let (mut broken, mut ended, left) = (Line::open(&relay).await, Line::open(&relay).await, Line::open(&relay).await);
    let (mut never, mut quick) = (Line::open(&relay).await, Line::open(&relay).await);
    drop(broken.peer.take());
    drop(ended.wire.take());
    relay.leave(left.id);
    never.id = Uuid::new_v4();
    let texts: Vec<String> = (0..IN_A_ROW).map(|number| format!("text {number}")).collect();
    for text in &texts {
        say(&relay, text, &[&broken, &ended, &left, &never, &quick]);
    }
    quick.hears(&texts).await;
    assert_eq!([left.waits(), never.waits()], [texts.len(); 2], "nothing was written for who is not there");
}

#[actix_web::test]
async fn a_close_goes_to_its_session_and_waits_for_nobody_to_write_it() {
    let relay = Relay::start();
    let (mut closed, mut other) = (Line::open(&relay).await, Line::open(&relay).await);
    tell(&relay, vec![Frame::Texts(bundle("the last")), Frame::Close(1008)], &[&closed]);
    say(&relay, "more", &[&other]);
    closed.hears(&["the last".to_owned()]).await;
    assert_eq!(timeout(PATIENCE, closed.shut.recv()).await.expect("it is told"), Some(1008));
    other.hears(&["more".to_owned()]).await;
    assert_eq!((closed.waits(), other.shut.try_recv().is_err()), (0, true));
}
