//! Changes on their way to stores, for staff: all of them, those of a record, and second thoughts about one.

pub mod cancel;
pub mod list;
pub mod retry;
pub mod show;

use actix_web::HttpResponse;
use serde::Deserialize;
use storewire_db::{
    DbError, ReadTx,
    intents::{self, IntentFilter, IntentRow},
};
use storewire_domain::RoleClass;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::{respond, stores as pages, url, view::IntentView, words::Words};
use crate::{error::WebError, extract::Session, state::AppState};

/// The newest changes listed on a record's page.
const LISTED: u32 = 20;

/// The newest changes of a record; `None` for merchants.
///
/// # Errors
/// As every statement.
pub async fn of_record(
    tx: &ReadTx,
    session: &Session,
    entity: Uuid,
    t: &Words,
) -> Result<Option<Vec<IntentView>>, DbError> {
    if session.class() != RoleClass::Staff {
        return Ok(None);
    }
    let filter = IntentFilter { entity: Some(entity), limit: LISTED, ..IntentFilter::default() };
    let found = intents::list(tx, &filter).await?;
    Ok(Some(found.iter().map(|intent| IntentView::new(intent, t)).collect()))
}

/// A button beside a change.
#[derive(Debug, Default, Deserialize)]
pub struct Pressed {
    /// The page to return to; the change's own if none is given.
    next: Option<String>,
}

impl Pressed {
    fn back(&self, intent: &IntentRow, word: &str) -> HttpResponse {
        let own = url::change(intent.id);
        let next = self.next.as_deref().map_or(own.as_str(), url::same_site);
        respond::see(&url::saying(next, word))
    }
}

/// The change that a button is about, if its presser may decide over it.
async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<IntentRow, WebError> {
    pages::require(session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let intent = intents::find(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(area(&intent), Action::Edit)?;
    Ok(intent)
}

fn area(intent: &IntentRow) -> Area {
    match intent.edit.noun() {
        "order" => Area::Orders,
        "customer" => Area::Customers,
        _ => Area::Products,
    }
}
