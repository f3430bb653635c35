//! The HTTP listeners: the panel with API and intake, and the private one for metrics.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::rt::net::TcpStream;
use actix_web::{App, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use nix::sys::socket::{setsockopt, sockopt};
use storewire_web::{AppState, Serving, Sockets};

/// A socket whose peer takes nothing for so long is cut by the kernel: its actor stands still with it.
const PEER_MUST_READ_WITHIN_MS: u32 = 20_000;
/// Small, so that a peer that stopped reading is noticed after a few frames rather than megabytes.
const SEND_BUFFER: usize = 64 * 1024;
const STOP_WITHIN: Duration = Duration::from_secs(10);

pub fn panel(listener: TcpListener, state: AppState) -> std::io::Result<(Server, Sockets)> {
    let serving = Serving { workers: None, stop_within: STOP_WITHIN, on_connect: limit_slowness };
    storewire_web::serve(listener, state, serving)
}

pub fn metrics(listener: TcpListener, handle: PrometheusHandle) -> std::io::Result<Server> {
    let handle = web::Data::new(handle);
    let server = HttpServer::new(move || {
        App::new().app_data(handle.clone()).configure(storewire_web::metrics::configure_metrics)
    });
    Ok(server.workers(1).disable_signals().shutdown_timeout(1).listen(listener)?.run())
}

fn limit_slowness(stream: &TcpStream) {
    let timeout = setsockopt(stream, sockopt::TcpUserTimeout, &PEER_MUST_READ_WITHIN_MS);
    let buffer = setsockopt(stream, sockopt::SndBuf, &SEND_BUFFER);
    if let Err(error) = timeout.and(buffer) {
        tracing::debug!(%error, "a connection keeps the system's limits");
    }
}
