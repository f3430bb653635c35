//! A process that may open no more files.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use tokio::net::TcpStream;

use crate::{
    cases_a::Intake,
    node::{self, Node, until},
};

const FILES: usize = 256;
const SALES: usize = 10;
/// How long nothing more can be opened.
const CROWDED_FOR: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn e3_without_a_file_left_to_open_it_takes_nothing_new_lives_on_and_catches_up_by_itself() -> Result<()> {
    let mut intake = Intake::open(1, &[("PULL_INTERVAL", "1s"), ("HOOKS_INTERVAL", "1s")]).await?;
    intake.fleet.set_faults(1, storesim::Faults::default());
    // Its PostgreSQL was started without a limit, and is found again.
    intake.node.kill()?;
    let limited = limited(&intake.node);
    intake.node.run_by(limited)?;
    intake.node.is_ready().await?;
    intake.admin = intake.node.admin().await?;
    let pid = intake.node.pid().context("it runs")?;
    let before = open_files(pid)?;
    ensure!(before < FILES, "{before} files are open");

    let address = ("127.0.0.1", intake.node.port);
    let mut crowd = Vec::new();
    let crowded = Instant::now() + CROWDED_FOR;
    let (mut most, mut sold) = (0, 0);
    while Instant::now() < crowded {
        // Those that said nothing for five seconds are sent away: others come for them.
        while crowd.len() < FILES + 100 {
            crowd.push(TcpStream::connect(address).await?);
        }
        most = most.max(open_files(pid)?);
        if most >= FILES - 1 && sold < SALES {
            intake.fleet.buy(1, None, 1).context("something is for sale")?;
            sold += 1;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ensure!(most >= FILES - 1 && sold == SALES, "{most} files were open, {sold} sold meanwhile");
    ensure!(intake.node.ended()?.is_none(), "it ended: {}", intake.node.tail());
    drop(crowd);

    let sim = node::sim(&intake.fleet);
    sim.quiesce().await?;
    let agrees = until(Duration::from_secs(60), "the copy equals the shop", || async {
        Ok(storewire_oracle::compare(&sim, &intake.admin).await?.is_equal())
    })
    .await;
    ensure!(agrees.is_ok(), "{}\n{}", storewire_oracle::compare(&sim, &intake.admin).await?, intake.node.tail());
    intake.send(&intake.delivery("order.updated", br#"{"id":1}"#)).await?;
    ensure!(intake.node.pid() == Some(pid) && intake.node.ended()?.is_none(), "it ended: {}", intake.node.tail());
    ensure!(intake.count("SELECT count(*) FROM dead_letter WHERE cause = 'crashed'", &[]).await? == 0);
    Ok(())
}

/// The server with so few files to open.
fn limited(node: &Node) -> Command {
    let plain = node.command(&["serve"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -n {FILES}; exec \"$0\" serve")]).arg(plain.get_program());
    shell.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Ok(log) = std::fs::File::options().create(true).append(true).open(node.folder.path().join("log")) {
        shell.stderr(log);
    }
    shell
}

fn open_files(pid: u32) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{pid}/fd"))?.count())
}
