//! Which deliveries a command is about: the same flags wherever some are chosen.

use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use storewire_db::deliveries::DeliveryFilter;
use storewire_domain::{Clock, StoreId};

use crate::config::parse_duration;
use crate::failure::Outcome;

/// A choice of deliveries.
#[derive(Debug, Args)]
pub struct Which {
    /// Of this store only
    #[arg(long, value_name = "ID")]
    pub store: Option<StoreId>,
    /// In this state only
    #[arg(long, value_enum)]
    pub state: Option<State>,
    /// Of this topic only, such as order.updated
    #[arg(long)]
    pub topic: Option<String>,
    /// Received within this time only, such as 1h or 2d
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub since: Option<Duration>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum State {
    Pending,
    Applied,
    Ignored,
    Dead,
}

impl Which {
    /// The same as a look at the rows.
    pub fn filter(&self, limit: u32) -> Outcome<DeliveryFilter> {
        Ok(DeliveryFilter {
            store: self.store,
            state: self.state.map(|state| state.word().to_owned()),
            topic: self.topic.clone(),
            since: self.since.map(ago).transpose()?,
            limit,
            ..DeliveryFilter::default()
        })
    }
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Dead => "dead",
        }
    }
}

fn ago(span: Duration) -> Outcome<Timestamp> {
    let span = SignedDuration::try_from(span).context("--since is too long")?;
    Ok(Clock::system().now().checked_sub(span).context("--since is too long")?)
}
