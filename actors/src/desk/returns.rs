//! What staff do with returns: one job each, in one transaction each.
//!
//! A return has no actor. Its row is locked by who moves it, and says which version they must have seen; what goes back on the shelf is an
//! intent of the same transaction. Locks are taken in one order: the return, the products that it puts back, the store's log.

mod follow;
mod message;
mod news;
mod open;
mod photos;
mod restock;
mod step;
mod told;

pub(super) use follow::follow;

use rust_decimal::Decimal;
use serde_json::json;
use storewire_db::{DbError, DeskTx, ReturnRow, returns};
use storewire_domain::{
    AttachmentId, OrderId, ReturnId, RoleClass, TenantId,
    intent::{EditFault, Rejected, readable},
    returns::{ItemDecision, ReturnReason, ReturnRefusal},
};
use uuid::Uuid;

use super::{Desk, DeskError, DeskShared, Hand, Refusal, RefusalKind};

/// The longest text that people write about a return, in characters.
const LONGEST: usize = 10_000;
/// The longest subject of a message, in characters.
const LONGEST_SUBJECT: usize = 200;
/// A deed whose outcome is unknown is done again as often: by itself it finds what it did.
const TRIES: u32 = 3;

/// Goods that a buyer wants to send back.
#[derive(Clone, Debug)]
pub struct OpenReturn {
    pub tenant: TenantId,
    pub order: OrderId,
    pub reason: ReturnReason,
    pub note: String,
    /// Lines of the order, by the store's ids, and how many of each.
    pub items: Vec<(String, Decimal)>,
}

/// A return as somebody saw it.
#[derive(Clone, Copy, Debug)]
pub struct ReturnAt {
    pub tenant: TenantId,
    pub id: ReturnId,
    /// The version that they saw.
    pub version: i64,
}

/// What moves a return. Items are named by their position.
#[derive(Clone, Debug)]
pub enum ReturnStep {
    Accept,
    Decline {
        reason: String,
    },
    /// How many of each item came, of all of them.
    Receive(Vec<(i32, Decimal)>),
    /// What becomes of items; of those that are not named, what was said before.
    Decide(Vec<(i32, ItemDecision)>),
    Close,
    Cancel,
}

impl Desk {
    /// Staff write down that a buyer sends goods back. The return's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn open_return(&self, deed: Uuid, by: Hand, wish: OpenReturn) -> Result<ReturnRow, DeskError> {
        self.work(|shared| {
            let (by, wish) = (by.clone(), wish.clone());
            async move { open::open(&shared, deed, &by, &wish).await }
        })
        .await
    }

    /// Staff move a return as they saw it. What goes back on the shelf is on its way to the store when this returns.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn step_return(
        &self,
        deed: Uuid,
        by: Hand,
        of: ReturnAt,
        step: ReturnStep,
    ) -> Result<ReturnRow, DeskError> {
        self.work(|shared| {
            let (by, step) = (by.clone(), step.clone());
            async move { step::step(&shared, deed, &by, of, &step).await }
        })
        .await
    }

    /// Staff write to the buyer. The letter's id is the deed's.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn write_to_buyer(
        &self,
        deed: Uuid,
        by: Hand,
        (tenant, id): (TenantId, ReturnId),
        subject: String,
        text: String,
    ) -> Result<ReturnRow, DeskError> {
        self.work(|shared| {
            let (by, subject, text) = (by.clone(), subject.clone(), text.clone());
            async move { message::write(&shared, deed, &by, (tenant, id), &subject, &text).await }
        })
        .await
    }

    /// Somebody of the staff says something about a return, for staff and merchants to read.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn comment_return(
        &self,
        deed: Uuid,
        by: Hand,
        (tenant, id): (TenantId, ReturnId),
        text: String,
    ) -> Result<ReturnRow, DeskError> {
        self.work(|shared| {
            let (by, text) = (by.clone(), text.clone());
            async move { message::comment(&shared, deed, &by, (tenant, id), &text).await }
        })
        .await
    }

    /// Staff attach pictures that they uploaded.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn add_photos(
        &self,
        deed: Uuid,
        by: Hand,
        (tenant, id): (TenantId, ReturnId),
        files: Vec<AttachmentId>,
    ) -> Result<ReturnRow, DeskError> {
        self.work(|shared| {
            let (by, files) = (by.clone(), files.clone());
            async move { photos::attach(&shared, deed, &by, (tenant, id), &files).await }
        })
        .await
    }

    /// Carries a job out on the runtime that drives the database, whether or not its caller still waits for the answer.
    pub(super) async fn work<T, F>(&self, job: impl Fn(DeskShared) -> F) -> Result<T, DeskError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, DeskError>> + Send + 'static,
    {
        let mut tries = 1;
        loop {
            match self.shared.engine.spawn(job(self.shared.clone())).await {
                Ok(Err(DeskError::Db(error))) if tries < TRIES && error.is_momentary() => tries += 1,
                Ok(outcome) => return outcome,
                Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
                Err(_) => return Err(DeskError::Busy),
            }
        }
    }
}

