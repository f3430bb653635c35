//! What the feed is told.

use actix::Message;
use storewire_db::changes::Cursor;
use storewire_domain::{ReadScope, SessionId};
use uuid::Uuid;

use super::{Outlet, View};

/// A socket wants to listen. Sent by the session after its login was checked; the scope is what it may see.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Join {
    /// The socket's own id, fresh for each connection.
    pub id: Uuid,
    pub session: SessionId,
    pub view: View,
    pub scope: ReadScope,
    /// Where it stopped listening; `None` to start from now.
    pub cursor: Option<Cursor>,
    pub outlet: Outlet,
}

/// A socket is gone. Safe twice.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Leave {
    pub id: Uuid,
}

/// A login ended: its sockets are closed.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Revoke {
    pub session: SessionId,
}

/// Something was committed.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Changed;

/// The node stops: close every socket with "try again".
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Close;
