//! Orders: the live feed, one of them, and what staff wish changed in it.

pub mod add_note;
pub mod add_tracking;
pub mod list;
pub mod set_status;
pub mod show;

use storewire_db::orders;
use storewire_domain::OrderId;
use storewire_guard::access::{Action, Area};

use super::propose::Record;
use crate::{error::WebError, extract::Session, state::AppState};

/// The order that a form is about, if its sender may change orders. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: OrderId) -> Result<Record, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let order = orders::summaries(&tx, &[id.uuid()]).await?.pop().ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Orders, Action::Edit)?;
    Ok(Record { tenant: order.tenant_id, store: order.store_id, entity: id.uuid() })
}
