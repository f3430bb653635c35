//! The actor of one tenant's tickets.

use storewire_db::{DbError, TicketRow};
use storewire_domain::{TenantId, UserId, ticket::Priority};
use uuid::Uuid;

use super::{
    DeskError, DeskShared, Hand,
    clerk::{self, Clerk},
    tickets::{self, NewTicket, Seen, Thread, TicketAct, Words},
};

/// See the module.
pub(super) type TicketActor = Clerk<Deed>;

/// What is to be done with a ticket.
#[derive(Clone)]
pub(super) enum Deed {
    Open(NewTicket),
    Say(Thread, Words),
    Note(Thread, Words),
    Assign(Seen, Option<UserId>),
    Prioritise(Seen, Priority),
    Close(Seen),
    Reopen(Seen),
    Act(Thread, TicketAct),
}

impl clerk::Deed for Deed {
    type Answer = TicketRow;

    async fn carry_out(self, shared: &DeskShared, _: TenantId, id: Uuid, by: &Hand) -> Result<TicketRow, DeskError> {
        match self {
            Self::Open(wish) => tickets::open(shared, id, by, wish).await,
            Self::Say(of, words) => tickets::say(shared, id, by, of, &words).await,
            Self::Note(of, words) => tickets::note(shared, id, by, of, &words).await,
            Self::Assign(of, to) => tickets::assign(shared, id, by, of, to).await,
            Self::Prioritise(of, priority) => tickets::prioritise(shared, id, by, of, priority).await,
            Self::Close(of) => tickets::close(shared, id, by, of).await,
            Self::Reopen(of) => tickets::reopen(shared, id, by, of).await,
            Self::Act(of, act) => tickets::act(shared, id, by, of, act).await,
        }
    }

    async fn see_to_what_is_due(shared: &DeskShared, tenant: TenantId) -> Result<(), DbError> {
        tickets::see_to_what_is_due(shared, tenant).await
    }
}
