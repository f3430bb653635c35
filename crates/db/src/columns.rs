//! A row's columns by name, for rows of which there are many: looking a column up costs more than decoding it.

use std::cell::Cell;

use tokio_postgres::{Row, types::FromSql};

use crate::DbError;

/// A row that is read in the order in which its statement names the columns, for which no column needs to be looked for. Another order
/// costs the look-up, and nothing else.
pub(crate) struct Columns<'a> {
    row: &'a Row,
    next: Cell<usize>,
}

impl<'a> Columns<'a> {
    pub(crate) const fn of(row: &'a Row) -> Self {
        Self { row, next: Cell::new(0) }
    }

    pub(crate) fn get<T: FromSql<'a>>(&self, name: &str) -> Result<T, DbError> {
        let place = self.next.get();
        if self.row.columns().get(place).is_some_and(|column| column.name() == name) {
            self.next.set(place + 1);
            return Ok(self.row.try_get(place)?);
        }
        Ok(self.row.try_get(name)?)
    }
}
