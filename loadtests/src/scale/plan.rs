//! What a number of stores needs of a machine, from what stores do and what each thing costs. Everything is linear in the stores; what is
//! not (a noisy neighbour, a cold cache, a full disk) is for the load tests to find.

use super::costs::Costs;
use super::habits::Habits;

const DAY: f64 = 86_400.0;
const HOUR: f64 = 3_600.0;
const YEAR_DAYS: f64 = 365.0;

/// What a number of stores needs. Bytes, seconds, and counts of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Needs {
    pub stores: f64,
    pub orders_per_day: f64,
    pub webhooks_per_second: f64,
    pub webhooks_per_second_at_peak: f64,
    pub requests_per_second: f64,
    /// Requests to stores under way at once.
    pub requests_under_way: f64,
    pub request_cores: f64,
    pub actor_bytes: f64,
    pub wal_per_second_at_peak: f64,
    pub wal_per_day: f64,
    pub order_bytes_per_day: f64,
    pub order_bytes_per_year: f64,
    pub event_bytes: f64,
    pub sockets: f64,
    pub socket_bytes: f64,
    /// Of the events at peak, between the least and the most that one costs.
    pub event_cores_at_peak: (f64, f64),
    pub index_bytes_per_year: f64,
    pub import_orders: f64,
    pub import_seconds: f64,
    pub import_bytes: f64,
}

impl Needs {
    /// Reckons.
    #[must_use]
    pub fn of(stores: u32, habits: &Habits, costs: &Costs) -> Self {
        let stores = f64::from(stores);
        let orders_per_day = stores * habits.orders_per_store;
        let events_per_day = orders_per_day * habits.webhooks_per_order;
        let mean = events_per_day / DAY;
        let peak = mean * habits.peak;
        let requests = stores * habits.requests_per_hour / HOUR;
        let sockets = stores * habits.sockets_per_store;
        let import_orders = stores * habits.import_orders_per_store;
        Self {
            stores,
            orders_per_day,
            webhooks_per_second: mean,
            webhooks_per_second_at_peak: peak,
            requests_per_second: requests,
            requests_under_way: requests * habits.answer_seconds,
            request_cores: requests * costs.request_cpu_us / 1e6,
            actor_bytes: stores * costs.actor_bytes,
            wal_per_second_at_peak: peak * costs.wal_bytes_per_event,
            wal_per_day: events_per_day * costs.wal_bytes_per_event,
            order_bytes_per_day: orders_per_day * costs.order_bytes,
            order_bytes_per_year: orders_per_day * costs.order_bytes * YEAR_DAYS,
            event_bytes: events_per_day * habits.retention_days * costs.event_bytes,
            sockets,
            socket_bytes: sockets * costs.socket_bytes,
            event_cores_at_peak: (peak * costs.event_cpu_least_us / 1e6, peak * costs.event_cpu_us / 1e6),
            index_bytes_per_year: orders_per_day * costs.index_bytes_per_order * YEAR_DAYS,
            import_orders,
            import_seconds: import_orders / costs.import_orders_per_second,
            import_bytes: import_orders * costs.order_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Within what a figure of two digits can tell.
    fn is_about(found: f64, told: f64) -> bool {
        (found - told).abs() <= told * 0.05
    }

    #[test]
    fn with_the_floors_costs_it_says_what_was_reckoned_by_hand() {
        type Pick = fn(&Needs) -> f64;
        let table: [(&str, Pick, [f64; 4]); 15] = [
            ("orders a day", |of| of.orders_per_day, [200.0, 20e3, 200e3, 2e6]),
            ("webhooks", |of| of.webhooks_per_second, [0.0139, 1.4, 14.0, 139.0]),
            ("webhooks at peak", |of| of.webhooks_per_second_at_peak, [0.14, 14.0, 139.0, 1_390.0]),
            ("requests", |of| of.requests_per_second, [0.047, 4.7, 47.0, 472.0]),
            ("under way", |of| of.requests_under_way, [0.07, 7.0, 70.0, 700.0]),
            ("cores for requests", |of| of.request_cores, [4.7e-5, 4.7e-3, 0.047, 0.47]),
            ("actors", |of| of.actor_bytes, [0.2e6, 20e6, 200e6, 2e9]),
            ("wal at peak", |of| of.wal_per_second_at_peak, [730.0, 73e3, 0.72e6, 7.2e6]),
            ("orders a day on disk", |of| of.order_bytes_per_day, [0.66e6, 66e6, 0.66e9, 6.6e9]),
            ("events on disk", |of| of.event_bytes, [17.6e6, 1.8e9, 18e9, 176e9]),
            ("sockets", |of| of.sockets, [1.5, 150.0, 1.5e3, 15e3]),
            ("cores for events at peak", |of| of.event_cores_at_peak.1, [1.4e-4, 0.0139, 0.139, 1.39]),
            ("orders of the first import", |of| of.import_orders, [50e3, 5e6, 50e6, 500e6]),
            ("hours of the first import", |of| of.import_seconds / HOUR, [1.16e-3, 0.116, 1.16, 11.6]),
            ("bytes of the first import", |of| of.import_bytes, [165e6, 16.5e9, 165e9, 1.65e12]),
        ];
        for (name, pick, told) in table {
            for (stores, told) in [10, 1_000, 10_000, 100_000].into_iter().zip(told) {
                let found = pick(&Needs::of(stores, &Habits::default(), &Costs::floor()));
                assert!(is_about(found, told), "{name} of {stores} stores: {found}, by hand {told}");
            }
        }
    }

    #[test]
    fn what_adds_up_over_time_is_as_it_was_reckoned_by_hand() {
        let needs = |stores| Needs::of(stores, &Habits::default(), &Costs::floor());
        assert!(is_about(needs(100_000).wal_per_day, 60e9));
        assert!(is_about(needs(100_000).order_bytes_per_year, 2.4e12));
        assert!(is_about(needs(10_000).index_bytes_per_year, 22e9));
        assert!(is_about(needs(100_000).socket_bytes, 0.2e9));
        assert!(is_about(needs(100_000).event_cores_at_peak.0, 0.93));
    }
}
