//! A network line between a browser and the node, which can be cut and mended.

use anyhow::Result;
use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use crate::node::free_port;

/// See the module.
pub struct Line {
    port: u16,
    node: u16,
    carrier: Option<JoinHandle<()>>,
}

impl Line {
    /// A line to the node at this port.
    pub async fn to(node: u16) -> Result<Self> {
        let mut line = Self { port: free_port()?, node, carrier: None };
        line.mend().await?;
        Ok(line)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends every connection on both sides; new ones are refused.
    pub async fn cut(&mut self) {
        if let Some(carrier) = self.carrier.take() {
            carrier.abort();
            // When it has ended, so have the listener and every connection that it held.
            let _ = carrier.await;
        }
    }

    /// Takes connections again.
    pub async fn mend(&mut self) -> Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await?;
        self.carrier = Some(tokio::spawn(carry(listener, self.node)));
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(carrier) = self.carrier.take() {
            carrier.abort();
        }
    }
}

async fn carry(listener: TcpListener, node: u16) {
    let mut connections = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        connections.spawn(async move {
            if let Ok(mut far) = TcpStream::connect(("127.0.0.1", node)).await {
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            }
        });
        while connections.try_join_next().is_some() {}
    }
}
