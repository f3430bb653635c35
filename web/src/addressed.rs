//! The record that somebody would do something about: one that they see, and they may. Another tenant's is not there, whoever asks.

use storewire_db::{
    OrderSummary, ProductSummary,
    customers::{self, CustomerSummary},
    orders, products,
    stores::{self, StoreRow},
};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{error::WebError, extract::Session, state::AppState};

/// An order. `area` is what they would do it as.
///
/// # Errors
/// `NotFound` for one that they do not see; then `Forbidden`.
pub async fn order(session: &Session, state: &AppState, id: Uuid, area: Area) -> Result<OrderSummary, WebError> {
    let (tx, ids) = (state.db.read(&session.scope()).await?, [id]);
    let (found, ended) = tokio::join!(biased; orders::summaries(&tx, &ids), tx.end());
    ended?;
    theirs(session, (area, Action::Edit), found?.pop())
}

/// A product or variation, as [`order`].
pub async fn product(session: &Session, state: &AppState, id: Uuid, area: Area) -> Result<ProductSummary, WebError> {
    let (tx, ids) = (state.db.read(&session.scope()).await?, [id]);
    let (found, ended) = tokio::join!(biased; products::summaries(&tx, &ids), tx.end());
    ended?;
    theirs(session, (area, Action::Edit), found?.pop())
}

/// A customer, as [`order`].
pub async fn customer(session: &Session, state: &AppState, id: Uuid) -> Result<CustomerSummary, WebError> {
    let (tx, ids) = (state.db.read(&session.scope()).await?, [id]);
    let (found, ended) = tokio::join!(biased; customers::summaries(&tx, &ids), tx.end());
    ended?;
    theirs(session, (Area::Customers, Action::Edit), found?.pop())
}

/// The store to which they would add something, as [`order`].
pub async fn store(
    session: &Session,
    state: &AppState,
    id: StoreId,
    deed: (Area, Action),
) -> Result<StoreRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let (found, ended) = tokio::join!(biased; stores::find(&tx, id), tx.end());
    ended?;
    theirs(session, deed, found?)
}

fn theirs<R>(session: &Session, (area, action): (Area, Action), found: Option<R>) -> Result<R, WebError> {
    let record = found.ok_or(WebError::NotFound)?;
    session.require(area, action)?;
    Ok(record)
}
