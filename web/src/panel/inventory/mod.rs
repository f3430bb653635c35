//! Stock: what is counted with its ledger and levels, and for staff what they do about it.

pub mod adjust;
pub mod import;
pub mod list;
pub mod set_level;
pub mod show;

use storewire_db::stock::{self, StockRow};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};

use super::{table::Table, url};
use crate::{error::WebError, extract::Session, state::AppState};

/// Mounts the pages of stock.
pub fn configure(table: &mut Table<'_>) {
    table
        .get(url::INVENTORY, list::show)
        .get(url::IMPORT, import::new::show)
        .post(url::IMPORTS, import::create::submit)
        .get("/inventory/imports/{id}", import::show::show)
        .post("/inventory/imports/{id}/write", import::write::submit)
        .post("/inventory/imports/{id}/drop", import::drop::submit)
        .get("/inventory/{id}", show::show)
        .post("/inventory/{id}/adjust", adjust::submit)
        .post("/inventory/{id}/level", set_level::submit);
}

/// The stock that a form is about, if its sender may do that. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: ProductId, action: Action) -> Result<StockRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Inventory, action)?;
    Ok(row)
}
