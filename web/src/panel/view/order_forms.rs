//! What staff may wish changed in an order.

use storewire_db::OrderDetail;
use storewire_domain::order::transition;
use uuid::Uuid;

use super::{Badge, Choice, status};
use crate::panel::{url, words::Words};

/// The forms of an order's page.
#[derive(Clone, Debug)]
pub struct OrderForms {
    pub href: String,
    /// Those that may follow the present one; none if it is the end.
    pub statuses: Vec<Choice>,
    /// The status as the page shows it.
    pub seen_status: String,
    pub present: Badge,
}

impl OrderForms {
    /// `known` are the statuses that orders of this store take: plugins add their own.
    #[must_use]
    pub fn new(order: &OrderDetail, known: &[String], t: &Words) -> Self {
        let present = order.summary.status.as_str();
        Self {
            href: url::order(order.summary.id),
            statuses: transition::next(present, known).into_iter().map(|status| choice(status, t)).collect(),
            seen_status: present.to_owned(),
            present: status::order(present, t),
        }
    }

    /// By which a form that is sent twice is known; each form's own.
    #[must_use]
    pub fn deed(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The statuses that many orders may be given at once: whether one may follow is judged order by order.
#[must_use]
pub fn order_steps(known: &[String], t: &Words) -> Vec<Choice> {
    transition::targets(known).into_iter().map(|status| choice(status, t)).collect()
}

fn choice(status: &str, t: &Words) -> Choice {
    Choice { value: status.to_owned(), label: status::order(status, t).word, is_chosen: false }
}
