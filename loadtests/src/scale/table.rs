//! A plan as people read it: a row per need, a column per number of stores.

use super::machine::{Machine, Share};
use super::plan::Needs;

/// The rows, each with a name and a cell per column, and the names of the columns.
#[must_use]
pub fn rows(columns: &[Needs], machine: &Machine) -> (Vec<String>, Vec<Vec<String>>) {
    type Pick<'a> = &'a dyn Fn(&Needs) -> String;
    let first = |needs: &Needs| machine.shares(needs).first().map_or_else(String::new, share);
    let second = |needs: &Needs| machine.shares(needs).get(1).map_or_else(String::new, share);
    let cells: [(&str, Pick<'_>); 19] = [
        ("orders/day", &|of| count(of.orders_per_day)),
        ("webhooks/s", &|of| count(of.webhooks_per_second)),
        ("webhooks/s at peak", &|of| count(of.webhooks_per_second_at_peak)),
        ("requests to stores/s", &|of| count(of.requests_per_second)),
        ("  under way at once", &|of| count(of.requests_under_way)),
        ("  cores", &|of| count(of.request_cores)),
        ("actors", &|of| bytes(of.actor_bytes)),
        ("sockets", &|of| count(of.sockets)),
        ("  memory", &|of| bytes(of.socket_bytes)),
        ("events at peak, cores", &|of| {
            format!("{}-{}", count(of.event_cores_at_peak.0), count(of.event_cores_at_peak.1))
        }),
        ("WAL/s at peak", &|of| bytes(of.wal_per_second_at_peak)),
        ("WAL/day", &|of| bytes(of.wal_per_day)),
        ("orders on disk/day", &|of| bytes(of.order_bytes_per_day)),
        ("events on disk", &|of| bytes(of.event_bytes)),
        ("index/year", &|of| bytes(of.index_bytes_per_year)),
        ("first import, orders", &|of| count(of.import_orders)),
        ("  hours", &|of| format!("{}, {}", count(of.import_seconds / 3_600.0), bytes(of.import_bytes))),
        ("runs out first", &first),
        ("then", &second),
    ];
    let head =
        std::iter::once(String::new()).chain(columns.iter().map(|needs| format!("{} stores", count(needs.stores))));
    let rows = cells
        .iter()
        .map(|(name, cell)| std::iter::once((*name).to_owned()).chain(columns.iter().map(cell)).collect())
        .collect();
    (head.collect(), rows)
}

fn share(share: &Share) -> String {
    format!("{} {:.0} %", share.of, share.used * 100.0)
}

/// Two digits, or three where the first is a one, as one says it: `1.4`, `139`, `20 k`, `2 M`.
fn count(value: f64) -> String {
    let (scaled, unit) = scaled(value, &[(1e9, " G"), (1e6, " M"), (1e3, " k")]);
    format!("{}{unit}", digits(scaled))
}

/// The same of bytes: `1.8 GB`.
fn bytes(value: f64) -> String {
    let (scaled, unit) = scaled(value, &[(1e12, " TB"), (1e9, " GB"), (1e6, " MB"), (1e3, " KB")]);
    if unit.is_empty() { format!("{} B", digits(scaled)) } else { format!("{}{unit}", digits(scaled)) }
}

fn scaled(value: f64, units: &[(f64, &'static str)]) -> (f64, &'static str) {
    let fitting = units.iter().find(|(size, _)| value >= *size * 0.9995);
    fitting.map_or((value, ""), |(size, unit)| (value / size, unit))
}

fn digits(value: f64) -> String {
    if value > 0.0 && value < 0.000_5 {
        return "<0.001".to_owned();
    }
    let text = match value {
        value if value >= 99.5 => format!("{value:.0}"),
        value if value >= 9.95 => format!("{value:.1}"),
        value if value >= 0.0995 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::costs::Costs;
    use crate::scale::habits::Habits;

    #[test]
    fn figures_are_told_as_one_says_them() {
        assert_eq!([0.0139, 1.389, 138.9, 20_000.0, 2e6].map(count), ["0.014", "1.39", "139", "20 k", "2 M"]);
        assert_eq!([0.0, 17.6e6, 999_999.0, 2e9].map(bytes), ["0 B", "17.6 MB", "1 MB", "2 GB"]);
        assert_eq!([0.0, 0.000_1].map(count), ["0", "<0.001"]);
    }

    #[test]
    fn every_row_has_a_cell_for_every_number_of_stores() {
        let columns = [10, 100_000].map(|stores| Needs::of(stores, &Habits::default(), &Costs::floor()));
        let (head, rows) = rows(&columns, &Machine::default());
        assert_eq!(head[1..], ["10 stores", "100 k stores"]);
        assert!(rows.iter().all(|row| row.len() == 3 && row.iter().all(|cell| !cell.is_empty())), "{rows:?}");
        assert_eq!(rows[0], ["orders/day", "200", "2 M"]);
    }
}
