//! The physical limit of a page: the same bytes from memory for whatever is asked. No session, no query, no template.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use bytes::Bytes;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Listens, and answers with what the file holds, until standard input ends.
pub(super) async fn serve(address: SocketAddr, file: &Path) -> Result<()> {
    let page = Bytes::from(tokio::fs::read(file).await?);
    let listener = TcpListener::bind(address).await?;
    let accepting = async {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let page = page.clone();
            let answer = service_fn(move |_| {
                let mut response = Response::new(Full::new(page.clone()));
                let html = header::HeaderValue::from_static("text/html; charset=utf-8");
                response.headers_mut().insert(header::CONTENT_TYPE, html);
                async { Ok::<_, Infallible>(response) }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    };
    tokio::select! {
        accepted = accepting => accepted,
        _ = super::input_ends() => Ok(()),
    }
}
