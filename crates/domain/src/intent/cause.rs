//! Why an intent exists: who wanted it, and by which way it came about.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{RequestId, ReturnId, UserId};

/// The cause of an intent, kept with it for good. JSON form: `{"user": "…", "request": "…"}`; what is not so is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Who decided that it be written.
    pub user: UserId,
    /// The merchant's request that was approved by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// The file of counts that it is a line of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<Uuid>,
    /// The change of many records that it is one of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<Uuid>,
    /// The return whose goods are put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<ReturnId>,
    /// Why, in the person's own words, for who reads the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Cause {
    /// Somebody's own wish.
    #[must_use]
    pub const fn of(user: UserId) -> Self {
        Self { user, request: None, import: None, bulk: None, returned: None, note: None }
    }

    /// Whether what failed is decided again on the values of now, by whoever decided it, and never tried again as it was: its number was
    /// reckoned from what the store held then.
    #[must_use]
    pub const fn is_decided_again(&self) -> bool {
        self.request.is_some() || self.returned.is_some()
    }
}
