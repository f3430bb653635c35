//! The form that opens a return of an order.

use askama::Template;
use rust_decimal::Decimal;
use storewire_db::returns::{Line, Returnable};
use storewire_domain::{OrderId, returns::ReturnReason};
use uuid::Uuid;

use super::{Choice, money::number, returned, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// `GET /returns/new`.
#[derive(Template)]
#[template(path = "returns/new.html")]
pub struct NewReturnPage {
    pub t: Words,
    pub frame: Frame,
    pub form: ReturnForm,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct ReturnForm {
    pub order: String,
    pub order_href: String,
    pub order_number: String,
    /// What sending the form does: sent twice, it is done once.
    pub deed: Uuid,
    pub lines: Vec<LineField>,
    pub reasons: Vec<Choice>,
    pub note: String,
    /// Why it was not opened as it was sent.
    pub problem: Option<String>,
}

/// Where somebody says how many of a line come back.
#[derive(Clone, Debug)]
pub struct LineField {
    /// The store's id of the line.
    pub line: String,
    pub name: String,
    pub sku: String,
    pub ordered: String,
    /// In other returns.
    pub returned: Option<String>,
    /// No more than this.
    pub left: String,
    pub is_left: bool,
    /// What was typed.
    pub value: String,
}

/// What somebody sent, or would before they typed anything.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub deed: Uuid,
    /// Of lines, by the store's ids, as typed.
    pub quantities: Vec<(String, String)>,
    pub reason: Option<ReturnReason>,
    pub note: String,
    pub problem: Option<String>,
}

impl ReturnForm {
    #[must_use]
    pub fn new(id: OrderId, order: &Returnable, given: Given, t: &Words) -> Self {
        let reason = |reason: &ReturnReason| Choice {
            value: reason.as_str().to_owned(),
            label: returned::reason(*reason, t),
            is_chosen: given.reason == Some(*reason),
        };
        let typed = |line: &Line| {
            let found = given.quantities.iter().find(|(id, _)| *id == line.remote_id);
            found.map(|(_, typed)| typed.clone()).unwrap_or_default()
        };
        Self {
            order: id.to_string(),
            order_href: url::order(id),
            order_number: plain(&order.number),
            deed: given.deed,
            lines: order.lines.iter().map(|line| LineField::new(line, typed(line))).collect(),
            reasons: ReturnReason::ALL.iter().map(reason).collect(),
            note: given.note,
            problem: given.problem,
        }
    }

    /// Whether anything may come back.
    #[must_use]
    pub fn has_left(&self) -> bool {
        self.lines.iter().any(|line| line.is_left)
    }
}

impl LineField {
    fn new(line: &Line, value: String) -> Self {
        let left = line.ordered.checked_sub(line.returned).unwrap_or_default().max(Decimal::ZERO);
        Self {
            line: line.remote_id.clone(),
            name: plain(&line.name),
            sku: line.sku.clone(),
            ordered: number(line.ordered),
            returned: (!line.returned.is_zero()).then(|| number(line.returned)),
            left: left.normalize().to_string(),
            is_left: !left.is_zero(),
            value,
        }
    }
}
