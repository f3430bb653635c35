//! The pages of tickets, and the fragments of them that frames carry.

use askama::Template;
use storewire_domain::ticket::Priority;
use uuid::Uuid;

use super::{
    CardView, Choice, Filter, IntentView, LetterLog, OrderForms, RequestView, TicketView,
    ticket::priority_word,
    ticket_thread::{EntryView, Look},
};
use crate::panel::{filters, frame::Frame, words::Words};

/// `GET /support`.
#[derive(Template)]
#[template(path = "support/list.html")]
pub struct TicketsPage {
    pub t: Words,
    pub frame: Frame,
    pub filter: Filter,
    pub takes_new: bool,
    pub rows: Vec<TicketView>,
    /// The next page.
    pub older: Option<String>,
}

/// `GET /support/new`.
#[derive(Template)]
#[template(path = "support/new.html")]
pub struct NewTicketPage {
    pub t: Words,
    pub frame: Frame,
    /// The deed of whoever sends the form: sent twice, it opens one ticket.
    pub deed: Uuid,
    /// The record in the words of an address.
    pub about: Option<String>,
    pub card: Option<CardView>,
    pub subject: String,
    /// The message, as far as it was typed.
    pub text: String,
    pub stores: Vec<Choice>,
    /// None for merchants.
    pub priorities: Vec<Choice>,
    /// How many files it takes, in words.
    pub files_hint: String,
}

/// `GET /support/{id}`.
#[derive(Template)]
#[template(path = "support/show.html")]
pub struct TicketPage {
    pub t: Words,
    pub frame: Frame,
    pub ticket: TicketView,
    pub entries: Vec<EntryView>,
    /// The record that it is about, as far as it is there.
    pub card: Option<CardView>,
    /// What staff can do about the record.
    pub acts: Option<TicketActs>,
    /// Changes of the record on their way; `None` for who sees none.
    pub intents: Option<Vec<IntentView>>,
    /// What was written about it; `None` for merchants.
    pub letters: Option<LetterLog>,
    /// For staff.
    pub tools: Option<TicketTools>,
    pub is_closed: bool,
    pub version: i64,
    /// How many files a message takes, in words.
    pub files_hint: String,
    pub typed: Typed,
}

/// What was typed below a thread and not taken; files must be chosen anew.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub reply: String,
    pub note: String,
    /// The word for why it was not taken.
    pub why: Option<&'static str>,
}

impl TicketPage {
    /// The deed of one form: sent twice, it is done once.
    fn deed(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Who answers a ticket, and how soon.
#[derive(Clone, Debug)]
pub struct TicketTools {
    pub assignees: Vec<Choice>,
    pub priorities: Vec<Choice>,
}

/// What staff can do about a record from a ticket's thread.
#[derive(Clone, Debug)]
pub struct TicketActs {
    pub order: Option<OrderForms>,
    /// Requests that wait, with the ways to approve them; each with its id and version.
    pub requests: Vec<(RequestView, String, i64)>,
    /// The store can be asked again.
    pub may_sync: bool,
}

/// The priorities to choose from.
#[must_use]
pub fn priorities(chosen: Option<Priority>, t: &Words) -> Vec<Choice> {
    let chosen = chosen.unwrap_or(Priority::Normal);
    let choice = |priority: &Priority| Choice {
        value: priority.as_str().to_owned(),
        label: priority_word(*priority, t),
        is_chosen: *priority == chosen,
    };
    Priority::ALL.iter().map(choice).collect()
}

/// `GET /support/count`.
#[derive(Template)]
#[template(path = "support/_count.html")]
pub struct TicketCount<'a> {
    pub t: &'a Words,
    pub count: i64,
}

/// A line of the list.
#[derive(Template)]
#[template(path = "support/_ticket.html")]
pub struct TicketFragment<'a> {
    pub t: &'a Words,
    pub ticket: TicketView,
}

/// The head of a ticket's page. What frames bring is for many, so the page asks for its thread by itself.
#[derive(Template)]
#[template(path = "support/_head.html")]
pub struct TicketHeadFragment<'a> {
    pub t: &'a Words,
    pub ticket: TicketView,
}

/// Says that the record of a ticket has changed: the page asks for its card anew.
#[derive(Template)]
#[template(path = "support/_beat.html")]
pub struct CardBeat {
    pub saved: i64,
}
