//! Rows that do not decode: a value that nobody knows keeps no other row from anybody.

use tokio_postgres::Row;
use uuid::Uuid;

use crate::DbError;

/// Decodes rows. One with an inconsistent value is left out, and the log says which: somebody edited it by hand, or a newer version wrote it.
///
/// # Errors
/// Any other.
pub(crate) fn known<T>(rows: &[Row], decode: impl Fn(&Row) -> Result<T, DbError>) -> Result<Vec<T>, DbError> {
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        match decode(row) {
            Err(error @ DbError::Inconsistent { .. }) => {
                tracing::error!(%error, row.id = ?row.try_get::<_, Uuid>("id").ok(), "a row is left out");
            }
            decoded => list.push(decoded?),
        }
    }
    Ok(list)
}
