//! `storewire doctor`

use clap::Args;

use super::Installation;
use crate::doctor::{self, Verdict};
use crate::failure::{Exit, Failure, Outcome};
use crate::output;

/// Check this installation and say what to do about what is wrong
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire doctor\n  \
    storewire doctor --json | jq '.[] | select(.verdict != \"ok\")'\n  \
    storewire doctor --ready            exit 0 when the running server answers /readyz: for health checks")]
pub struct Doctor {
    #[command(flatten)]
    installation: Installation,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
    /// Only ask the running server whether it is ready
    #[arg(long, conflicts_with = "json")]
    ready: bool,
}

impl Doctor {
    pub fn run(self) -> Outcome {
        let config = self.installation.load_quietly()?;
        if self.ready {
            return doctor::ready(&config);
        }
        let findings = doctor::examine(&config)?;
        if self.json {
            output::json(&findings)?;
        } else {
            for finding in &findings {
                output::line(&format!("{:<5} {:<10} {}", finding.verdict.word(), finding.about, finding.found))?;
                if let Some(advice) = &finding.advice {
                    output::line(&format!("{:<16} -> {advice}", ""))?;
                }
            }
        }
        let wrong = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).count();
        if wrong == 0 { Ok(()) } else { Err(Failure::new(Exit::Failed, format!("{wrong} of the checks failed"))) }
    }
}
