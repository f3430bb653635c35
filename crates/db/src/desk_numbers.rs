//! Numbers by which people call what the desk works on: `R-12`. They count up by one in each tenant, without gaps.

use crate::{DbError, TenantTx};

/// What is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbered {
    Request,
    Ticket,
    Return,
}

/// The next number of the transaction's tenant. Others who ask for one wait until this transaction ends; if it is rolled back, the number is
/// given to them.
///
/// # Errors
/// As every statement.
pub async fn next(tx: &TenantTx, of: Numbered) -> Result<i64, DbError> {
    let sql = match of {
        Numbered::Request => include_str!("../queries/desk/next_request.sql"),
        Numbered::Ticket => include_str!("../queries/desk/next_ticket.sql"),
        Numbered::Return => include_str!("../queries/desk/next_return.sql"),
    };
    Ok(tx.query_one(sql, &[&tx.tenant.uuid()]).await?.try_get(0)?)
}
