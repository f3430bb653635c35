//! An order that a merchant is putting together in a form: nothing of it is kept but in the form itself.

use std::collections::HashMap;

use storewire_domain::{
    Address, StoreId,
    intent::{CustomerField, EditFault, NewLine, NewOrder, Rejected},
};
use uuid::Uuid;

use crate::placing::Pieces;

/// The form's fields as they were typed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// So that an order that is sent twice is one request.
    pub deed: Uuid,
    pub store: Option<StoreId>,
    /// What articles are looked for.
    pub q: String,
    /// The chosen articles of ours, each once, with their counts.
    pub lines: Vec<(Uuid, String)>,
    pub billing: Address,
    pub shipping: Address,
    /// Whether it is sent elsewhere than the bill.
    pub goes_elsewhere: bool,
    /// What the buyer wants said.
    pub customer_note: String,
    pub status: String,
    /// Why it is placed, for staff.
    pub note: String,
}

impl Draft {
    /// An empty one, for a store if one is chosen.
    pub fn begin(store: Option<StoreId>) -> Self {
        Self {
            deed: Uuid::now_v7(),
            store,
            q: String::new(),
            lines: Vec::new(),
            billing: Address::default(),
            shipping: Address::default(),
            goes_elsewhere: false,
            customer_note: String::new(),
            status: "processing".to_owned(),
            note: String::new(),
        }
    }

    /// Reads a form that was sent, and does what its button says: an article is added, or taken out.
    pub fn read(form: &[(String, String)]) -> Self {
        let given: HashMap<&str, &str> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let text = |name: &str| given.get(name).copied().unwrap_or_default().replace("\r\n", "\n");
        let empty = Self::begin(text("store").parse().ok());
        let mut lines: Vec<(Uuid, String)> = Vec::new();
        for (name, value) in form {
            let product = name.strip_prefix("quantity.").and_then(|id| id.parse().ok());
            lines.extend(product.filter(|id| lines.iter().all(|(one, _)| one != id)).map(|id| (id, value.clone())));
        }
        let pressed = |name: &str| text(name).parse::<Uuid>().ok();
        if let Some(added) = pressed("add")
            && lines.iter().all(|(one, _)| *one != added)
        {
            lines.push((added, "1".to_owned()));
        }
        if let Some(dropped) = pressed("drop") {
            lines.retain(|(one, _)| *one != dropped);
        }
        let address = |place: &str| address(|field| text(&format!("{place}.{field}")));
        Self {
            deed: text("deed").parse().unwrap_or(empty.deed),
            q: text("q").chars().filter(|c| !c.is_control()).take(100).collect(),
            lines,
            billing: address("billing"),
            shipping: address("shipping"),
            goes_elsewhere: given.contains_key("elsewhere"),
            customer_note: text("customer_note"),
            status: text("status"),
            note: text("note"),
            ..empty
        }
    }

    /// The chosen articles with their counts.
    ///
    /// # Errors
    /// A count that is none.
    pub fn pieces(&self) -> Result<Vec<Pieces>, Rejected> {
        let bad = Rejected { field: "lines.quantity", fault: EditFault::Empty };
        let piece = |(product, count): &(Uuid, String)| {
            let quantity = count.trim().parse().map_err(|_| bad)?;
            Ok(Pieces { product: *product, quantity })
        };
        self.lines.iter().map(piece).collect()
    }

    /// The order that it makes of these lines.
    pub fn order(&self, lines: Vec<NewLine>) -> NewOrder {
        NewOrder {
            lines,
            billing: self.billing.clone(),
            shipping: self.goes_elsewhere.then(|| self.shipping.clone()),
            note: self.customer_note.clone(),
            status: self.status.clone(),
        }
    }

    /// What stands in a field of an address; `None` for a field of no address.
    pub fn value(&self, field: CustomerField) -> Option<&str> {
        field.in_addresses(&self.billing, &self.shipping)
    }
}

fn address(part: impl Fn(&str) -> String) -> Address {
    Address {
        first_name: part("first_name"),
        last_name: part("last_name"),
        company: part("company"),
        address_1: part("address_1"),
        address_2: part("address_2"),
        city: part("city"),
        state: part("state"),
        postcode: part("postcode"),
        country: part("country"),
        email: part("email"),
        phone: part("phone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUP: &str = "0195f7a0-0000-7000-8000-000000000001";
    const TEA: &str = "0195f7a0-0000-7000-8000-000000000002";

    fn read(pairs: &[(&str, &str)]) -> Draft {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Draft::read(&pairs.iter().map(owned).collect::<Vec<_>>())
    }

    fn chosen(draft: &Draft) -> Vec<(String, &str)> {
        draft.lines.iter().map(|(id, count)| (id.to_string(), count.as_str())).collect()
    }

    #[test]
    fn articles_are_added_and_taken_out_and_each_is_there_once() {
        let cups = format!("quantity.{CUP}");
        let draft = read(&[(&cups, "3"), (&cups, "9"), ("quantity.x", "1"), ("add", TEA)]);
        assert_eq!(chosen(&draft), [(CUP.to_owned(), "3"), (TEA.to_owned(), "1")]);
        assert_eq!(chosen(&read(&[(&cups, "3"), ("add", CUP)])), [(CUP.to_owned(), "3")]);
        assert!(read(&[(&cups, "3"), ("drop", CUP)]).lines.is_empty());
        for bad in ["", "two", "-1", "1.5"] {
            assert!(read(&[(&cups, bad)]).pieces().is_err(), "{bad}");
        }
        assert_eq!(read(&[(&cups, " 3 ")]).pieces().unwrap()[0].quantity, 3);
    }

    #[test]
    fn every_part_of_both_addresses_is_kept_and_the_second_counts_only_if_it_is_meant() {
        let typed: Vec<(&str, &str)> =
            CustomerField::ALL.iter().map(|field| (field.as_str(), field.as_str())).collect();
        let draft = read(&typed);
        for &field in CustomerField::ALL.iter().filter(|field| field.place().0.is_some()) {
            assert_eq!(draft.value(field), Some(field.as_str()));
        }
        assert_eq!(draft.order(Vec::new()).shipping, None);
        let elsewhere = read(&[&typed[..], &[("elsewhere", "yes")]].concat());
        assert_eq!(elsewhere.order(Vec::new()).destination().city, "shipping.city");
    }
}
