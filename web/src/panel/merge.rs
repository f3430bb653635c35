//! Two edits of one record at the same time, field by field: what joins by itself, and what a person has to choose.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_actors::{Faster, Overtaken};
use storewire_domain::{
    Edit,
    intent::{FieldValue, Fields},
};

/// Whose value a field is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Only the sender changed it.
    Mine,
    /// The sender left it alone, or wants what it is already.
    Theirs,
    /// Both changed it: a person chooses.
    Both,
}

/// What a person chose for a field that both changed. A form says it as `take.` and the name of the field's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// What is there now; what was typed is let go.
    Now,
    Mine,
}

/// Whether a form says of a field's input that what is there now shall stay.
#[must_use]
pub fn stays(form: &[(String, String)], input: &str) -> bool {
    form.iter().any(|(name, value)| name.strip_prefix("take.") == Some(input) && value == "now")
}

/// One field in its three states.
#[derive(Clone, Debug)]
pub struct Field {
    /// As preconditions name it.
    pub name: String,
    pub seen: FieldValue,
    pub now: FieldValue,
    /// As it was typed; empty for nothing.
    pub mine: String,
    pub side: Side,
}

/// An edit of several fields beside what became of them since its sender looked.
#[derive(Clone, Debug)]
pub struct Merge {
    edit: Edit,
    pub fields: Vec<Field>,
}

/// What comes of the two edits.
#[derive(Clone, Debug, PartialEq)]
pub enum Joined {
    /// What is left to be written, and the values of now that it is written over.
    Edit(Edit, Value),
    /// All that the sender wanted is there.
    Nothing,
    /// A person has to choose.
    Asks,
}

impl Merge {
    /// Of an edit with what its sender saw, by field name. `None` for an edit of one value, which is wished again whole or not at all.
    #[must_use]
    pub fn of(edit: &Edit, seen: Option<&Value>, faster: &Faster) -> Option<Self> {
        let wanted = edit.wanted();
        let seen =
            seen.and_then(|seen| serde_json::from_value::<Fields>(seen.clone()).ok()).unwrap_or_default().settled();
        let of = |fields: &Fields, name: &str| fields.get(name).cloned().unwrap_or(FieldValue::Nothing);
        let field = |(name, mine): (&str, String)| {
            let (seen, wanted) = (of(&seen, name), of(&wanted, name));
            let overtaken: Option<&Overtaken> = faster.fields.iter().find(|one| one.field == name);
            let now = overtaken.map_or_else(|| seen.clone(), |one| one.now.clone());
            let side = if wanted == now || wanted == seen {
                Side::Theirs
            } else if now == seen {
                Side::Mine
            } else {
                Side::Both
            };
            Field { name: name.to_owned(), seen, now, mine, side }
        };
        Some(Self { edit: edit.clone(), fields: typed(edit)?.into_iter().map(field).collect() })
    }

    /// The edit on the values of now, unless somebody has to choose first.
    #[must_use]
    pub fn joined(&self) -> Joined {
        let has = |side| self.fields.iter().any(|field| field.side == side);
        if has(Side::Both) {
            return Joined::Asks;
        }
        if !has(Side::Mine) {
            return Joined::Nothing;
        }
        let edit = match &self.edit {
            Edit::Text { fields } => Edit::Text {
                fields: fields.clone().into_iter().filter(|(field, _)| self.is_mine(field.as_str())).collect(),
            },
            Edit::Customer { fields } => Edit::Customer {
                fields: fields.clone().into_iter().filter(|(field, _)| self.is_mine(field.as_str())).collect(),
            },
            Edit::Price { regular, sale } => {
                Edit::Price { regular: self.price("regular_price", *regular), sale: self.price("sale_price", *sale) }
            }
            other => other.clone(),
        };
        let now: Map<String, Value> = edit.wanted().names().filter_map(|name| self.now(name)).collect();
        Joined::Edit(edit, Value::Object(now))
    }

    /// Where the edit's own form is sent to, below the record's page.
    #[must_use]
    pub const fn form(&self) -> &'static str {
        match &self.edit {
            Edit::Price { .. } => "/price",
            Edit::Text { .. } => "/texts",
            _ => "",
        }
    }

    /// The same, but a person chooses for every field: what would join by itself makes no sense together.
    #[must_use]
    pub fn asking(mut self) -> Self {
        for field in &mut self.fields {
            field.side = Side::Both;
        }
        self
    }

    fn is_mine(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name && field.side == Side::Mine)
    }

    fn now(&self, name: &str) -> Option<(String, Value)> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        Some((name.to_owned(), serde_json::to_value(&field.now).ok()?))
    }

    /// A price is written with its sister, so one that was left alone is given as it is now.
    fn price(&self, name: &str, mine: Option<Decimal>) -> Option<Decimal> {
        if self.is_mine(name) {
            return mine;
        }
        self.now(name).and_then(|(_, now)| now.as_str()?.parse().ok())
    }
}

