//! What people and time do with requests: one job each, in one transaction each.
//!
//! Every job finds by its deed that it was carried out before, and says so by answering the same. Locks are taken in one order: the record
//! that a request is about, the request, the store's log. Who stores records takes them in the same.

mod ask;
mod comment;
mod decide;
mod follow;
mod reopen;
mod timers;
mod told;
mod withdraw;

pub(super) use ask::ask;
pub(super) use comment::comment;
pub(super) use decide::{decide, decide_in};
pub(super) use follow::follow;
pub(super) use reopen::reopen;
pub(super) use timers::see_to_what_is_due;
pub(crate) use told::{Subject, changed, note_of_engine, prove};
pub(super) use withdraw::withdraw;

use serde_json::json;
use storewire_db::{DbError, DeskTx, RequestRow, requests};
use storewire_domain::{
    Edit, RequestId, StoreId, TenantId,
    intent::{Fields, readable},
    request::{Meaning, RequestRefusal},
};
use uuid::Uuid;

use super::{DeskError, DeskShared};

/// A wish, as a merchant says it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub tenant: TenantId,
    pub store: StoreId,
    /// Our id of the product or order.
    pub entity: Uuid,
    pub edit: Edit,
    pub meaning: Meaning,
    pub note: String,
    /// What the asker saw of the edit's fields; `None` for whatever our copy holds.
    pub seen: Option<Fields>,
}

/// A request as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub tenant: TenantId,
    pub id: RequestId,
    /// The version that they saw.
    pub version: i64,
}

/// A request as it stands, as the platform sees it: names of staff and of other tenants' stores are not cut from it.
async fn find(shared: &DeskShared, tenant: TenantId, id: RequestId) -> Result<RequestRow, DeskError> {
    perhaps(shared, tenant, id).await?.ok_or(DeskError::NotFound)
}

/// The same, of one that may not be there.
async fn perhaps(shared: &DeskShared, tenant: TenantId, id: RequestId) -> Result<Option<RequestRow>, DbError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = tokio::join!(biased; requests::find(&tx, id), tx.end());
    ended?;
    Ok(found?.filter(|row| row.tenant_id == tenant))
}

/// The request, held still for this transaction.
async fn lock(tx: &DeskTx, id: RequestId) -> Result<RequestRow, DeskError> {
    requests::lock(tx, id).await?.ok_or(DeskError::NotFound)
}

/// The longest text that people write at the desk, in characters.
const LONGEST: usize = 10_000;

/// What somebody said, without the blanks around it.
fn words<'a>(field: &'static str, text: &'a str) -> Result<&'a str, DeskError> {
    let text = text.trim();
    readable(field, text, LONGEST)?;
    Ok(text)
}

/// A refusal with what its reader needs to see why.
fn refused(why: RequestRefusal, row: &RequestRow) -> DeskError {
    let detail = match why {
        RequestRefusal::AlreadyDecided | RequestRefusal::NotWaiting | RequestRefusal::NotFailed => {
            json!({ "state": row.state, "decided_by": row.decided_name, "decided_at": row.decided_at })
        }
        RequestRefusal::Changed => {
            let proposed = row.edit.wanted();
            json!({ "version": row.version, "base": row.base, "current": row.current, "proposed": proposed })
        }
        _ => serde_json::Value::Null,
    };
    DeskError::refused(why, detail)
}
