//! The columns of a table, and the statements that read and write many of its rows at once.

use anyhow::{Result, ensure};
use tokio_postgres::Client;

/// Columns whose values are arrays do not fit through `unnest`; an order has none.
const COLUMNS: &str = "SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum";

/// See the module.
pub(super) struct Shape {
    table: &'static str,
    columns: Vec<(String, String)>,
}

impl Shape {
    pub(super) async fn of(admin: &Client, table: &'static str) -> Result<Self> {
        let rows = admin.query(COLUMNS, &[&table]).await?;
        let columns = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<_>>>()?;
        ensure!(!columns.is_empty(), "no table {table}");
        ensure!(columns.iter().all(|(_, kind): &(String, String)| !kind.ends_with("[]")), "{table} holds arrays");
        Ok(Self { table, columns })
    }

    pub(super) const fn width(&self) -> usize {
        self.columns.len()
    }

    /// Makes a table of the same columns, keys and indexes, without row security.
    pub(super) fn make_bare(&self) -> String {
        let table = self.table;
        format!("DROP TABLE IF EXISTS bare_{table}; CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
    }

    /// Reads the rows that `condition` picks, a column an array.
    pub(super) fn read(&self, condition: &str) -> String {
        let columns: Vec<String> = self.columns.iter().map(|(name, _)| format!("array_agg({name})")).collect();
        format!("SELECT {} FROM (SELECT * FROM {} {condition}) rows", columns.join(", "), self.table)
    }

    /// Inserts what `read` read into the bare table; where a row with these `keys` is, it is replaced.
    pub(super) fn write(&self, keys: Option<&str>) -> String {
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        let arrays: Vec<String> =
            self.columns.iter().enumerate().map(|(place, (_, kind))| format!("${}::{kind}[]", place + 1)).collect();
        let replaced: Vec<String> = names.iter().map(|name| format!("{name} = excluded.{name}")).collect();
        let replace =
            keys.map(|keys| format!(" ON CONFLICT ({keys}) DO UPDATE SET {}", replaced.join(", "))).unwrap_or_default();
        let (table, names, arrays) = (self.table, names.join(", "), arrays.join(", "));
        format!("INSERT INTO bare_{table} ({names}) SELECT * FROM unnest({arrays}) AS new{replace}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_every_column_once() {
        let columns = [("id", "uuid"), ("\"from\"", "text")].map(|(name, kind)| (name.to_owned(), kind.to_owned()));
        let shape = Shape { table: "orders", columns: columns.into() };
        assert_eq!(
            shape.read("WHERE true"),
            "SELECT array_agg(id), array_agg(\"from\") FROM (SELECT * FROM orders WHERE true) rows"
        );
        assert_eq!(
            shape.write(Some("id")),
            "INSERT INTO bare_orders (id, \"from\") SELECT * FROM unnest($1::uuid[], $2::text[]) AS new \
             ON CONFLICT (id) DO UPDATE SET id = excluded.id, \"from\" = excluded.\"from\""
        );
    }
}
