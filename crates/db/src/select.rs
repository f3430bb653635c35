//! Lists with optional filters: fixed fragments joined by AND, each with its own numbered parameter.

use storewire_domain::StoreId;
use tokio_postgres::{Row, types::ToSql};

use crate::{
    DbError,
    scope::{Param, Tx},
};

/// For the rest of a transaction. Plans of an empty table would read all of it until its statistics are first taken, so indexes go first.
const PLAN_ONCE: &str =
    "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)";

/// A statement's text and its parameters.
pub(crate) type Finished = (String, Vec<Box<dyn ToSql + Sync + Send>>);

/// A SELECT under construction. Only `&'static str` fragments enter the text; values enter as parameters.
pub(crate) struct Select {
    sql: String,
    params: Vec<Box<dyn ToSql + Sync + Send>>,
    has_condition: bool,
    is_planned_once: bool,
}

impl Select {
    pub(crate) fn new(base: &'static str) -> Self {
        Self {
            sql: base.to_owned(),
            params: Vec::new(),
            has_condition: base.contains("\nWHERE "),
            is_planned_once: false,
        }
    }

    /// Adds a condition; `$` stands for the parameter.
    pub(crate) fn filter(&mut self, condition: &'static str, value: impl ToSql + Sync + Send + 'static) -> &mut Self {
        self.params.push(Box::new(value));
        let number = format!("${}", self.params.len());
        self.and();
        self.sql.push_str(&condition.replace('$', &number));
        self
    }

    /// Adds a keyset condition over two columns; the two `$` stand for the two parameters in turn.
    pub(crate) fn after(
        &mut self,
        condition: &'static str,
        first: impl ToSql + Sync + Send + 'static,
        second: impl ToSql + Sync + Send + 'static,
    ) -> &mut Self {
        self.filter_each(condition, vec![Box::new(first), Box::new(second)])
    }

    /// Adds a condition; each `$` stands for the next of the parameters.
    pub(crate) fn filter_each(
        &mut self,
        condition: &'static str,
        values: Vec<Box<dyn ToSql + Sync + Send>>,
    ) -> &mut Self {
        self.and();
        let mut parts = condition.split('$');
        self.sql.push_str(parts.next().unwrap_or_default());
        for (part, value) in parts.zip(values) {
            self.params.push(value);
            self.sql.push_str(&format!("${}{part}", self.params.len()));
        }
        self
    }

    /// Narrows a table that has an index for it to a store, whose tenant leads the way into that index for who reads across tenants. The
    /// plan of such a list may be made once, without knowing the store: the bounds, which say nothing new, keep it from supposing that
    /// most rows are of it, and from looking for those of a small store among all others'.
    pub(crate) fn of_store(&mut self, table: &'static str, store: StoreId) -> &mut Self {
        self.params.push(Box::new(store.uuid()));
        let number = self.params.len();
        self.and();
        self.sql.push_str(&format!(
            "{table}.tenant_id = (SELECT store.tenant_id FROM store WHERE store.id = ${number}) AND {table}.store_id = ${number} \
             AND {table}.store_id >= ${number} AND {table}.store_id <= ${number}"
        ));
        self.is_planned_once = true;
        self
    }

    /// Runs a list. Its plan is kept if it may be: to make it takes longer than to read fifty rows.
    pub(crate) async fn list(self, tx: &Tx, order: &'static str, limit: u32) -> Result<Vec<Row>, DbError> {
        let is_planned_once = self.is_planned_once;
        let (sql, params) = self.finish(order, limit);
        let params = borrowed(&params);
        if !is_planned_once {
            return tx.query(&sql, &params).await;
        }
        let (set, rows) = tokio::join!(biased; tx.query(PLAN_ONCE, &[]), tx.query(&sql, &params));
        set?;
        rows
    }

    /// Ends the statement. The limit is in its text: a plan that is made without knowing it is made for a tenth of the table, so that
    /// PostgreSQL would rather plan anew each time.
    pub(crate) fn finish(mut self, order: &'static str, limit: u32) -> Finished {
        self.sql.push_str(&format!("\n{order}\nLIMIT {limit}"));
        (self.sql, self.params)
    }

    /// Ends a statement whose conditions are its limit.
    pub(crate) fn finish_all(mut self, order: &'static str) -> Finished {
        self.sql.push_str(&format!("\n{order}"));
        (self.sql, self.params)
    }

    fn and(&mut self) {
        self.sql.push_str(if self.has_condition { "\n    AND " } else { "\nWHERE " });
        self.has_condition = true;
    }
}

/// Borrows owned parameters the way the driver wants them.
pub(crate) fn borrowed(params: &[Box<dyn ToSql + Sync + Send>]) -> Vec<Param<'_>> {
    params.iter().map(|param| &**param as Param<'_>).collect()
}
