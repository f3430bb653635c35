//! Bodies that would cost more than they weigh.

use anyhow::{Context as _, Result, ensure};
use tokio::task::JoinSet;

use super::Intake;

const BOMBS: usize = 50;
const ALLOWED_KIB: u64 = 8 << 10;

/// A gzip member of zeros: one literal, then copies of 258 bytes at 13 bits each, with fixed codes.
fn gzip_bomb(decoded: usize) -> Vec<u8> {
    let mut bits = String::from("110") + "00110000";
    bits.push_str(&"1100010100000".repeat(decoded / 258));
    bits.push_str("0000000");
    let bits = bits.into_bytes();
    let byte = |bits: &[u8]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit == b'1'));
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    header.into_iter().chain(bits.chunks(8).map(byte)).collect()
}

/// A line of the process's `status`, in KiB.
pub fn memory(pid: u32, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
    Ok(line.trim_matches(|sign: char| !sign.is_ascii_digit()).parse()?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a9_fifty_bombs_at_once_are_refused_without_being_read_and_cost_next_to_nothing() -> Result<()> {
    let intake = Intake::open(1, &[]).await?;
    let pid = intake.node.pid().context("it runs")?;
    let bomb = intake.delivery("order.updated", &gzip_bomb(160 << 20)).with("Content-Encoding", "gzip");
    let large = intake.delivery("order.updated", &vec![b' '; 9 << 20]);
    // Once, so that what is needed once is there.
    for (post, status) in [(&bomb, 415), (&large, 413)] {
        ensure!(post.send(intake.node.port).await? == status);
    }
    let before = memory(pid, "VmRSS:")?;
    std::fs::write(format!("/proc/{pid}/clear_refs"), "5").context("the peak is counted anew")?;
    let mut senders = JoinSet::new();
    for number in 0..BOMBS {
        let (post, port) = (if number % 5 == 0 { large.clone() } else { bomb.clone() }, intake.node.port);
        senders.spawn(async move { anyhow::Ok((post.send(port).await?, if number % 5 == 0 { 413 } else { 415 })) });
    }
    while let Some(answered) = senders.join_next().await {
        let (status, wanted) = answered??;
        ensure!(status == wanted, "answered {status}, not {wanted}");
    }
    let peak = memory(pid, "VmHWM:")?;
    ensure!(peak < before + ALLOWED_KIB, "{before} KiB became {peak} KiB");
    ensure!(intake.count("SELECT count(*) FROM inbox", &[]).await? == 0);
    Ok(())
}
