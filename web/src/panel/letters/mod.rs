//! What left by e-mail: the delivery log on the pages of what letters are about.

mod send;

use super::table::Table;

/// Mounts what is done with letters.
pub fn configure(table: &mut Table<'_>) {
    table.post("/letters/{id}/send", send::submit);
}
