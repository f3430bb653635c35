//! Returns: what buyers send back, from the order to the shelf. Staff work on them; merchants look.

pub mod list;
pub mod new;
pub mod open;
pub mod photos;
pub mod say;
pub mod show;
pub mod step;

use actix_web::HttpResponse;
use storewire_actors::DeskError;
use storewire_db::{DbError, ReadTx, ReturnRow, returns};
use storewire_domain::OrderId;
use storewire_guard::access::{Action, Area, allowed};

use super::{
    respond,
    table::Table,
    url,
    view::{OrderReturns, ReturnCard},
    words::Words,
};
use crate::{error::WebError, extract::Session};

/// The newest returns listed on an order's page.
const LISTED: u32 = 20;

/// Mounts the pages of returns.
pub fn configure(table: &mut Table<'_>) {
    table
        .get(url::RETURNS, list::show)
        .post(url::RETURNS, open::submit)
        .get("/returns/new", new::show)
        .get("/returns/{id}", show::show)
        .post("/returns/{id}/step", step::submit)
        .post("/returns/{id}/messages", say::message)
        .post("/returns/{id}/comments", say::comment)
        .post("/returns/{id}/photos", photos::submit);
}

/// The newest returns of an order; one is opened only while the store has it.
///
/// # Errors
/// As every statement.
pub async fn of_order(
    tx: &ReadTx,
    session: &Session,
    order: OrderId,
    is_gone: bool,
    t: &Words,
) -> Result<OrderReturns, DbError> {
    let filter = returns::ReturnFilter { order: Some(order), limit: LISTED, ..returns::ReturnFilter::default() };
    let found = returns::list(tx, &filter).await?;
    let may_open = allowed(session, Area::Returns, Action::Edit) && !is_gone;
    Ok(OrderReturns {
        open_href: may_open.then(|| url::new_return(order)),
        rows: found.iter().map(|row| ReturnCard::new(row, t)).collect(),
    })
}

/// Back to the return's page, with what became of a deed.
fn told(row: &ReturnRow, outcome: Result<ReturnRow, DeskError>, word: &str) -> Result<HttpResponse, WebError> {
    let word = match outcome {
        Ok(_) => word,
        Err(error) => refusal(&error).ok_or(error)?,
    };
    Ok(respond::see(&url::saying(&url::returned(row.id), &format!("return-{word}"))))
}

/// The code of what a person can mend, if it is that.
fn refusal(error: &DeskError) -> Option<&'static str> {
    match error {
        DeskError::Refused(refusal) => Some(refusal.code),
        DeskError::Rejected(rejected) => Some(rejected.fault.as_str()),
        _ => None,
    }
}
