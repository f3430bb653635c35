//! Takes an upgraded connection out of the HTTP server: what HTTP needs per connection, two buffers of 8 KiB before all, is given
//! back, and the socket lives on as a small task of its own.
//!
//! The request goes through the app like every other, with all its layers. A handler that wants the connection says so in
//! its answer, by a [`Handover`]; any other answer is sent and the connection closed.

use std::{
    future::{Future, poll_fn},
    io,
    pin::{Pin, pin},
    rc::Rc,
};

use actix_codec::Framed;
use actix_http::{ConnectionType, Request, Response, h1};
use actix_service::{Service, always_ready};
use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::ServiceResponse,
    rt::net::TcpStream,
};
use bytes::Bytes;
use futures_util::SinkExt as _;
use tokio_util::task::TaskTracker;

use super::{
    relay::Relay,
    wire::{Wire, part},
};

type Connection = Framed<TcpStream, h1::Codec>;
type Local<T> = Pin<Box<dyn Future<Output = T>>>;

/// What becomes of a connection after its answer was sent; in the extensions of a 101.
pub(super) struct Handover(Box<dyn FnOnce(Wire) -> Local<()>>);

impl Handover {
    pub(super) fn new<F: Future<Output = ()> + 'static>(socket: impl FnOnce(Wire) -> F + 'static) -> Self {
        Self(Box::new(|wire| Box::pin(socket(wire))))
    }
}

/// Serves connections that ask to be upgraded.
pub(crate) struct Upgrade<S> {
    app: Rc<S>,
    sockets: TaskTracker,
    relay: Relay,
}

impl<S> Upgrade<S> {
    /// Must be called on the thread that serves these connections.
    pub(crate) fn new(app: S, sockets: TaskTracker) -> Self {
        Self { app: Rc::new(app), sockets, relay: Relay::start() }
    }
}

impl<S, B> Service<(Request, Connection)> for Upgrade<S>
where
    S: Service<Request, Response = ServiceResponse<B>> + 'static,
    S::Error: Into<Response<BoxBody>>,
    B: MessageBody + 'static,
{
    type Response = ();
    type Error = Error;
    type Future = Local<Result<(), Error>>;

    always_ready!();

    fn call(&self, (request, mut connection): (Request, Connection)) -> Self::Future {
        let (app, sockets, relay) = (Rc::clone(&self.app), self.sockets.clone(), self.relay.clone());
        Box::pin(async move {
            let mut answer = match app.call(request).await {
                Ok(answer) => answer.map_into_boxed_body().into(),
                Err(error) => error.into(),
            };
            let handover = answer.extensions_mut().remove::<Handover>();
            if handover.is_none() {
                answer.head_mut().set_connection_type(ConnectionType::Close);
            }
            send(&mut connection, answer).await?;
            let parts = connection.into_parts();
            let socket = match handover {
                // A copy: a peer hardly ever speaks this early, and the buffer is large.
                Some(Handover(open)) => open(Wire::new(parts.io, Bytes::copy_from_slice(&parts.read_buf), relay)),
                None => Box::pin(part(parts.io)),
            };
            actix_web::rt::spawn(sockets.track_future(socket));
            Ok(())
        })
    }
}

async fn send(connection: &mut Connection, answer: Response<BoxBody>) -> io::Result<()> {
    let (head, body) = answer.into_parts();
    connection.feed(h1::Message::Item((head, body.size()))).await?;
    let mut body = pin!(body);
    while let Some(chunk) = poll_fn(|cx| body.as_mut().poll_next(cx)).await {
        let chunk = chunk.map_err(|error| io::Error::other(error.to_string()))?;
        connection.feed(h1::Message::Chunk(Some(chunk))).await?;
    }
    connection.send(h1::Message::Chunk(None)).await
}
