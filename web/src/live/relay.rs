//! Writes to the sockets of this thread what the feed hands over for them: no task of a socket is woken for a frame that the kernel takes.

use std::{
    cell::RefCell,
    collections::HashMap,
    rc::{Rc, Weak},
    sync::Arc,
};

use actix::Recipient;
use actix_web::rt::net::TcpStream;
use storewire_actors::feed::{self, Frame, Outlet};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use super::{
    socket::{Shut, encode},
    wire::Outbox,
};

/// Hand-overs taken together, so that a socket that several concern is written to once.
const TOGETHER: usize = 32;
/// After so many writes others on this thread have their turn.
const IN_A_ROW: usize = 64;

/// The sockets of one thread. Clones are the same.
#[derive(Clone)]
pub(crate) struct Relay {
    seats: Rc<RefCell<HashMap<Uuid, Seat>>>,
    remote: Arc<Remote>,
}

/// What of a socket the relay needs.
pub(super) struct Seat {
    pub(super) outbox: Outbox,
    pub(super) stream: Weak<TcpStream>,
    pub(super) session: Recipient<Shut>,
}

struct HandOver {
    frames: Arc<[Frame]>,
    to: Vec<Uuid>,
}

/// The end that other threads hold. What it holds is bounded by what may wait for each listener.
struct Remote(UnboundedSender<HandOver>);

impl feed::Relay for Remote {
    fn tell(&self, frames: Arc<[Frame]>, to: Vec<Uuid>) {
        // The thread has ended, and its sockets with it.
        let _ = self.0.send(HandOver { frames, to });
    }
}

impl Relay {
    /// Must be called on the thread whose sockets these are.
    pub(crate) fn start() -> Self {
        let (sender, hand_overs) = unbounded_channel();
        let seats = Rc::<RefCell<HashMap<Uuid, Seat>>>::default();
        actix_web::rt::spawn(carry_out(Rc::clone(&seats), hand_overs));
        Self { seats, remote: Arc::new(Remote(sender)) }
    }

    /// Takes a socket in, and answers how the feed reaches it.
    pub(super) fn seat(&self, id: Uuid, seat: Seat) -> Outlet {
        let waiting = seat.outbox.waiting();
        self.seats.borrow_mut().insert(id, seat);
        Outlet::new(Arc::clone(&self.remote) as Arc<dyn feed::Relay>, waiting)
    }

    pub(super) fn leave(&self, id: Uuid) {
        self.seats.borrow_mut().remove(&id);
    }
}

/// Ends when nobody can hand anything over any more.
async fn carry_out(seats: Rc<RefCell<HashMap<Uuid, Seat>>>, mut hand_overs: UnboundedReceiver<HandOver>) {
    let mut together = Vec::with_capacity(TOGETHER);
    let mut written = 0;
    while hand_overs.recv_many(&mut together, TOGETHER).await > 0 {
        let last = together.len() - 1;
        // Those for whom something was put by and nothing waited before.
        let mut roused = Vec::new();
        for (number, HandOver { frames, to }) in together.drain(..).enumerate() {
            for id in to {
                let was_empty = seats.borrow().get(&id).is_some_and(|seat| seat.put(&frames));
                if number < last {
                    roused.extend(was_empty.then_some(id));
                } else if was_empty {
                    write(&seats, id, &mut written).await;
                }
            }
        }
        for id in roused {
            write(&seats, id, &mut written).await;
        }
    }
}

/// Writes what waits for a socket; the others on this thread have their turn now and then.
async fn write(seats: &RefCell<HashMap<Uuid, Seat>>, id: Uuid, written: &mut usize) {
    if let Some(seat) = seats.borrow().get(&id) {
        seat.write();
    }
    *written += 1;
    if written.is_multiple_of(IN_A_ROW) {
        tokio::task::yield_now().await;
    }
}

impl Seat {
    /// Puts frames into the outbox; true if nothing waited there, so that they can be written now.
    fn put(&self, frames: &[Frame]) -> bool {
        let was_empty = self.outbox.is_empty();
        for frame in frames {
            match frame {
                Frame::Texts(texts) => self.outbox.push_counted(texts.wire(encode)),
                Frame::Close(code) => {
                    self.outbox.uncount();
                    // A session that is ending already needs no word.
                    let _ = self.session.try_send(Shut(*code));
                }
            }
        }
        was_empty && !self.outbox.is_empty()
    }

    /// What the kernel does not take now is the socket's own task's.
    fn write(&self) {
        let is_done = self.stream.upgrade().is_some_and(|stream| matches!(self.outbox.write(&stream), Ok(true)));
        if !is_done {
            self.outbox.wake();
        }
    }
}

#[cfg(test)]
mod tests;
