//! Products: the list with live stock, one of them, and what staff wish changed in it.

pub mod list;
pub mod set_categories;
pub mod set_price;
pub mod set_status;
pub mod set_stock;
pub mod show;

use storewire_db::products;
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};

use super::propose::Record;
use crate::{error::WebError, extract::Session, state::AppState};

/// The product that a form is about, if its sender may edit that area of it. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: ProductId, area: Area) -> Result<Record, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::summaries(&tx, &[id.uuid()]).await?.pop().ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(area, Action::Edit)?;
    Ok(Record { tenant: product.tenant_id, store: product.store_id, entity: id.uuid() })
}
