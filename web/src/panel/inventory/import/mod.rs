//! Files of counts, for staff: given, looked at, written or put away.

pub mod create;
pub mod drop;
pub mod new;
pub mod show;
pub mod write;

use actix_web::HttpResponse;
use serde::Deserialize;
use storewire_actors::{DeskError, desk::AtImport};
use storewire_db::stock::{self, ImportRow};
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{propose::refuse, respond, url},
    state::AppState,
};

/// A button on the page of a file.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    /// What the page showed.
    version: i64,
}

/// The file that a button is about. These pages are not there for anybody but staff.
async fn addressed(session: &Session, state: &AppState, id: Uuid, pressed: &Pressed) -> Result<AtImport, WebError> {
    require(session)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find_import(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    Ok(AtImport { tenant: row.tenant_id, id, version: pressed.version })
}

fn require(session: &Session) -> Result<(), WebError> {
    session.require(Area::Inventory, Action::Edit).map_err(|_| WebError::NotFound)
}

/// Back to the file's page with the word for what became of it.
fn end(id: Uuid, done: Result<ImportRow, DeskError>, word: &str) -> Result<HttpResponse, WebError> {
    let back = url::import(id);
    match done {
        Ok(_) => Ok(respond::see(&url::saying(&back, word))),
        // The page tells how it stands by now.
        Err(DeskError::Refused(refusal)) if refusal.code == "expired" => Ok(refuse(&back, "import_expired")),
        Err(DeskError::Refused(_)) => Ok(refuse(&back, "too_late")),
        Err(error) => Err(error.into()),
    }
}
