//! What one was told: the bell above every page, and the list behind it. Everyone has their own.

mod bell;
mod list;
mod read;

use super::{table::Table, url};

/// Mounts the pages of notices.
pub fn configure(table: &mut Table<'_>) {
    table.get(url::NOTICES, list::show).post("/notices/read", read::submit).get("/bell", bell::show);
}
