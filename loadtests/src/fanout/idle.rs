//! What a socket weighs while nothing happens, and how quickly sockets are opened.

use std::net::SocketAddr;

use anyhow::Result;
use serde::Serialize;

use super::step;
use crate::crowd::Crowd;
use crate::floor::{Floor, Kind};
use crate::memory::Resident;
use crate::report::per_second;
use crate::rig::Rig;

/// Sockets opened before and kept, so that what a server needs for the first of them is not laid on the others.
const WARM: usize = 100;

/// What a crowd weighs.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Idle {
    pub sockets: usize,
    pub bytes_each: u64,
    /// Logged in, and told that it is live.
    pub opened_per_second: u64,
}

/// The product, then the limit.
pub(super) async fn compare(rig: &Rig, frame_bytes: u64, sockets: usize) -> Result<(Idle, Idle)> {
    let ours = weigh(rig.address, step::PATH, &step::login(rig), sockets, || rig.memory()).await?;
    let floor = Floor::start(Kind::Broadcast, &frame_bytes.to_string()).await?;
    let pid = floor.pid()?;
    let limit = weigh(floor.address(), "/", "", sockets, || Resident::of(pid)).await?;
    floor.stop().await?;
    Ok((ours, limit))
}

async fn weigh(
    address: SocketAddr,
    path: &str,
    headers: &str,
    sockets: usize,
    memory: impl Fn() -> Result<Resident>,
) -> Result<Idle> {
    let warm = Crowd::gather(address, path, headers, WARM.min(sockets)).await?;
    let before = memory()?.now;
    let crowd = Crowd::gather(address, path, headers, sockets).await?;
    let grown = memory()?.now.saturating_sub(before);
    crowd.ensure_whole()?;
    warm.ensure_whole()?;
    let count = u64::try_from(sockets)?;
    let opened_per_second = per_second(count, crowd.gathered_in);
    eprintln!("{sockets} idle sockets: {grown} KiB in all, {opened_per_second} opened a second");
    Ok(Idle { sockets, bytes_each: (grown << 10) / count.max(1), opened_per_second })
}
