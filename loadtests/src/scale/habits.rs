//! What stores do, as far as it costs us: each a number that a reader may doubt and change.

use clap::Args;

/// See the module.
#[derive(Args, Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// Orders a day of a store, on average [80 % of stores take 3, 18 % take 50, 2 % take 400]
    #[arg(long, value_name = "N", default_value_t = 20.0)]
    pub orders_per_store: f64,
    /// Deliveries about an order [created, three updates, stock, customer]
    #[arg(long, value_name = "N", default_value_t = 6.0)]
    pub webhooks_per_order: f64,
    /// The busiest second against the mean [a sale that all stores hold together]
    #[arg(long, value_name = "TIMES", default_value_t = 10.0)]
    pub peak: f64,
    /// Requests an hour to a store [orders each 5 minutes, products each 15, customers each 60]
    #[arg(long, value_name = "N", default_value_t = 17.0)]
    pub requests_per_hour: f64,
    /// Seconds in which a store answers [WordPress on a shared host]
    #[arg(long, value_name = "SECONDS", default_value_t = 1.5)]
    pub answer_seconds: f64,
    /// Open pages of the panel for a store [one person for seven stores]
    #[arg(long, value_name = "N", default_value_t = 0.15)]
    pub sockets_per_store: f64,
    /// Days for which deliveries are kept [engine.delivery_retention_days]
    #[arg(long, value_name = "DAYS", default_value_t = 7.0)]
    pub retention_days: f64,
    /// Orders that a store has when it is connected [two thirds of a year]
    #[arg(long, value_name = "N", default_value_t = 5_000.0)]
    pub import_orders_per_store: f64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            orders_per_store: 20.0,
            webhooks_per_order: 6.0,
            peak: 10.0,
            requests_per_hour: 17.0,
            answer_seconds: 1.5,
            sockets_per_store: 0.15,
            retention_days: 7.0,
            import_orders_per_store: 5_000.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    #[test]
    fn what_the_command_line_takes_without_being_told_is_the_default() {
        let command = Habits::augment_args(clap::Command::new("plan"));
        let matches = command.try_get_matches_from(["plan"]).unwrap();
        assert_eq!(Habits::from_arg_matches(&matches).unwrap(), Habits::default());
    }
}
