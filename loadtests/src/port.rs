//! Free ports below the range from which the system gives out its own.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

use anyhow::{Context, Result};

/// A client's ephemeral port must never take a server's: Linux gives out 32768 and above.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A loopback address that nobody listens on now.
///
/// # Errors
/// If all are taken.
pub fn free() -> Result<SocketAddr> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Another load test of this machine starts elsewhere.
    let start = u16::try_from(std::process::id().wrapping_mul(7_919) % u32::from(COUNT)).unwrap_or_default();
    (0..COUNT)
        .map(|_| {
            let step = NEXT.fetch_add(1, Ordering::Relaxed);
            SocketAddr::from((Ipv4Addr::LOCALHOST, FIRST + start.wrapping_add(step) % COUNT))
        })
        .find(|address| TcpListener::bind(address).is_ok())
        .context("no free port between 20000 and 32000")
}
