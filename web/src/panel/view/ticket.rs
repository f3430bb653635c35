//! A ticket as a line of the list and as the head of its page.

use jiff::Timestamp;
use storewire_db::TicketRow;
use storewire_domain::{
    RoleClass,
    ticket::{Priority, TicketState},
};

use super::{Badge, When, text::plain};
use crate::panel::{dom_id, url, words::Words};

/// One ticket.
#[derive(Clone, Debug)]
pub struct TicketView {
    pub dom_id: String,
    pub head_id: String,
    pub href: String,
    /// By which people call it.
    pub number: String,
    pub subject: String,
    pub store: String,
    /// What it is about, as it was called when it was opened.
    pub about: Option<String>,
    pub state: Badge,
    pub state_raw: &'static str,
    /// When it was written, so that a script never puts an older one over a newer.
    pub saved: i64,
    /// Nothing for a normal one.
    pub priority: Option<Badge>,
    pub opener: String,
    pub opened: When,
    pub assignee: Option<String>,
    /// The newest message.
    pub last: When,
    pub is_unread: bool,
    /// For staff, until they have answered.
    pub goal: Option<Goal>,
}

/// When staff are to have answered first.
#[derive(Clone, Debug)]
pub struct Goal {
    pub due: When,
    /// They did not: the server's word, whatever a reader's clock says.
    pub is_late: bool,
}

impl TicketView {
    #[must_use]
    pub fn new(ticket: &TicketRow, class: RoleClass, is_unread: bool, now: Timestamp, t: &Words) -> Self {
        Self {
            dom_id: dom_id::ticket(ticket.id),
            head_id: dom_id::ticket_head(ticket.id),
            href: url::ticket(ticket.id),
            number: format!("T-{}", ticket.number),
            subject: ticket.subject.clone(),
            store: plain(&ticket.store_name),
            about: ticket.about.as_ref().map(|about| plain(&about.title)),
            state: badge(ticket.state, t),
            state_raw: ticket.state.as_str(),
            saved: ticket.updated_at.as_microsecond(),
            priority: priority(ticket.priority, t),
            opener: ticket.opened_name.clone(),
            opened: When::moment(ticket.opened_at),
            assignee: ticket.assignee_name.clone(),
            last: When::moment(ticket.last_message_at),
            is_unread,
            goal: (class == RoleClass::Staff).then(|| goal(ticket, now)).flatten(),
        }
    }

    /// The same as a frame shows it, which is for many: unread is what the other side said last.
    #[must_use]
    pub fn told(ticket: &TicketRow, class: RoleClass, now: Timestamp, t: &Words) -> Self {
        let is_others = ticket.last_by_staff != (class == RoleClass::Staff);
        Self::new(ticket, class, is_others && ticket.state != TicketState::Closed, now, t)
    }
}

fn goal(ticket: &TicketRow, now: Timestamp) -> Option<Goal> {
    let due =
        ticket.answer_due_at.filter(|_| ticket.first_answer_at.is_none() && ticket.state != TicketState::Closed)?;
    Some(Goal { due: When::moment(due), is_late: ticket.answer_late_at.is_some() || due < now })
}

/// Whom a ticket waits for, in words.
#[must_use]
pub fn badge(state: TicketState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        TicketState::Open => (t.get("ticket-open"), "info", "inbox"),
        TicketState::Answered => (t.get("ticket-answered"), "good", "message-square"),
        TicketState::Closed => (t.get("ticket-closed"), "calm", "circle-check"),
    };
    Badge { word, tone, icon }
}

fn priority(priority: Priority, t: &Words) -> Option<Badge> {
    let (tone, icon) = match priority {
        Priority::Urgent => ("bad", "circle-alert"),
        Priority::High => ("warn", "arrow-up"),
        Priority::Low => ("calm", "hourglass"),
        Priority::Normal => return None,
    };
    Some(Badge { word: priority_word(priority, t), tone, icon })
}

/// How soon a ticket is to be answered, in words.
#[must_use]
pub fn priority_word(priority: Priority, t: &Words) -> String {
    match priority {
        Priority::Low => t.get("ticket-priority-low"),
        Priority::Normal => t.get("ticket-priority-normal"),
        Priority::High => t.get("ticket-priority-high"),
        Priority::Urgent => t.get("ticket-priority-urgent"),
    }
}
