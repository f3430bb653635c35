//! Why an intent exists: who wanted it, and by which way it came about.

use serde::{Deserialize, Serialize};

use crate::{RequestId, UserId};

/// The cause of an intent, kept with it for good. JSON form: `{"user": "…", "request": "…"}`; what is not so is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Who decided that it be written.
    pub user: UserId,
    /// The merchant's request that was approved by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
}

impl Cause {
    /// Somebody's own wish.
    #[must_use]
    pub const fn of(user: UserId) -> Self {
        Self { user, request: None }
    }
}
