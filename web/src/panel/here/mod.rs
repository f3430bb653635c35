//! Who else is on a record's page.

pub mod update;

use super::table::Table;

/// Mounts what pages ask by themselves.
pub fn configure(table: &mut Table<'_>) {
    table.post("/here", update::submit);
}
