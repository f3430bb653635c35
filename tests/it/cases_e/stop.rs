//! An orderly end in the middle of everything.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use storesim::Faults;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use crate::{connected::Connected, node::until};

const SOCKETS: usize = 30;
const CYCLES: usize = 2;
const STOPS_WITHIN: Duration = Duration::from_secs(30);
/// Of sockets that are to come again: going away, or a restart.
const COME_AGAIN: [u16; 2] = [1001, 1012];

#[tokio::test(flavor = "multi_thread")]
async fn e4_told_to_stop_it_closes_every_socket_ends_its_work_and_exits_with_0() -> Result<()> {
    let scene = Connected::open(3).await?;
    let token = scene.log_in().await?.token;
    let Connected { mut node, sim, fleet, .. } = scene;
    for _ in 0..CYCLES {
        fleet.set_rate(30.0);
        // One shop is always in the middle of an answer.
        fleet.set_faults(2, Faults { slow_ms: 1_500, ..Faults::default() });
        let mut sockets = JoinSet::new();
        for _ in 0..SOCKETS {
            let mut request = node.url("/api/v1/live").replacen("http", "ws", 1).into_client_request()?;
            request.headers_mut().insert("authorization", format!("Bearer {token}").parse()?);
            let (mut socket, _) = tokio_tungstenite::connect_async(request).await?;
            sockets.spawn(async move {
                while let Some(message) = socket.next().await {
                    if let Message::Close(reason) = message? {
                        return Ok(reason.map(|reason| u16::from(reason.code)));
                    }
                }
                anyhow::bail!("the socket ended without a word")
            });
        }
        let admin = node.admin().await?;
        let is_at_work = "SELECT count(*) > 5 FROM inbox WHERE received_at > now() - interval '5 s'";
        until(Duration::from_secs(30), "traffic", || async { Ok(admin.query_one(is_at_work, &[]).await?.get(0)) })
            .await?;
        let told = Instant::now();
        tokio::task::block_in_place(|| node.stop())?;
        ensure!(told.elapsed() < STOPS_WITHIN, "it took {:?}: {}", told.elapsed(), node.tail());
        while let Some(closed) = sockets.join_next().await {
            let code = closed?.context("a socket was not told")?;
            ensure!(code.is_some_and(|code| COME_AGAIN.contains(&code)), "a socket was closed with {code:?}");
        }
        fleet.set_faults(2, Faults::default());
        node.start().await?;
    }
    fleet.set_rate(0.0);
    sim.quiesce().await?;
    let admin = node.admin().await?;
    let agrees = until(Duration::from_secs(60), "the copies equal the shops", || async {
        Ok(storewire_oracle::compare(&sim, &admin).await?.is_equal())
    })
    .await;
    ensure!(agrees.is_ok(), "{}\n{}", storewire_oracle::compare(&sim, &admin).await?, node.tail());
    node.stop()
}
