//! Which deliveries a command is about: the same flags wherever some are chosen.

use std::time::Duration;

use anyhow::Context;
use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use jiff::{SignedDuration, Timestamp};
use storewire_db::ReadTx;
use storewire_db::deliveries::DeliveryFilter;
use storewire_domain::{Clock, StoreId, delivery::DeliveryState};

use super::super::store::known;
use crate::config::parse_duration;
use crate::failure::Outcome;

/// A choice of deliveries.
#[derive(Debug, Args)]
pub struct Which {
    /// Of this store only
    #[arg(long, value_name = "ID")]
    pub store: Option<StoreId>,
    /// In this state only
    #[arg(long, value_parser = PossibleValuesParser::new(DeliveryState::ALL.iter().map(|one| one.as_str())).try_map(|text| text.parse::<DeliveryState>()))]
    pub state: Option<DeliveryState>,
    /// Of this topic only, such as order.updated
    #[arg(long)]
    pub topic: Option<String>,
    /// Received within this time only, such as 1h or 2d
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    pub since: Option<Duration>,
}

impl Which {
    /// The same as a look at the rows.
    pub fn filter(&self, limit: u32) -> Outcome<DeliveryFilter> {
        Ok(DeliveryFilter {
            store: self.store,
            state: self.state.map(|state| state.to_string()),
            topic: self.topic.clone(),
            since: self.since.map(ago).transpose()?,
            limit,
            ..DeliveryFilter::default()
        })
    }

    /// Refuses the id of a store that is not there: its list would be as empty as that of a quiet one.
    pub async fn check(&self, tx: &ReadTx) -> Outcome {
        match self.store {
            Some(id) => known(tx, id).await.map(drop),
            None => Ok(()),
        }
    }
}

fn ago(span: Duration) -> Outcome<Timestamp> {
    let span = SignedDuration::try_from(span).context("--since is too long")?;
    Ok(Clock::system().now().checked_sub(span).context("--since is too long")?)
}
