//! What the oracle finds once everything is over, check by check.

use anyhow::Result;
use storewire_oracle::frames::Heads;
use storewire_oracle::letters::Injected;
use storewire_oracle::{Check, Finding, KINDS, Sim, Verdict, Watcher, compare_kinds, frames, letters, log, writes};
use tokio_postgres::Client;

use super::lives::Obituary;
use super::poison;
use super::sockets::Socket;
use super::stage::{Memory, Stage};

/// In every body that a simulated shop shows with an amount that is none.
const DAMAGED_TOTAL: &str = "\"total\":{}";

/// Both sides, and what was watched and remembered.
pub struct Evidence<'a> {
    pub sim: &'a Sim,
    pub admin: &'a Client,
    pub stage: &'a Stage,
    pub sockets: &'a [Socket],
    pub watchers: &'a [Watcher],
    /// The part of the change log that the watchers must have been shown.
    pub since: &'a Heads,
    pub until: &'a Heads,
    pub ends: &'a Obituary,
}

impl Evidence<'_> {
    /// Every check, and how much there was of everything, so that nobody takes an empty run for a good one.
    ///
    /// # Errors
    /// If one of the sides does not answer.
    pub async fn judge(&self) -> Result<(Vec<Check>, String)> {
        let (admin, memory) = (self.admin, self.stage.memory());
        let [lost, missing] = of_copies(compare_kinds(self.sim, admin, &KINDS).await?);
        let writes = writes::judge(self.sim, admin, &memory.promised).await?;
        let amounts = format!("{}; {writes}", self.amounts(&memory));
        let injected = Injected {
            bodies: memory.poison.clone(),
            marks: vec![poison::MARK.to_owned(), DAMAGED_TOTAL.to_owned()],
            records: memory.broken.clone(),
        };
        let checks = vec![
            lost,
            log::doubled(admin).await?,
            log::gone_back_by(admin, &memory.clocks).await?,
            missing,
            writes.doubled,
            writes.unaccounted,
            letters::unexplained(admin, &injected).await?,
            letters::believed(admin).await?,
            frames::missing(admin, self.watchers, self.since, self.until).await?,
            log::gaps(admin).await?,
            self.surprises(&memory),
        ];
        Ok((checks, amounts))
    }

    fn surprises(&self, memory: &Memory) -> Check {
        let ended = self.ends.by_itself.iter().map(|end| format!("the binary ended by itself: {end}"));
        let broken = memory.scandals.iter().cloned().chain(ended).collect();
        Check { name: "surprises", counted: self.ends.kills(), broken }
    }

    fn amounts(&self, memory: &Memory) -> String {
        let opened: usize = self.sockets.iter().map(Socket::connections).sum();
        format!(
            "deeds {}, clocks set {}, copies of shops {}, connections to PostgreSQL cut {}, poison {}, writes promised {}, \
             refused {} and not waited for {}, sockets opened {opened} times",
            memory.deeds,
            memory.clocks_set,
            memory.copies,
            self.stage.wire.cuts().len(),
            memory.poison.len(),
            memory.promised.len(),
            memory.refused_wishes,
            memory.given_up,
        )
    }
}

/// Whether every copy is its shop, and every delivery that was acknowledged is there.
pub fn of_copies(found: Verdict) -> [Check; 2] {
    let lost = Check {
        name: "lost",
        counted: found.findings.iter().map(|finding| finding.in_shop).sum(),
        broken: found.findings.iter().filter(|finding| !finding.is_equal()).flat_map(differences).collect(),
    };
    let missing =
        Check { name: "acknowledged deliveries missing", counted: found.acknowledged, broken: found.lost_deliveries };
    [lost, missing]
}

/// What differs in one kind of one shop: the sums, and some of the records.
fn differences(finding: &Finding) -> Vec<String> {
    let Finding { store, kind, in_shop, in_copy, shop_totals, copy_totals, .. } = finding;
    let sums = format!("{store}, {kind}: shop {in_shop} ({shop_totals}), copy {in_copy} ({copy_totals})");
    let records = finding.differences.iter().map(|line| format!("{store}, {kind}: {line}"));
    std::iter::once(sums).chain(records).collect()
}
