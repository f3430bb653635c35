//! What a machine has, and which of it a number of stores uses up first.

use clap::Args;

use super::plan::Needs;

/// The binary and PostgreSQL without any store.
const BASE_BYTES: f64 = 1.3e9;
const GIB: f64 = 1_073_741_824.0;
const TB: f64 = 1e12;

/// See the module.
#[derive(Args, Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    #[arg(long, value_name = "N", default_value_t = 2.0)]
    pub cores: f64,
    /// In GiB
    #[arg(long, value_name = "GIB", default_value_t = 24.0)]
    pub memory: f64,
    /// In TB
    #[arg(long, value_name = "TB", default_value_t = 0.2)]
    pub disk: f64,
    /// Years of orders that it shall hold
    #[arg(long, value_name = "YEARS", default_value_t = 1.0)]
    pub years: f64,
    /// Open files of a process [ulimit -Hn]
    #[arg(long, value_name = "N", default_value_t = 20_000.0)]
    pub files: f64,
    /// Requests to stores at once [engine.requests_at_once]
    #[arg(long, value_name = "N", default_value_t = 64.0)]
    pub seats: f64,
}

impl Default for Machine {
    fn default() -> Self {
        Self { cores: 2.0, memory: 24.0, disk: 0.2, years: 1.0, files: 20_000.0, seats: 64.0 }
    }
}

/// How much of something is used: 1 is all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub of: &'static str,
    pub used: f64,
}

impl Machine {
    /// What these needs use of everything, the scarcest first.
    #[must_use]
    pub fn shares(&self, needs: &Needs) -> Vec<Share> {
        let memory = BASE_BYTES + needs.actor_bytes + needs.socket_bytes + needs.index_bytes_per_year * self.years;
        let disk = needs.order_bytes_per_year * self.years + needs.event_bytes + needs.import_bytes;
        let mut shares = vec![
            Share { of: "cores", used: (needs.event_cores_at_peak.1 + needs.request_cores) / self.cores },
            Share { of: "memory", used: memory / (self.memory * GIB) },
            Share { of: "disk", used: disk / (self.disk * TB) },
            Share { of: "files", used: (needs.sockets + needs.requests_under_way) / self.files },
            Share { of: "seats", used: needs.requests_under_way / self.seats },
        ];
        shares.sort_by(|one, other| other.used.total_cmp(&one.used));
        shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::costs::Costs;
    use crate::scale::habits::Habits;

    fn first(machine: Machine, stores: u32) -> Share {
        machine.shares(&Needs::of(stores, &Habits::default(), &Costs::floor()))[0]
    }

    #[test]
    fn of_a_year_of_ten_thousand_stores_the_index_alone_nearly_fills_this_machine() {
        let roomy = Machine { disk: 8.0, seats: 1_000.0, ..Machine::default() };
        let share = first(roomy, 10_000);
        assert_eq!(share.of, "memory");
        assert!((0.8..1.0).contains(&share.used), "{share:?}");
        assert!(first(roomy, 20_000).used > 1.0);
    }

    #[test]
    fn sixteen_cores_and_eight_terabytes_bear_a_hundred_thousand_stores_until_memory_and_disk_end() {
        let large = Machine { cores: 16.0, memory: 128.0, disk: 8.0, seats: 1_000.0, ..Machine::default() };
        let shares = large.shares(&Needs::of(100_000, &Habits::default(), &Costs::floor()));
        let used = |of: &str| shares.iter().find(|share| share.of == of).unwrap().used;
        assert!(used("cores") < 0.2 && used("disk") < 1.0, "{shares:?}");
        assert!((0.9..2.0).contains(&used("memory")), "{shares:?}");
    }

    #[test]
    fn slow_stores_fill_the_seats_first_where_everything_else_is_plenty() {
        let large = Machine { cores: 64.0, memory: 1_024.0, disk: 100.0, files: 1e6, ..Machine::default() };
        assert_eq!(first(large, 10_000).of, "seats");
    }
}
