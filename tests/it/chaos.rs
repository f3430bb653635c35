//! A short run of the fault laboratory with a fixed plan.

use std::time::Duration;

use anyhow::{Result, ensure};
use storewire_loadtests::chaos::{self, Options};

#[tokio::test(flavor = "multi_thread")]
async fn after_everything_went_wrong_nothing_is_lost_or_doubled_and_every_write_is_accounted_for() -> Result<()> {
    let options = Options {
        storewire: env!("CARGO_BIN_EXE_storewire").into(),
        stores: 6,
        seed: 7,
        time: Duration::from_secs(10),
        kills: None,
        rate: 10,
        within: Duration::from_secs(60),
        folder: std::env::temp_dir(),
    };
    let outcome = chaos::run(&options, &|line| println!("{line}")).await?;
    ensure!(outcome.holds(), "{outcome}");
    ensure!(outcome.unproven().is_empty(), "there was nothing to count for {:?}:\n{outcome}", outcome.unproven());
    Ok(())
}
