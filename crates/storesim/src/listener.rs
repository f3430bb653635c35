//! One port for both: a first byte of 0x16 opens a TLS handshake, anything else is plain HTTP.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::router::Router;

const TLS_HANDSHAKE: u8 = 0x16;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Listens on an address and, with the same port, on those after it.
///
/// # Errors
/// When one is taken, or there are none after it.
pub async fn bind(first: SocketAddr, count: usize) -> anyhow::Result<Vec<TcpListener>> {
    let listen = async |at: SocketAddr| TcpListener::bind(at).await.with_context(|| format!("listen on {at}"));
    let mut listeners = vec![listen(first).await?];
    let mut last = listeners.first().context("a first listener")?.local_addr()?;
    while listeners.len() < count {
        let IpAddr::V4(ip) = last.ip() else { bail!("{last}: only IPv4 has further loopback addresses") };
        last.set_ip(IpAddr::V4((u32::from(ip) + 1).into()));
        ensure!(last.ip().is_loopback(), "{last} is no loopback address");
        listeners.push(listen(last).await?);
    }
    Ok(listeners)
}

/// Takes connections until it is dropped; their tasks end with it.
pub async fn serve(listener: TcpListener, acceptor: TlsAcceptor, router: Arc<Router>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(connection(stream, peer, acceptor.clone(), Arc::clone(&router)));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    // Out of file handles, most likely: give others time to close.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, acceptor: TlsAcceptor, router: Arc<Router>) {
    let mut first = [0];
    let opened = tokio::time::timeout(HANDSHAKE_TIMEOUT, stream.peek(&mut first)).await;
    if !matches!(opened, Ok(Ok(1))) {
        return;
    }
    let _ = stream.set_nodelay(true);
    if first == [TLS_HANDSHAKE] {
        match tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => converse(stream, peer, true, router).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
        }
    } else {
        converse(stream, peer, false, router).await;
    }
}

async fn converse<S>(stream: S, peer: SocketAddr, is_tls: bool, router: Arc<Router>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| {
        let router = Arc::clone(&router);
        async move { router.answer(request, peer, is_tls).await }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%peer, %error, "connection ended");
    }
}
