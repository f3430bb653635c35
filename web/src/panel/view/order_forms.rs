//! What staff may wish changed in an order.

use storewire_db::OrderDetail;

use super::{Choice, status};
use crate::panel::{url, words::Words};

/// The forms of an order's page.
#[derive(Clone, Debug)]
pub struct OrderForms {
    pub href: String,
    pub statuses: Vec<Choice>,
    /// The status as the page shows it.
    pub seen_status: String,
}

impl OrderForms {
    /// `known` are the statuses that orders of this store take: plugins add their own.
    #[must_use]
    pub fn new(order: &OrderDetail, known: &[String], t: &Words) -> Self {
        let present = order.summary.status.as_str();
        let ours = status::ORDER_TABS.into_iter().filter(|status| *status != "trash");
        let theirs = known.iter().map(String::as_str).filter(|status| !status::ORDER_TABS.contains(status));
        let mut words: Vec<&str> = ours.chain(theirs).collect();
        if !words.contains(&present) {
            words.push(present);
        }
        Self {
            href: url::order(order.summary.id),
            statuses: words
                .into_iter()
                .map(|word| Choice {
                    value: word.to_owned(),
                    label: status::order(word, t).word,
                    is_chosen: word == present,
                })
                .collect(),
            seen_status: present.to_owned(),
        }
    }
}
