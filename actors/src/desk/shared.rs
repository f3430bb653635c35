//! What every command of the desk works with, whose hand it is, and how it is refused.

use std::sync::Arc;

use serde_json::{Value, json};
use storewire_db::{Db, DbError, identity};
use storewire_domain::{Clock, RoleClass, StoreId, UserId, intent::Rejected, request::RequestRefusal};
use storewire_files::FilesError;
use tokio::runtime::Handle;

use super::{files::Cabinet, presence::Presence};
use crate::{
    ProposeError, config::DeskConfig, feed::FeedNudge, notifier::LetterNudge, registry::Registry, store::Duty,
};

/// More people than this are not told of one thing.
pub(super) const MOST_TOLD: u32 = 50;

/// What the desk's work shares.
#[derive(Clone)]
pub(crate) struct DeskShared {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) feed: FeedNudge,
    pub(crate) letters: LetterNudge,
    pub(crate) registry: Registry,
    /// The runtime that drives the database.
    pub(crate) engine: Handle,
    pub(crate) config: Arc<DeskConfig>,
    pub(crate) cabinet: Cabinet,
    pub(crate) presence: Presence,
}

impl DeskShared {
    /// The platform's people who keep a store. To be asked before a transaction: a tenant's scope does not see them.
    ///
    /// # Errors
    /// As every statement.
    pub(super) async fn keepers(&self, store: StoreId) -> Result<Vec<UserId>, DbError> {
        let tx = self.db.staff().await?;
        let (people, ended) = tokio::join!(biased; identity::staff_of(&tx, store, MOST_TOLD), tx.end());
        ended?;
        Ok(people?.into_iter().map(|person| person.id).collect())
    }

    /// The same without one of them.
    ///
    /// # Errors
    /// As every statement.
    pub(super) async fn keepers_but(&self, store: StoreId, but: UserId) -> Result<Vec<UserId>, DbError> {
        let mut keepers = self.keepers(store).await?;
        keepers.retain(|keeper| *keeper != but);
        Ok(keepers)
    }

    /// Has a store's actor write what was approved. One that does not run finds it when it starts.
    pub(super) fn send_on_its_way(&self, store: StoreId) {
        self.feed.send();
        let _ = self.registry.hurry(store, Duty::Outbox);
    }
}

/// Whose hand it is.
#[derive(Clone, Debug)]
pub struct Hand {
    pub user: UserId,
    /// Kept with what they do: not all who read it may look people up.
    pub name: String,
    pub class: RoleClass,
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such thing within this tenant.
    #[error("no such record")]
    NotFound,
    #[error("{}", .0.words)]
    Refused(Box<Refusal>),
    /// The edit makes no sense.
    #[error("it makes no sense: {0}")]
    Rejected(#[from] Rejected),
    /// It was not begun, or its end is not known: the same command with the same deed finds out.
    #[error("the desk is busy; try again")]
    Busy,
    #[error("the database did not do as asked: {0}")]
    Db(#[from] DbError),
    /// The bytes of a file could not be kept or found.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A rule that speaks against it.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// A key of the panel's texts and a code of the API.
    pub code: &'static str,
    pub kind: RefusalKind,
    pub words: &'static str,
    /// What helps to understand it: who was faster, or how it stands now.
    pub detail: Value,
}

/// How the API answers a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// Never allowed to this person: 403.
    Forbidden,
    /// Not as things stand: 409.
    Conflict,
    /// Not what the person saw: 412.
    Outdated,
    /// Makes no sense as asked: 422.
    Unprocessable,
    /// Larger than is taken: 413.
    TooLarge,
    /// Of a kind that is not taken: 415.
    BadType,
}

impl DeskError {
    /// A refusal with what helps to understand it.
    pub(super) fn refused(why: RequestRefusal, detail: Value) -> Self {
        let kind = match why {
            RequestRefusal::FourEyes | RequestRefusal::StaffOnly => RefusalKind::Forbidden,
            RequestRefusal::Changed => RefusalKind::Outdated,
            RequestRefusal::AlreadyDecided
            | RequestRefusal::NotWaiting
            | RequestRefusal::NotFailed
            | RequestRefusal::AlreadyAsked
            | RequestRefusal::Gone
            | RequestRefusal::DecideAgain => RefusalKind::Conflict,
            RequestRefusal::NothingToChange
            | RequestRefusal::NoMeaning
            | RequestRefusal::BelowZero
            | RequestRefusal::ReasonNeeded
            | RequestRefusal::NotAskable => RefusalKind::Unprocessable,
        };
        Self::Refused(Box::new(Refusal { code: why.as_str(), kind, words: why.words(), detail }))
    }

    /// The code of a refusal.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            Self::Rejected(rejected) => Some(rejected.fault.as_str()),
            _ => None,
        }
    }
}

impl From<RequestRefusal> for DeskError {
    fn from(why: RequestRefusal) -> Self {
        Self::refused(why, Value::Null)
    }
}

impl From<ProposeError> for DeskError {
    fn from(error: ProposeError) -> Self {
        match error {
            ProposeError::NotFound => Self::NotFound,
            ProposeError::Rejected(rejected) => Self::Rejected(rejected),
            ProposeError::Faster(faster) => {
                let detail = json!({ "fields": faster.fields, "by": faster.by, "at": faster.at });
                Self::Refused(Box::new(Refusal {
                    code: "changed",
                    kind: RefusalKind::Conflict,
                    words: "somebody was faster: it is no longer as you saw it",
                    detail,
                }))
            }
            ProposeError::Db(error) => Self::Db(error),
        }
    }
}
