//! What a run of one benchmark or of all came to.

use std::future::Future;
use std::path::Path;

use anyhow::{Result, bail};
use serde::Serialize;

use crate::backfill::BackfillReport;
use crate::converge::ConvergeReport;
use crate::crash::CrashReport;
use crate::fanout::FanoutReport;
use crate::ingest::IngestReport;
use crate::isolation::IsolationReport;
use crate::live::LiveReport;
use crate::page::PageReport;
use crate::report;
use crate::row::{self, Row};

/// What a results file holds.
#[derive(Debug, Default, Serialize)]
pub struct Results {
    /// The table of all that were run.
    rows: Vec<Row>,
    /// Benchmarks that could not be finished, and why.
    failures: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ingest: Option<IngestReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fanout: Option<FanoutReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill: Option<BackfillReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<PageReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isolation: Option<IsolationReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crash: Option<CrashReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converge: Option<ConvergeReport>,
}

impl Results {
    /// Runs one of many; what stops it does not stop the others.
    pub async fn attempt<T>(&mut self, name: &str, benchmark: impl Future<Output = Result<T>>) -> Option<T> {
        eprintln!("\n{name}");
        match benchmark.await {
            Ok(report) => Some(report),
            Err(error) => {
                eprintln!("{name} failed: {error:#}");
                self.failures.push(format!("{name}: {error:#}"));
                None
            }
        }
    }

    /// Prints the table, and writes everything to a file if one is named.
    ///
    /// # Errors
    /// If the file cannot be written, or a benchmark could not be finished.
    pub fn end(mut self, file: Option<&Path>) -> Result<()> {
        self.rows = self.collect();
        row::print(&self.rows);
        if let Some(file) = file {
            report::write(file, &self)?;
        }
        if !self.failures.is_empty() {
            bail!("not finished: {}", self.failures.join("; "));
        }
        Ok(())
    }

    /// In the order of the benchmarks' numbers.
    fn collect(&self) -> Vec<Row> {
        let all = [
            self.ingest.as_ref().map(IngestReport::rows),
            self.fanout.as_ref().map(|report| report.rows.clone()),
            self.backfill.as_ref().map(|report| report.rows.clone()),
            self.live.as_ref().map(LiveReport::rows),
            self.page.as_ref().map(|report| report.rows.clone()),
            self.isolation.as_ref().map(|report| report.rows.clone()),
            self.crash.as_ref().map(|report| report.rows.clone()),
            self.converge.as_ref().map(|report| report.rows.clone()),
        ];
        all.into_iter().flatten().flatten().collect()
    }
}
