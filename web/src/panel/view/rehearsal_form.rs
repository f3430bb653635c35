//! The form that begins a rehearsal: what was typed, what there is to choose, what must be corrected.

use storewire_db::StoreRow;
use storewire_domain::{
    StoreId,
    rehearsal::{Trouble, WishFault},
};

use super::Choice;
use crate::{
    panel::words::Words,
    rehearsals::{Asked, Refused},
};

/// How long twins may live, seconds: what the list offers.
const LENGTHS: [u32; 7] = [10, 30, 60, 120, 300, 600, 1_800];

/// The form. Numbers stay as they were typed, so that a mistake comes back as it was made.
#[derive(Clone, Debug)]
pub struct RehearsalForm {
    /// None ticked: all of them.
    chosen: Vec<String>,
    struck: Vec<String>,
    pub factor: String,
    pub rate: String,
    seconds: String,
    pub goal: String,
    pub problem: Option<String>,
    pub stores: Vec<Choice>,
    pub lengths: Vec<Choice>,
    pub troubles: Vec<Choice>,
}

impl Default for RehearsalForm {
    fn default() -> Self {
        Self {
            chosen: Vec::new(),
            struck: Vec::new(),
            factor: "5".to_owned(),
            rate: "10".to_owned(),
            seconds: "60".to_owned(),
            goal: "5".to_owned(),
            problem: None,
            stores: Vec::new(),
            lengths: Vec::new(),
            troubles: Vec::new(),
        }
    }
}

impl RehearsalForm {
    /// What a browser sent.
    #[must_use]
    pub fn read(fields: &[(String, String)]) -> Self {
        let all = |name: &str| {
            fields.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let one = |name: &str| all(name).pop().unwrap_or_default().trim().to_owned();
        Self {
            chosen: all("store"),
            struck: all("trouble"),
            factor: one("factor"),
            rate: one("rate"),
            seconds: one("seconds"),
            goal: one("goal"),
            ..Self::default()
        }
    }

    /// What it asks for; a number that is none is out of every bound.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let number = |text: &str| text.parse().unwrap_or(0);
        // An id that cannot be read is no store's.
        let store = |text: &String| text.parse().unwrap_or(StoreId(uuid::Uuid::nil()));
        Asked {
            stores: self.chosen.iter().map(store).collect(),
            factor: number(&self.factor),
            rate: number(&self.rate),
            seconds: number(&self.seconds),
            goal_seconds: number(&self.goal),
            troubles: self.struck.iter().filter_map(|word| word.parse().ok()).collect(),
        }
    }

    /// The same form, with what must be corrected.
    #[must_use]
    pub fn with_problem(self, problem: String) -> Self {
        Self { problem: Some(problem), ..self }
    }

    /// The same form, with what there is to choose.
    #[must_use]
    pub fn offering(self, stores: &[StoreRow], t: &Words) -> Self {
        let choice = |value: String, label: String, chosen: &[String]| Choice {
            is_chosen: chosen.contains(&value),
            value,
            label,
        };
        let length = |seconds: u32| {
            let span = super::span::span(std::time::Duration::from_secs(seconds.into()), t);
            choice(seconds.to_string(), span, std::slice::from_ref(&self.seconds))
        };
        Self {
            stores: stores.iter().map(|row| choice(row.id.to_string(), row.name.clone(), &self.chosen)).collect(),
            lengths: LENGTHS.map(length).into(),
            troubles: Trouble::ALL
                .iter()
                .map(|trouble| choice(trouble.as_str().to_owned(), trouble_words(*trouble, t), &self.struck))
                .collect(),
            ..self
        }
    }
}

/// A trouble in plain words.
pub(super) fn trouble_words(trouble: Trouble, t: &Words) -> String {
    match trouble {
        Trouble::Slow => t.get("trouble-slow"),
        Trouble::Throttled => t.get("trouble-throttled"),
        Trouble::Unavailable => t.get("trouble-unavailable"),
        Trouble::Crashing => t.get("trouble-crashing"),
        Trouble::WebhooksLost => t.get("trouble-webhooks-lost"),
        Trouble::WebhooksDoubled => t.get("trouble-webhooks-doubled"),
        Trouble::WebhooksStale => t.get("trouble-webhooks-stale"),
        Trouble::WebhooksLate => t.get("trouble-webhooks-late"),
    }
}

/// Why a wish is refused, in words.
#[must_use]
pub fn rehearsal_fault(refused: &Refused, t: &Words) -> String {
    match refused {
        Refused::NoStore => t.get("rehearsal-no-store"),
        Refused::Wish(WishFault::NoStores) => t.get("rehearsal-no-stores"),
        Refused::Wish(WishFault::Factor) => t.get("rehearsal-bad-factor"),
        Refused::Wish(WishFault::TooManyTwins) => t.get("rehearsal-too-many"),
        Refused::Wish(WishFault::Rate) => t.get("rehearsal-bad-rate"),
        Refused::Wish(WishFault::Seconds) => t.get("rehearsal-bad-length"),
        Refused::Wish(WishFault::Goal) => t.get("rehearsal-bad-goal"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_one_name_are_all_read_and_a_mistake_comes_back_as_typed() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let store = StoreId::fresh();
        let fields = [
            field("store", &store.to_string()),
            field("store", "x"),
            field("trouble", "slow"),
            field("trouble", "webhooks_lost"),
            field("trouble", "meteor"),
            field("factor", "two"),
            field("rate", " 7 "),
        ];
        let form = RehearsalForm::read(&fields);
        let asked = form.asked();
        assert_eq!((asked.stores.len(), asked.stores[0]), (2, store));
        assert_eq!(asked.troubles, [Trouble::Slow, Trouble::WebhooksLost]);
        assert_eq!((asked.factor, asked.rate, form.factor.as_str()), (0, 7, "two"));
        let shown = form.offering(&[], &Words::default());
        assert_eq!(shown.troubles.iter().filter(|choice| choice.is_chosen).count(), 2);
        assert!(shown.lengths.iter().all(|choice| !choice.is_chosen));
    }

    #[test]
    fn a_fresh_form_offers_a_minute_and_no_trouble() {
        let form = RehearsalForm::default().offering(&[], &Words::default());
        let chosen: Vec<_> =
            form.lengths.iter().filter(|choice| choice.is_chosen).map(|choice| &choice.label).collect();
        assert_eq!(chosen, ["1 min"]);
        assert!(form.troubles.iter().all(|choice| !choice.is_chosen));
    }
}
