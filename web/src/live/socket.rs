//! The one file that names `actix-web-actors`: a browser's socket as an actor.
//!
//! Its bounded mailbox is its outgoing queue. The actor is driven by the response body and stands still while the peer does not
//! read, so it judges nobody's slowness: the feed does, and the kernel cuts a dead line (see `tune`).

use std::time::Duration;

use actix::{Actor, ActorContext, AsyncContext, Handler, StreamHandler};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_web_actors::ws;
use storewire_actors::feed::{Frame, Join, Leave, View};
use storewire_db::changes::Cursor;
use storewire_domain::{ReadScope, SessionId};
use uuid::Uuid;

use crate::state::AppState;

/// Frames that may wait for a peer; beyond, the feed catches it up from the log.
const BOUND: usize = 256;
/// The most that a peer may send us; it has nothing to say but pongs.
const MAX_INCOMING_BYTES: usize = 4 << 10;
/// A page cannot see pings, so it is sent a beat by which it knows that the line lives.
const BEAT: Duration = Duration::from_secs(storewire_actors::feed::BEAT_SECONDS);

/// What a socket listens to.
pub(super) struct Listener {
    pub(super) session: SessionId,
    pub(super) view: View,
    pub(super) scope: ReadScope,
    pub(super) cursor: Option<Cursor>,
}

struct Session {
    id: Uuid,
    state: AppState,
    listener: Option<Listener>,
}

/// Upgrades and listens.
pub(super) fn open(
    request: &HttpRequest,
    stream: web::Payload,
    state: &AppState,
    listener: Listener,
) -> Result<HttpResponse, actix_web::Error> {
    let session = Session { id: Uuid::now_v7(), state: state.clone(), listener: Some(listener) };
    ws::WsResponseBuilder::new(session, request, stream).frame_size(MAX_INCOMING_BYTES).start()
}

/// Upgrades and closes with 1008, which a page does not retry: its login is over.
pub(super) fn refuse(request: &HttpRequest, stream: web::Payload) -> Result<HttpResponse, actix_web::Error> {
    ws::WsResponseBuilder::new(Refused, request, stream).frame_size(MAX_INCOMING_BYTES).start()
}

impl Actor for Session {
    type Context = ws::WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(BOUND);
        let Some(listener) = self.listener.take() else { return };
        let join = Join {
            id: self.id,
            session: listener.session,
            view: listener.view,
            scope: listener.scope,
            cursor: listener.cursor,
            recipient: ctx.address().recipient(),
        };
        if self.state.engine.feed().try_send(join).is_err() {
            return close(ctx, 1013);
        }
        ctx.run_interval(BEAT, |_, ctx| {
            ctx.ping(b"");
            ctx.text(r#"{"kind":"beat"}"#);
        });
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        let _ = self.state.engine.feed().try_send(Leave { id: self.id });
    }
}

impl Handler<Frame> for Session {
    type Result = ();

    fn handle(&mut self, frame: Frame, ctx: &mut Self::Context) {
        match frame {
            Frame::Text(text) => ctx.text(&*text),
            Frame::Texts(texts) => texts.iter().for_each(|text| ctx.text(&**text)),
            Frame::Close(code) => close(ctx, code),
        }
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
    type Context = ws::WebsocketContext<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        close(ctx, 1008);
    }
}

impl StreamHandler<Result<ws::Message, ws::ProtocolError>> for Refused {
    fn handle(&mut self, _: Result<ws::Message, ws::ProtocolError>, _: &mut Self::Context) {}
}

fn close<A: Actor<Context = ws::WebsocketContext<A>>>(ctx: &mut ws::WebsocketContext<A>, code: u16) {
    ctx.close(Some(ws::CloseReason { code: ws::CloseCode::from(code), description: None }));
    ctx.stop();
}
