//! The public listener: the app, and the door through which sockets leave it.
//!
//! Built from the parts of which actix-web's `HttpServer` is made, with its defaults, because that has no place for
//! [`live::Upgrade`]: connections that ask to be upgraded reach the same app by it, and stay with it when they are sockets.

use std::{net::TcpListener, time::Duration};

use actix_http::{HttpService, KeepAlive};
use actix_server::Server;
use actix_service::{IntoServiceFactory as _, ServiceFactory as _, ServiceFactoryExt as _, fn_factory, map_config};
use actix_web::{dev::AppConfig, rt::net::TcpStream};
use tokio_util::task::TaskTracker;

use crate::{live, state::AppState};

/// A request's head must have arrived by then.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// How long a peer may take to close its side of a connection that we closed.
const PARTS_WITHIN: Duration = Duration::from_secs(1);

/// How the listener treats its connections.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    /// Threads that serve; as many as there are cores when `None`.
    pub workers: Option<usize>,
    /// How long a graceful stop waits for requests under way.
    pub stop_within: Duration,
    /// Told of every connection before anything is read from it.
    pub on_connect: fn(&TcpStream),
}

/// The open sockets. They are not among the server's connections, so who stops the server waits for these too.
#[derive(Clone, Debug)]
pub struct Sockets(TaskTracker);

impl Sockets {
    /// Returns when every socket has ended. Nothing is ended by it: the feed closes them when the engine stops.
    pub async fn ended(&self) {
        self.0.close();
        self.0.wait().await;
    }
}

/// Serves `state`. Must be called on an actix system; signals are the caller's.
///
/// # Errors
/// If the listener cannot be used.
pub fn serve(listener: TcpListener, state: AppState, serving: Serving) -> std::io::Result<(Server, Sockets)> {
    let address = listener.local_addr()?;
    let sockets = TaskTracker::new();
    let mut builder = Server::build().disable_signals().shutdown_timeout(serving.stop_within.as_secs());
    if let Some(workers) = serving.workers {
        builder = builder.workers(workers);
    }
    let stops = builder.graceful_shutdown_signal();
    let tracker = sockets.clone();
    let builder = builder.listen("storewire", listener, move || {
        let stops = stops.clone();
        let app = {
            let state = state.clone();
            move || {
                let app = crate::app!(state.clone()).into_factory();
                map_config(app.map_err(|error| error.error_response()), |()| AppConfig::default())
            }
        };
        let sockets = tracker.clone();
        let upgraded = app.clone();
        let upgrade = fn_factory(move || {
            let (app, sockets) = (upgraded().new_service(()), sockets.clone());
            async move { Ok::<_, ()>(live::Upgrade::new(app.await?, sockets)) }
        });
        HttpService::build()
            .graceful_shutdown_signal(move || {
                let stops = stops.clone();
                async move { stops.notified().await }
            })
            .keep_alive(KeepAlive::default())
            .client_request_timeout(HEAD_WITHIN)
            .client_disconnect_timeout(PARTS_WITHIN)
            // A frame must not wait until the peer has acknowledged the one before.
            .tcp_nodelay(true)
            .local_addr(address)
            .on_connect_ext(move |stream: &TcpStream, _| (serving.on_connect)(stream))
            .upgrade(upgrade)
            .finish(app())
            .tcp()
    })?;
    Ok((builder.run(), Sockets(sockets)))
}
