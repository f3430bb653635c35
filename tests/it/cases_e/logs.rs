//! A log that nobody takes, or that cannot be written, is the operator's loss and nobody else's.

use std::{
    fs::File,
    io::Read as _,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::cases_a::Intake;

/// Less than this is no full pipe: the system's pipes hold 64 KiB.
const PIPE_BYTES: usize = 60_000;
const DELIVERIES: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn e3_a_log_that_is_full_or_gone_blocks_nothing_and_ends_nothing() -> Result<()> {
    let mut intake = Intake::open(1, &[]).await?;
    // It says a lot.
    intake.node.set("STOREWIRE__LOG__LEVEL", "trace".to_owned());
    let order = intake.buy()?;
    let genuine = intake.record("orders", order).await?.to_string();
    intake.node.stop()?;

    let (mut unread, full) = std::io::pipe()?;
    let (gone, broken) = std::io::pipe()?;
    drop(gone);
    let disk = File::options().write(true).open("/dev/full")?;
    for (round, log) in [Stdio::from(full), Stdio::from(broken), Stdio::from(disk)].into_iter().enumerate() {
        let mut command = intake.node.command(&["serve"]);
        command.stdout(Stdio::null()).stderr(log);
        intake.node.run_by(command)?;
        intake.node.is_ready().await?;
        intake.admin = intake.node.admin().await?;
        let known = intake.count("SELECT count(*) FROM inbox", &[]).await?;
        for number in 0..DELIVERIES {
            let body = genuine.replacen(&order.to_string(), &format!("{}", 1_000_000 * (round + 1) + number), 1);
            intake.send(&intake.delivery("order.created", body.as_bytes())).await?;
        }
        intake.applied().await?;
        let kept = intake.count("SELECT count(*) FROM inbox", &[]).await? - known;
        ensure!(kept == i64::try_from(DELIVERIES)?, "{kept} are kept in round {round}");
        intake.node.stop().with_context(|| format!("round {round}"))?;
    }
    // Whoever reads it late finds what fitted in.
    let mut said = Vec::new();
    unread.read_to_end(&mut said)?;
    ensure!(said.len() >= PIPE_BYTES, "the pipe was never full: {} bytes", said.len());

    // A command whose messages nobody can read does its work as well.
    let (unread, closed) = std::io::pipe()?;
    drop(unread);
    let mut list: Command = intake.node.command(&["migrate"]);
    ensure!(list.stderr(closed).stdout(Stdio::null()).status()?.success());
    Ok(())
}