/// The fields of an edit of several, each with what was typed; `None` for an edit of one value.
fn typed(edit: &Edit) -> Option<Vec<(&'static str, String)>> {
    let told = |price: &Option<Decimal>| price.map(|price| price.normalize().to_string()).unwrap_or_default();
    match edit {
        Edit::Price { regular, sale } => Some(vec![("regular_price", told(regular)), ("sale_price", told(sale))]),
        Edit::Text { fields } => Some(fields.iter().map(|(field, text)| (field.as_str(), text.clone())).collect()),
        Edit::Customer { fields } => Some(fields.iter().map(|(field, text)| (field.as_str(), text.clone())).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storewire_domain::intent::{CustomerField, TextField};
    use uuid::Uuid;

    use super::*;

    /// Somebody made these values of what was seen.
    fn faster(now: &[(&str, &str)]) -> Faster {
        let overtaken = |(field, now): &(&str, &str)| Overtaken {
            field: (*field).to_owned(),
            seen: FieldValue::Nothing,
            now: FieldValue::text(now),
            wanted: FieldValue::Nothing,
        };
        Faster { entity: Uuid::nil(), fields: now.iter().map(overtaken).collect(), by: None, at: None }
    }

    fn price(regular: &str, sale: &str) -> Edit {
        Edit::Price { regular: regular.parse().ok(), sale: sale.parse().ok() }
    }

    fn sides(merge: &Merge) -> Vec<(&str, Side)> {
        merge.fields.iter().map(|field| (field.name.as_str(), field.side)).collect()
    }

    #[test]
    fn a_price_that_only_one_side_changed_joins_the_others_other_price() {
        let seen = json!({"regular_price": "10.00", "sale_price": "8"});
        let merge = Merge::of(&price("12", "8"), Some(&seen), &faster(&[("sale_price", "7")])).unwrap();
        assert_eq!(sides(&merge), [("regular_price", Side::Mine), ("sale_price", Side::Theirs)]);
        let now = json!({"regular_price": "10", "sale_price": "7"});
        assert_eq!(merge.joined(), Joined::Edit(price("12", "7"), now));
        let ended = Merge::of(&price("12", "8"), Some(&seen), &faster(&[("sale_price", "")])).unwrap();
        let now = json!({"regular_price": "10", "sale_price": null});
        assert_eq!(ended.joined(), Joined::Edit(price("12", ""), now), "a sale that is over stays over");
        assert_eq!(merge.asking().joined(), Joined::Asks);
    }

    #[test]
    fn of_what_both_changed_a_person_chooses() {
        let seen = json!({"regular_price": "10", "sale_price": "8"});
        let merge = Merge::of(&price("12", "8"), Some(&seen), &faster(&[("regular_price", "11")])).unwrap();
        assert_eq!(sides(&merge), [("regular_price", Side::Both), ("sale_price", Side::Theirs)]);
        assert_eq!(merge.joined(), Joined::Asks);
        let same = Merge::of(&price("12", "8"), Some(&seen), &faster(&[("regular_price", "12")])).unwrap();
        assert_eq!(same.joined(), Joined::Nothing, "both wanted the same");
    }

    #[test]
    fn fields_that_are_so_already_are_left_out_of_what_is_written() {
        let fields = [(CustomerField::BillingCity, "Bursa".to_owned()), (CustomerField::BillingPhone, "5".to_owned())];
        let edit = Edit::Customer { fields: fields.into() };
        let seen = json!({"billing.city": "Izmir", "billing.phone": null});
        let merge = Merge::of(&edit, Some(&seen), &faster(&[("billing.city", "Bursa")])).unwrap();
        let rest = Edit::Customer { fields: [(CustomerField::BillingPhone, "5".to_owned())].into() };
        assert_eq!(merge.joined(), Joined::Edit(rest, json!({"billing.phone": null})));
    }

    #[test]
    fn a_text_is_compared_as_it_is_read_and_kept_as_it_was_typed() {
        let edit = Edit::Text { fields: [(TextField::Long, "One\n\n  two".to_owned())].into() };
        let seen = json!({"description": "One"});
        let merge = Merge::of(&edit, Some(&seen), &faster(&[("description", "One two")])).unwrap();
        assert_eq!((merge.joined(), merge.fields[0].mine.as_str()), (Joined::Nothing, "One\n\n  two"));
        let merge = Merge::of(&edit, Some(&seen), &faster(&[("description", "Three")])).unwrap();
        assert_eq!(merge.joined(), Joined::Asks);
    }

    #[test]
    fn an_edit_of_one_value_has_nothing_to_join() {
        let edit = Edit::Stock { quantity: 20.into() };
        assert!(Merge::of(&edit, Some(&json!({"stock_quantity": "9"})), &faster(&[("stock_quantity", "8")])).is_none());
    }
}