/// A return as the platform sees it, if it is there.
async fn perhaps(shared: &DeskShared, tenant: TenantId, id: ReturnId) -> Result<Option<ReturnRow>, DbError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = (returns::find(&tx, id).await, tx.end().await);
    let found = found?;
    ended?;
    Ok(found.filter(|row| row.tenant_id == tenant))
}

/// A return as it stands, as the platform sees it.
async fn find(shared: &DeskShared, tenant: TenantId, id: ReturnId) -> Result<ReturnRow, DeskError> {
    perhaps(shared, tenant, id).await?.ok_or(DeskError::NotFound)
}

/// The return, held still for this transaction.
async fn lock(tx: &DeskTx, id: ReturnId) -> Result<ReturnRow, DeskError> {
    returns::lock(tx, id).await?.ok_or(DeskError::NotFound)
}

fn staff_only(by: &Hand) -> Result<(), DeskError> {
    if by.class == RoleClass::Staff { Ok(()) } else { Err(ReturnRefusal::StaffOnly.into()) }
}

/// What somebody wrote, without the blanks around it; it may be nothing.
fn words<'a>(field: &'static str, text: &'a str, longest: usize) -> Result<&'a str, DeskError> {
    let text = text.trim();
    readable(field, text, longest)?;
    Ok(text)
}

/// The same, of what must be something.
fn some_words<'a>(field: &'static str, text: &'a str, longest: usize) -> Result<&'a str, DeskError> {
    let text = words(field, text, longest)?;
    if text.is_empty() { Err(Rejected { field, fault: EditFault::Empty }.into()) } else { Ok(text) }
}

/// A refusal with how the return stands.
fn refused(why: ReturnRefusal, row: &ReturnRow) -> DeskError {
    let kind = match why {
        ReturnRefusal::StaffOnly => RefusalKind::Forbidden,
        ReturnRefusal::Changed => RefusalKind::Outdated,
        ReturnRefusal::IllegalStep | ReturnRefusal::RestockOpen | ReturnRefusal::RestockBegun => RefusalKind::Conflict,
        _ => RefusalKind::Unprocessable,
    };
    let detail = json!({ "state": row.state, "version": row.version });
    DeskError::Refused(Box::new(Refusal { code: why.as_str(), kind, words: why.words(), detail }))
}

impl From<ReturnRefusal> for DeskError {
    fn from(why: ReturnRefusal) -> Self {
        let kind = if why == ReturnRefusal::StaffOnly { RefusalKind::Forbidden } else { RefusalKind::Unprocessable };
        let detail = serde_json::Value::Null;
        Self::Refused(Box::new(Refusal { code: why.as_str(), kind, words: why.words(), detail }))
    }
}
