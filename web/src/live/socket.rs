//! The one file that names `actix-web-actors`: a browser's socket as an actor.
//!
//! The actor sees a socket in and out; what the feed has for it goes past it (see `relay`). It stands still while the peer does not read
//! (see `wire`), so it judges nobody's slowness: the feed does, and the kernel cuts a dead line.

use std::{rc::Weak, sync::LazyLock, time::Duration};

use actix::{Actor, ActorContext, Addr, AsyncContext, Handler, Message, StreamHandler};
use actix_http::ws::{Codec, OpCode, Parser};
use actix_web::{HttpRequest, HttpResponse, rt::net::TcpStream};
use actix_web_actors::ws::{self, WebsocketContext};
use bytes::{Bytes, BytesMut};
use storewire_actors::feed::{Feed, Join, Leave, Texts, View};
use storewire_db::changes::Cursor;
use storewire_domain::{ReadScope, SessionId};
use uuid::Uuid;

use super::{
    relay::{Relay, Seat},
    upgrade::Handover,
    wire::{Outbox, Wire},
};

/// Nothing comes in but an end.
const BOUND: usize = 2;
/// The most that a peer may send us; it has nothing to say but pongs.
const MAX_INCOMING_BYTES: usize = 4 << 10;
/// Of an unmasked frame's header, bytes.
const LONGEST_HEADER: usize = 10;
const BEAT_EVERY: Duration = Duration::from_secs(storewire_actors::feed::BEAT_SECONDS);
/// A ping for the peer's end of the line, and for the page, which cannot see pings, a beat by which it knows that the line lives.
static BEAT: LazyLock<Bytes> = LazyLock::new(|| {
    let mut bytes = BytesMut::new();
    Parser::write_message(&mut bytes, "", OpCode::Ping, true, false);
    Parser::write_message(&mut bytes, r#"{"kind":"beat"}"#, OpCode::Text, true, false);
    bytes.freeze()
});

/// What a socket listens to.
pub(super) struct Listener {
    pub(super) session: SessionId,
    pub(super) view: View,
    pub(super) scope: ReadScope,
    pub(super) cursor: Option<Cursor>,
}

struct Session {
    id: Uuid,
    feed: Addr<Feed>,
    /// Until it is told to the feed.
    listener: Option<Box<Listener>>,
    relay: Relay,
    stream: Weak<TcpStream>,
    outbox: Outbox,
}

/// Close with this code.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Shut(pub(super) u16);

/// Upgrades and listens.
pub(super) fn open(
    request: &HttpRequest,
    feed: &Addr<Feed>,
    listener: Listener,
) -> Result<HttpResponse, actix_web::Error> {
    let (feed, listener) = (feed.clone(), Some(Box::new(listener)));
    hand_over(request, |wire, outbox| {
        let (id, relay, stream) = (Uuid::now_v7(), wire.relay.clone(), wire.stream());
        Session { id, feed, listener, relay, stream, outbox }
    })
}

/// Upgrades and closes with 1008, which a page does not retry: its login is over.
pub(super) fn refuse(request: &HttpRequest) -> Result<HttpResponse, actix_web::Error> {
    hand_over(request, |_, _| Refused)
}

fn hand_over<A>(
    request: &HttpRequest,
    actor: impl FnOnce(&Wire, Outbox) -> A + 'static,
) -> Result<HttpResponse, actix_web::Error>
where
    A: Actor<Context = WebsocketContext<A>> + StreamHandler<Result<ws::Message, ws::ProtocolError>>,
{
    let mut answer = ws::handshake(request)?.finish();
    answer.extensions_mut().insert(Handover::new(|mut wire: Wire| {
        let outbox = Outbox::default();
        let codec = Codec::new().max_size(MAX_INCOMING_BYTES);
        let actor = actor(&wire, outbox.clone());
        let actor = WebsocketContext::with_codec(actor, wire.incoming(), codec);
        wire.carry(outbox, Box::pin(actor))
    }));
    Ok(answer)
}

impl Actor for Session {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        let Some(listener) = self.listener.take() else { return };
        let (outbox, stream, session) = (self.outbox.clone(), self.stream.clone(), ctx.address().recipient());
        let outlet = self.relay.seat(self.id, Seat { outbox, stream, session });
        let join = Join {
            id: self.id,
            session: listener.session,
            view: listener.view,
            scope: listener.scope,
            cursor: listener.cursor,
            outlet,
        };
        if self.feed.try_send(join).is_err() {
            return close(ctx, 1013);
        }
        ctx.run_interval(BEAT_EVERY, |this, _| this.outbox.push(BEAT.clone()));
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.relay.leave(self.id);
        let _ = self.feed.try_send(Leave { id: self.id });
    }
}

impl Handler<Shut> for Session {
    type Result = ();

    fn handle(&mut self, Shut(code): Shut, ctx: &mut Self::Context) {
        close(ctx, code);
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Session {
    fn handle(&mut self, message: Result<ws::Message, ws::ProtocolError>, ctx: &mut Self::Context) {
        match message {
            Ok(ws::Message::Ping(bytes)) => ctx.pong(&bytes),
            Ok(ws::Message::Close(reason)) => {
                ctx.close(reason);
                ctx.stop();
            }
            // Pages and programs only listen; what they say is not looked at.
            Ok(_) => {}
            Err(_) => ctx.stop(),
        }
    }
}

struct Refused;

impl Actor for Refused {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        close(ctx, 1008);
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Refused {
    fn handle(&mut self, _: Result<ws::Message, ws::ProtocolError>, _: &mut Self::Context) {}
}

fn close<A: Actor<Context = WebsocketContext<A>>>(ctx: &mut WebsocketContext<A>, code: u16) {
    ctx.close(Some(ws::CloseReason { code: ws::CloseCode::from(code), description: None }));
    ctx.stop();
}

/// Text frames as they go over the wire. A server's frames are not masked, so they are the same for every peer.
pub(super) fn encode(texts: &Texts) -> Bytes {
    let mut bytes = BytesMut::with_capacity(texts.iter().map(|text| text.len() + LONGEST_HEADER).sum());
    texts.iter().for_each(|text| Parser::write_message(&mut bytes, text, OpCode::Text, true, false));
    bytes.freeze()
}
