//! The actor of one tenant's requests.

use storewire_db::{DbError, RequestRow};
use storewire_domain::{RequestId, TenantId, request::Decision};
use uuid::Uuid;

use super::{
    DeskError, DeskShared, Hand,
    clerk::{self, Clerk},
    requests::{self, Asked, At},
};

/// See the module.
pub(super) type ApprovalActor = Clerk<Deed>;

/// What is to be done with a request.
#[derive(Clone)]
pub(super) enum Deed {
    Ask(Asked),
    Decide { of: At, decision: Decision, reason: String },
    Withdraw(At),
    Reopen(At),
    Comment { id: RequestId, text: String },
}

impl clerk::Deed for Deed {
    type Answer = RequestRow;

    async fn carry_out(
        self,
        shared: &DeskShared,
        tenant: TenantId,
        id: Uuid,
        by: &Hand,
    ) -> Result<RequestRow, DeskError> {
        match self {
            Self::Ask(wish) => requests::ask(shared, id, by, wish).await,
            Self::Decide { of, decision, reason } => requests::decide(shared, id, by, of, decision, &reason).await,
            Self::Withdraw(of) => requests::withdraw(shared, id, by, of).await,
            Self::Reopen(of) => requests::reopen(shared, id, by, of).await,
            Self::Comment { id: request, text } => requests::comment(shared, id, by, tenant, request, &text).await,
        }
    }

    async fn see_to_what_is_due(shared: &DeskShared, tenant: TenantId) -> Result<(), DbError> {
        requests::see_to_what_is_due(shared, tenant).await
    }
}
