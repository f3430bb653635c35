//! Carries a socket's bytes between its actor and its connection, and keeps nothing for a socket that is quiet.
//!
//! What is to be written waits in an [`Outbox`] by reference: the bytes of a frame are the same for every socket of a view. The feed
//! counts what of it waits there, and the actor stands still until all of it is written, so a peer that does not read fills nothing else.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::Future,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    rc::{Rc, Weak},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use actix_web::{Error, error::PayloadError, rt::net::TcpStream};
use bytes::{Buf as _, Bytes};
use futures_util::Stream;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

use super::relay::Relay;

/// Frames that one call hands to the kernel at most.
const AT_ONCE: usize = 16;
/// A burst may make an outbox large; a quiet socket keeps room for so many frames.
const KEPT_ROOM: usize = 4;
/// Peers answer a close and no more, so what they send is read in small pieces.
const PIECE: usize = 1 << 10;
/// How long a peer may take to close its side after we closed ours.
const PARTS_WITHIN: Duration = Duration::from_secs(1);

/// What a socket is to be sent. Clones are the same outbox.
#[derive(Clone, Default)]
pub(super) struct Outbox(Rc<Shared>);

#[derive(Default)]
struct Shared {
    items: RefCell<VecDeque<Item>>,
    /// Items that the feed has sent and the kernel has not taken.
    counted: Arc<AtomicUsize>,
    /// The task that writes when the kernel takes something again.
    writer: RefCell<Option<Waker>>,
}

/// Whole WebSocket frames, one or more.
struct Item {
    bytes: Bytes,
    is_counted: bool,
}

impl Outbox {
    /// How many frames of the feed's wait, for whoever sends them.
    pub(super) fn waiting(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.0.counted)
    }

    pub(super) fn push(&self, bytes: Bytes) {
        self.0.items.borrow_mut().push_back(Item { bytes, is_counted: false });
    }

    /// Of the feed's, who has counted it.
    pub(super) fn push_counted(&self, bytes: Bytes) {
        self.0.items.borrow_mut().push_back(Item { bytes, is_counted: true });
    }

    /// What the feed has counted needs no writing.
    pub(super) fn uncount(&self) {
        self.0.counted.fetch_sub(1, Ordering::AcqRel);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.items.borrow().is_empty()
    }

    /// Has the socket's task go on writing.
    pub(super) fn wake(&self) {
        if let Some(writer) = &*self.0.writer.borrow() {
            writer.wake_by_ref();
        }
    }

    /// Hands over what the kernel takes now; true if that is all.
    pub(super) fn write(&self, stream: &TcpStream) -> io::Result<bool> {
        let mut items = self.0.items.borrow_mut();
        while let Some(first) = items.front() {
            // Mostly it is one, and the system's call for one is the cheaper.
            let written = if items.len() == 1 {
                stream.try_write(&first.bytes)
            } else {
                let mut slices = [IoSlice::new(&[]); AT_ONCE];
                for (slice, item) in slices.iter_mut().zip(items.iter()) {
                    *slice = IoSlice::new(&item.bytes);
                }
                stream.try_write_vectored(&slices[..items.len().min(AT_ONCE)])
            };
            match written {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => self.drop_front(&mut items, written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        if items.capacity() > KEPT_ROOM {
            items.shrink_to(KEPT_ROOM);
        }
        Ok(true)
    }

    /// Ready when all is written.
    fn poll_write(&self, stream: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.write(stream)? {
            ready!(stream.poll_write_ready(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    fn remember_writer(&self, cx: &Context<'_>) {
        let mut writer = self.0.writer.borrow_mut();
        if !writer.as_ref().is_some_and(|writer| writer.will_wake(cx.waker())) {
            *writer = Some(cx.waker().clone());
        }
    }

    fn drop_front(&self, items: &mut VecDeque<Item>, mut written: usize) {
        while let Some(front) = items.front_mut() {
            if written < front.bytes.len() {
                front.bytes.advance(written);
                return;
            }
            written -= front.bytes.len();
            if front.is_counted {
                self.uncount();
            }
            items.pop_front();
        }
    }
}

/// What a peer sends, as it comes.
pub(super) struct Incoming {
    stream: Rc<TcpStream>,
    /// What came with the handshake.
    early: Bytes,
}

impl Stream for Incoming {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.early.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.early))));
        }
        let mut piece = [0; PIECE];
        loop {
            ready!(self.stream.poll_read_ready(cx))?;
            match self.stream.try_read(&mut piece) {
                Ok(0) => return Poll::Ready(None),
                Ok(length) => return Poll::Ready(Some(Ok(Bytes::copy_from_slice(&piece[..length])))),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            }
        }
    }
}

/// A connection whose handshake is over.
pub(super) struct Wire {
    stream: Rc<TcpStream>,
    early: Bytes,
    /// Of the thread that the connection belongs to.
    pub(super) relay: Relay,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, early: Bytes, relay: Relay) -> Self {
        Self { stream: Rc::new(stream), early, relay }
    }

    /// The connection, for whoever writes past the socket's own task.
    pub(super) fn stream(&self) -> Weak<TcpStream> {
        Rc::downgrade(&self.stream)
    }

    /// What the peer sends; to be taken once.
    pub(super) fn incoming(&mut self) -> Incoming {
        Incoming { stream: Rc::clone(&self.stream), early: std::mem::take(&mut self.early) }
    }

    /// Runs `actor`, whose items are control frames, until it ends or the connection does.
    pub(super) async fn carry<S>(self, outbox: Outbox, actor: S)
    where
        S: Stream<Item = Result<Bytes, Error>> + Unpin,
    {
        let Self { stream, .. } = self;
        let carried = Carrier { stream: &stream, outbox, actor, is_over: false }.await;
        // The actor went with the carrier, and with it the other hold on the stream.
        if let (Ok(()), Some(stream)) = (carried, Rc::into_inner(stream)) {
            Box::pin(part(stream)).await;
        }
    }
}

struct Carrier<'a, S> {
    stream: &'a TcpStream,
    outbox: Outbox,
    actor: S,
    is_over: bool,
}

impl<S> Future for Carrier<'_, S>
where
    S: Stream<Item = Result<Bytes, Error>> + Unpin,
{
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.outbox.remember_writer(cx);
        let mut has_no_more = false;
        loop {
            ready!(this.outbox.poll_write(this.stream, cx))?;
            if this.is_over {
                return Poll::Ready(Ok(()));
            }
            if has_no_more {
                return Poll::Pending;
            }
            match Pin::new(&mut this.actor).poll_next(cx) {
                Poll::Ready(Some(Ok(control))) => this.outbox.push(control),
                Poll::Ready(Some(Err(_)) | None) => this.is_over = true,
                Poll::Pending => has_no_more = true,
            }
        }
    }
}

/// Closes our side and waits for the peer's. Closing both at once would answer what is still under way with a reset, and that
/// takes our last frame away from a peer that has not read it yet.
pub(super) async fn part(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut rest = [0; PIECE];
    let silence = async { while matches!(stream.read(&mut rest).await, Ok(1..)) {} };
    let _ = timeout(PARTS_WITHIN, silence).await;
}
