//! Carries a socket's bytes between its actor and its connection, and keeps nothing for a socket that is quiet.
//!
//! What the actor wants written waits in its [`Outbox`] by reference: the bytes of a frame are the same for every socket of a view. The
//! actor stands still until all of it is written, so a peer that does not read fills the actor's bounded mailbox and nothing else.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::Future,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{Error, error::PayloadError, rt::net::TcpStream};
use bytes::{Buf as _, Bytes};
use futures_util::Stream;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    time::timeout,
};

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
pub(super) struct Outbox(Rc<RefCell<VecDeque<Bytes>>>);

impl Outbox {
    /// Whole WebSocket frames, one or more.
    pub(super) fn push(&self, frames: Bytes) {
        self.0.borrow_mut().push_back(frames);
    }

    /// Ready when all is written.
    fn poll_write(&self, stream: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut waiting = self.0.borrow_mut();
        while !waiting.is_empty() {
            let mut slices = [IoSlice::new(&[]); AT_ONCE];
            for (slice, bytes) in slices.iter_mut().zip(waiting.iter()) {
                *slice = IoSlice::new(bytes);
            }
            match stream.try_write_vectored(&slices[..waiting.len().min(AT_ONCE)]) {
                Ok(0) => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                Ok(written) => drop_front(&mut waiting, written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => ready!(stream.poll_write_ready(cx))?,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        if waiting.capacity() > KEPT_ROOM {
            waiting.shrink_to(KEPT_ROOM);
        }
        Poll::Ready(Ok(()))
    }
}

fn drop_front(waiting: &mut VecDeque<Bytes>, mut written: usize) {
    while let Some(front) = waiting.front_mut() {
        if written < front.len() {
            front.advance(written);
            return;
        }
        written -= front.len();
        waiting.pop_front();
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
}

impl Wire {
    pub(super) fn new(stream: TcpStream, early: Bytes) -> Self {
        Self { stream: Rc::new(stream), early }
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
