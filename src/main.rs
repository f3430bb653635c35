//! Storewire, the binary: parses the command line, runs one command, and exits with a code that tells how it went.

mod app;
mod cli;
mod config;
mod data_dir;
mod demo;
mod doctor;
mod embedded;
mod failure;
mod lifecycle;
mod loopback;
mod output;
mod rehearse;
mod storage;
mod telemetry;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    // Read from FAILPOINTS, for tests that make a part fail; release builds have none.
    #[cfg(debug_assertions)]
    let _failpoints = fail::FailScenario::setup();
    let code = run();
    telemetry::flush();
    code
}

fn run() -> ExitCode {
    // Two providers are compiled in by our dependencies: without this choice rustls would refuse to make any.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        output::say("another TLS provider was installed first");
        return ExitCode::FAILURE;
    }
    match cli::Cli::parse().run() {
        Ok(()) if telemetry::has_crashed() => {
            output::say("stopped, but a part of the program had crashed: see the log");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::say(&format!("storewire: {failure}"));
            ExitCode::from(failure.exit as u8)
        }
    }
}
