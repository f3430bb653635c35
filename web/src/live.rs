//! Live sockets: `/live` for the panel's pages, `/api/v1/live` for programs.
//!
//! One contract for both: JSON frames `{topic, seq, cursor, kind, id, …, content?}`, numbered per store; a reconnect with the last cursor
//! gets what it lacks. On the panel's socket a dead login is upgraded and closed with 1008, because a refused handshake would be
//! retried for ever; a program gets 401. A foreign `Origin` is refused before the upgrade.

mod relay;
pub mod request;
mod socket;
mod upgrade;
mod wire;

pub(crate) use upgrade::Upgrade;

use actix_web::web;

/// Mounts both sockets. `/api/v1/live` must be mounted before the API's own scope.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/live", web::get().to(request::panel)).route("/api/v1/live", web::get().to(request::api));
}
