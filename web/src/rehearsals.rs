//! Rehearsals, as far as people start and end them. Who carries them out lives with the simulated shops, below which this crate lies;
//! it is handed in.

use std::{future::Future, pin::Pin};

use storewire_db::{DbError, ReadTx, StoreRow, rehearsals, stores};
use storewire_domain::{
    StoreId, TenantId, UserId,
    rehearsal::{Trouble, Wish, WishFault},
};
use storewire_guard::access::may_rehearse;

use crate::{error::WebError, extract::Session, state::AppState};

/// Who carries rehearsals out, one at a time.
pub trait Stage: Send + Sync + 'static {
    /// Begins one and answers its name: the tenant of its twins.
    fn begin(&self, wanted: Wanted) -> Pin<Box<dyn Future<Output = Result<TenantId, BeginError>> + Send + '_>>;

    /// Has it come to its report now. Nothing for one that is not under way here.
    fn stop(&self, id: TenantId);

    /// Deletes the rows of one that is over; its report stays. They are gone some time later.
    fn clear(&self, id: TenantId);
}

/// A rehearsal that somebody wishes for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub by: UserId,
    pub wish: Wish,
    /// The stores that are twinned.
    pub originals: Vec<StoreRow>,
}

/// Why none began.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error("another rehearsal is under way on this node")]
    Busy,
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<BeginError> for WebError {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Busy => Self::Conflict { code: "busy", detail: error.to_string() },
            BeginError::Db(error) => error.into(),
        }
    }
}

/// What a person asks for, in their own words.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Empty for all that the person sees.
    pub stores: Vec<StoreId>,
    pub factor: u32,
    pub rate: u32,
    pub seconds: u32,
    pub goal_seconds: u32,
    pub troubles: Vec<Trouble>,
}

/// Why it cannot be carried out.
#[derive(Debug)]
pub enum Refused {
    /// One of the stores is not there for this person.
    NoStore,
    Wish(WishFault),
}

/// The wish behind what was asked for.
///
/// # Errors
/// As every statement; the refusal is inside.
pub async fn wanted(tx: &ReadTx, session: &Session, asked: Asked) -> Result<Result<Wanted, Refused>, WebError> {
    let seen = stores::list(tx).await?;
    let originals: Vec<StoreRow> = match asked.stores.is_empty() {
        true => seen,
        false => seen.into_iter().filter(|store| asked.stores.contains(&store.id)).collect(),
    };
    if asked.stores.iter().any(|id| originals.iter().all(|store| store.id != *id)) {
        return Ok(Err(Refused::NoStore));
    }
    let mut troubles = asked.troubles;
    troubles.sort_unstable();
    troubles.dedup();
    let wish = Wish {
        stores: u32::try_from(originals.len()).unwrap_or(u32::MAX),
        factor: asked.factor,
        rate: asked.rate,
        seconds: asked.seconds,
        goal_seconds: asked.goal_seconds,
        troubles,
    };
    Ok(wish.check().map(|()| Wanted { by: session.user_id, wish, originals }).map_err(Refused::Wish))
}

/// Refuses who may not rehearse.
pub fn require(session: &Session) -> Result<(), WebError> {
    if may_rehearse(session) { Ok(()) } else { Err(WebError::Forbidden("your role may not do this")) }
}

/// One rehearsal. The right to it comes first: a name tells nothing, and there is nothing of anybody's to hide.
pub async fn addressed(
    session: &Session,
    state: &AppState,
    id: TenantId,
) -> Result<rehearsals::RehearsalRow, WebError> {
    require(session)?;
    let tx = state.db.read(&session.scope()).await?;
    let row = rehearsals::find(&tx, id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    Ok(row)
}
