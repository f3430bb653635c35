//! Lives of the binary, one after the other: started, left to work, ended as planned.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::Result;
use nix::sys::signal::Signal;

use super::database::Database;
use super::deaths::{Death, Harm};
use super::node::Node;

const LOOK_EVERY: Duration = Duration::from_millis(20);
/// More lives in which a place that was not come to is armed again.
const TRIES: usize = 1;

/// How the lives ended.
#[derive(Clone, Debug, Default)]
pub struct Obituary {
    /// Deaths at a named place.
    pub at_places: BTreeMap<&'static str, usize>,
    /// Deaths by `kill -9` from outside.
    pub at_random: usize,
    /// Starts that found no database, and ends for want of one.
    pub without_database: usize,
    /// Ends that nobody had planned.
    pub by_itself: Vec<String>,
    /// Panics that were planned.
    pub panics: usize,
}

impl Obituary {
    #[must_use]
    pub fn kills(&self) -> usize {
        self.at_random + self.at_places.values().sum::<usize>()
    }
}

/// Lets the binary live and die until the time is over or nothing more is planned; afterwards it does not run.
///
/// # Errors
/// If it cannot be started, or neither serves nor ends.
pub async fn live(node: &mut Node, database: &Database, deaths: &[Death], until: Instant) -> Result<Obituary> {
    let mut ends = Obituary::default();
    for death in deaths {
        let mut tries = 0;
        while Instant::now() < until {
            match one(node, database, death, until, &mut ends).await? {
                // Once is enough to see how it fares without.
                End::WithoutDatabase => database.answers(until).await,
                End::Elsewhere if death.is_of_a_place() && tries < TRIES => tries += 1,
                End::Elsewhere | End::AtPlace => break,
            }
        }
    }
    node.kill()?;
    Ok(ends)
}

/// How a life ended.
enum End {
    /// At the place that it was to end at.
    AtPlace,
    /// Somewhere else, by `kill -9`.
    Elsewhere,
    /// It never began.
    WithoutDatabase,
}

/// One life.
async fn one(node: &mut Node, database: &Database, death: &Death, until: Instant, ends: &mut Obituary) -> Result<End> {
    let armed = death.armed.map(|armed| armed.failpoints());
    node.start(armed.as_deref())?;
    let is_ready = node.is_ready().await?;
    if is_ready {
        let over = (Instant::now() + death.after).min(until);
        while Instant::now() < over && node.ended()?.is_none() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
    let ended = node.ended()?;
    match (ended, death.armed) {
        (None, armed) => {
            node.kill()?;
            ends.at_random += 1;
            ends.panics += usize::from(armed.is_some_and(|armed| armed.harm == Harm::Panic));
        }
        (Some(status), Some(armed)) if armed.harm == Harm::Death && is_planned(status) => {
            *ends.at_places.entry(armed.place).or_default() += 1;
            return Ok(End::AtPlace);
        }
        // Only a start may fail for want of a database: whoever serves waits for it.
        (Some(_), _) if !is_ready && database.was_hurt() => {
            ends.without_database += 1;
            return Ok(End::WithoutDatabase);
        }
        (Some(status), _) => ends.by_itself.push(format!("{status}\n{}", node.tail())),
    }
    Ok(End::Elsewhere)
}

fn is_planned(status: ExitStatus) -> bool {
    status.signal() == Some(Signal::SIGABRT as i32)
}
