//! Customer accounts of stores: the list, one of them, its fields and its tags.

pub mod list;
pub mod show;
pub mod tag;
pub mod update;

use super::table::Table;

/// Mounts the pages and forms of customers.
pub fn configure(table: &mut Table<'_>) {
    table
        .get("/customers", list::show)
        .get("/customers/{id}", show::show)
        .post("/customers/{id}", update::submit)
        .post("/customers/{id}/tags", tag::add)
        .post("/customers/{id}/untag", tag::remove);
}
