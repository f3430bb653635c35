//! What each thing costs, as it was measured: which run, on which machine, stands beside each.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// See the module. Bytes are bytes, not KiB.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// CPU of a delivery from the socket to the watchers, at its best and as usual: with 400 a second and with 200.
    pub event_cpu_least_us: f64,
    pub event_cpu_us: f64,
    /// CPU of a request to a store, TLS included.
    pub request_cpu_us: f64,
    /// Memory of a store at rest.
    pub actor_bytes: f64,
    /// Memory of an open socket, the kernel's left out.
    pub socket_bytes: f64,
    pub wal_bytes_per_event: f64,
    /// A received delivery on disk.
    pub event_bytes: f64,
    /// An order on disk, with lines, change log and indexes.
    pub order_bytes: f64,
    pub index_bytes_per_order: f64,
    /// Orders that a first import reads and stores in a second, where the stores are quick enough.
    pub import_orders_per_second: f64,
}

impl Costs {
    /// What a program that does nothing else was measured to reach, on two cores of an AMD EPYC with PostgreSQL 15, 2026-11-21; memory
    /// of a store as allowed, not as reached.
    #[must_use]
    pub const fn floor() -> Self {
        Self {
            event_cpu_least_us: 670.0,
            event_cpu_us: 1_000.0,
            request_cpu_us: 1_000.0,
            actor_bytes: 20_000.0,
            socket_bytes: 13_000.0,
            wal_bytes_per_event: 5_200.0,
            event_bytes: 2_100.0,
            order_bytes: 3_300.0,
            index_bytes_per_order: 300.0,
            import_orders_per_second: 11_990.0,
        }
    }

    /// From a file; what it leaves out is the floor's.
    ///
    /// # Errors
    /// If it cannot be read, or names a cost that is none.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} holds no costs", path.display()))
    }

    /// The same but for one: `actor_bytes=9000`.
    ///
    /// # Errors
    /// If there is no such cost, or its value is no number.
    pub fn but(&self, changed: &str) -> Result<Self> {
        let (name, value) = changed.split_once('=').context("a cost is given as name=number")?;
        let mut all = serde_json::to_value(self)?;
        all[name] = serde_json::from_str(value).with_context(|| format!("{value} is no number"))?;
        serde_json::from_value(all).with_context(|| format!("{name} cannot be {value}"))
    }
}

impl Default for Costs {
    fn default() -> Self {
        Self::floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_name_some_costs_but_none_that_there_is_not() {
        let some: Costs = serde_json::from_str(r#"{"actor_bytes": 9000}"#).unwrap();
        assert_eq!(some, Costs { actor_bytes: 9_000.0, ..Costs::floor() });
        assert!(serde_json::from_str::<Costs>(r#"{"actor_byte": 9000}"#).is_err());
    }

    #[test]
    fn any_cost_can_be_doubted_by_itself() {
        let floor = Costs::floor();
        assert_eq!(floor.but("actor_bytes=9000").unwrap(), Costs { actor_bytes: 9_000.0, ..floor });
        for wrong in ["actor_bytes", "actor_byte=9000", "actor_bytes=many", "actor_bytes=null"] {
            assert!(floor.but(wrong).is_err(), "{wrong}");
        }
    }
}
