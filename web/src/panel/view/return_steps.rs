//! What staff may do with a return now, step by step as its state allows.

use rust_decimal::Decimal;
use storewire_db::{ReturnRow, returns::ItemRow};
use storewire_domain::{
    RoleClass,
    returns::{Item, ItemDecision, ReturnEvent, ReturnState, check_items, step},
};
use uuid::Uuid;

use super::{Choice, return_page::fate, text::plain};
use crate::panel::{url, words::Words};

/// See the module.
#[derive(Clone, Debug)]
pub struct ReturnForms {
    pub href: String,
    pub version: i64,
    pub can_accept: bool,
    pub can_decline: bool,
    pub can_cancel: bool,
    /// How many came of each item, if that may be said.
    pub receive: Vec<CountField>,
    /// What becomes of each item that came, if that may be said; none of them where nothing came.
    pub decide: Option<Vec<DecisionField>>,
    pub can_close: bool,
    /// It could be closed, but for what is not back on the shelf.
    pub waits_for_shelf: bool,
    /// Nothing moves it any more.
    pub is_over: bool,
    /// There is somewhere to write to.
    pub can_write: bool,
}

/// Where somebody says how many came.
#[derive(Clone, Debug)]
pub struct CountField {
    pub position: i32,
    pub name: String,
    /// As many as were to come.
    pub most: String,
    pub value: String,
}

/// Where somebody says what becomes of an item.
#[derive(Clone, Debug)]
pub struct DecisionField {
    pub position: i32,
    pub name: String,
    pub choices: Vec<Choice>,
}

impl ReturnForms {
    /// `None` for merchants, who look.
    #[must_use]
    pub fn new(row: &ReturnRow, class: RoleClass, t: &Words) -> Option<Self> {
        let may = |event| step(row.state, event).is_ok();
        let items: Vec<Item> = row.items.iter().map(ItemRow::item).collect();
        let is_back = check_items(ReturnEvent::Close, &items).is_ok();
        let open: Vec<DecisionField> =
            row.items.iter().filter(|item| is_to_be_decided(item)).map(|item| choose(item, t)).collect();
        let is_due = row.state == ReturnState::Received || !open.is_empty();
        let forms = || Self {
            href: url::returned(row.id),
            version: row.version,
            can_accept: may(ReturnEvent::Accept),
            can_decline: may(ReturnEvent::Decline),
            can_cancel: may(ReturnEvent::Cancel),
            receive: if may(ReturnEvent::Receive) { row.items.iter().map(count).collect() } else { Vec::new() },
            decide: (may(ReturnEvent::Decide) && is_due).then_some(open),
            can_close: may(ReturnEvent::Close) && is_back,
            waits_for_shelf: may(ReturnEvent::Close) && !is_back,
            is_over: row.state.is_final(),
            can_write: !row.buyer_email.is_empty(),
        };
        (class == RoleClass::Staff).then(forms)
    }

    /// What sending a form does, for each of them another: sent twice, it is done once.
    #[must_use]
    pub fn deed(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// It came, and is neither back on the shelf nor on its way there.
fn is_to_be_decided(item: &ItemRow) -> bool {
    item.received.is_some_and(|received| !received.is_zero()) && !item.item().is_restock_begun()
}

fn count(item: &ItemRow) -> CountField {
    CountField {
        position: item.position,
        name: plain(&item.name),
        most: typed(item.quantity),
        value: typed(item.received.unwrap_or(item.quantity)),
    }
}

/// A number as a field takes it.
fn typed(quantity: Decimal) -> String {
    quantity.normalize().to_string()
}

fn choose(item: &ItemRow, t: &Words) -> DecisionField {
    let choice = |decision: &ItemDecision| Choice {
        value: decision.as_str().to_owned(),
        label: fate(*decision, t),
        is_chosen: item.decision == Some(*decision),
    };
    DecisionField {
        position: item.position,
        name: plain(&item.name),
        choices: ItemDecision::ALL.iter().map(choice).collect(),
    }
}
