//! An order that a merchant places for a buyer.

use serde::{Deserialize, Serialize};

use super::{
    CustomerField, EditFault, Rejected,
    check::{customer_field, readable, reject_unless},
};
use crate::{Address, RemoteId};

const MOST_LINES: usize = 100;
/// More pieces of one article than anybody means.
const MOST_PIECES: u32 = 100_000;
const LONGEST_NOTE: usize = 10_000;
const LONGEST_NAME: usize = 1_000;

/// What an order may begin as. Both take its stock; one on hold waits for a person.
const STATUSES: [&str; 2] = ["processing", "on-hold"];

/// An order to be made. The store sets the prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrder {
    pub lines: Vec<NewLine>,
    pub billing: Address,
    /// `None` to send it where the bill goes.
    #[serde(default)]
    pub shipping: Option<Address>,
    /// What the buyer wants said; empty for nothing.
    #[serde(default)]
    pub note: String,
    /// `processing` or `on-hold`.
    pub status: String,
}

/// So many pieces of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewLine {
    /// By the store's id; of a variation its parent's.
    pub product: RemoteId,
    #[serde(default)]
    pub variation: Option<RemoteId>,
    pub quantity: u32,
    /// What it was called when it was chosen, for people.
    pub name: String,
}

impl NewOrder {
    /// Where it is sent.
    #[must_use]
    pub fn destination(&self) -> &Address {
        self.shipping.as_ref().unwrap_or(&self.billing)
    }

    /// Who it is for: a person's name, or a company's.
    #[must_use]
    pub fn buyer(&self) -> String {
        let name = self.billing.full_name();
        if name.is_empty() { self.billing.company.clone() } else { name }
    }

    /// The same without blanks around texts; an article that is named twice is one line, and a country a code in capitals.
    #[must_use]
    pub fn tidied(self) -> Self {
        let mut lines: Vec<NewLine> = Vec::with_capacity(self.lines.len());
        for line in self.lines {
            let same = |one: &&mut NewLine| (&one.product, &one.variation) == (&line.product, &line.variation);
            match lines.iter_mut().find(same) {
                Some(one) => one.quantity = one.quantity.saturating_add(line.quantity),
                None => lines.push(line),
            }
        }
        Self {
            lines,
            billing: trimmed(&self.billing),
            shipping: self.shipping.as_ref().map(trimmed),
            note: self.note.trim().to_owned(),
            status: self.status.trim().to_owned(),
        }
    }

    /// Whether it can be placed: something to send, and every part of an address that a parcel needs.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), Rejected> {
        reject_unless(!self.lines.is_empty(), "lines", EditFault::Empty)?;
        reject_unless(self.lines.len() <= MOST_LINES, "lines", EditFault::TooLong)?;
        self.lines.iter().try_for_each(NewLine::check)?;
        let destination = self.destination();
        for &field in CustomerField::ALL {
            if let Some(value) = field.in_addresses(&self.billing, destination) {
                customer_field(field, value)?;
            }
        }
        complete(&self.billing, ["billing.first_name", "billing.address_1", "billing.city", "billing.country"])?;
        complete(destination, ["shipping.first_name", "shipping.address_1", "shipping.city", "shipping.country"])?;
        readable("note", &self.note, LONGEST_NOTE)?;
        reject_unless(STATUSES.contains(&self.status.as_str()), "status", EditFault::BadStatus)
    }
}

impl NewLine {
    fn check(&self) -> Result<(), Rejected> {
        let is_id = |id: &RemoteId| !id.as_str().is_empty() && id.as_str().bytes().all(|byte| byte.is_ascii_digit());
        let is_known = is_id(&self.product) && self.variation.as_ref().is_none_or(is_id);
        reject_unless(is_known, "lines.product", EditFault::WrongRecord)?;
        reject_unless(self.quantity > 0, "lines.quantity", EditFault::Empty)?;
        reject_unless(self.quantity <= MOST_PIECES, "lines.quantity", EditFault::TooLarge)?;
        readable("lines.name", &self.name, LONGEST_NAME)
    }
}

/// What no parcel arrives without. Towns without postcodes and countries without states are many.
fn complete(address: &Address, [name, street, city, country]: [&'static str; 4]) -> Result<(), Rejected> {
    let is_named = !(address.full_name().is_empty() && address.company.is_empty());
    reject_unless(is_named, name, EditFault::Empty)?;
    for (field, value) in [(street, &address.address_1), (city, &address.city), (country, &address.country)] {
        reject_unless(!value.is_empty(), field, EditFault::Empty)?;
    }
    Ok(())
}

fn trimmed(address: &Address) -> Address {
    let trim = |text: &str| text.trim().to_owned();
    Address {
        first_name: trim(&address.first_name),
        last_name: trim(&address.last_name),
        company: trim(&address.company),
        address_1: trim(&address.address_1),
        address_2: trim(&address.address_2),
        city: trim(&address.city),
        state: trim(&address.state),
        postcode: trim(&address.postcode),
        country: trim(&address.country).to_ascii_uppercase(),
        email: trim(&address.email),
        phone: trim(&address.phone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(product: u64, quantity: u32) -> NewLine {
        NewLine { product: RemoteId::from(product), variation: None, quantity, name: "Cup".to_owned() }
    }

    fn order() -> NewOrder {
        let text = |text: &str| text.to_owned();
        NewOrder {
            lines: vec![line(7, 2)],
            billing: Address {
                first_name: text("Ada"),
                address_1: text("Rose Lane 1"),
                city: text("Izmir"),
                country: text("TR"),
                email: text("ada@example.org"),
                ..Address::default()
            },
            shipping: None,
            note: String::new(),
            status: text("processing"),
        }
    }

    fn fault(change: impl FnOnce(&mut NewOrder)) -> Option<(&'static str, EditFault)> {
        let mut order = order();
        change(&mut order);
        order.check().err().map(|rejected| (rejected.field, rejected.fault))
    }

    #[test]
    fn an_order_says_what_to_send_and_where() {
        assert_eq!(fault(|_| ()), None);
        assert_eq!(fault(|order| order.lines.clear()), Some(("lines", EditFault::Empty)));
        assert_eq!(fault(|order| order.lines = vec![line(7, 0)]), Some(("lines.quantity", EditFault::Empty)));
        assert_eq!(fault(|order| order.lines[0].product = "".into()), Some(("lines.product", EditFault::WrongRecord)));
        assert_eq!(fault(|order| order.status = "completed".to_owned()), Some(("status", EditFault::BadStatus)));
        assert_eq!(fault(|order| order.note = "\u{7}".to_owned()), Some(("note", EditFault::BadText)));
        for (change, field) in [
            (Box::new(|one: &mut Address| one.first_name.clear()) as Box<dyn Fn(&mut Address)>, "first_name"),
            (Box::new(|one| one.address_1.clear()), "address_1"),
            (Box::new(|one| one.city.clear()), "city"),
            (Box::new(|one| one.country.clear()), "country"),
        ] {
            let wanted = |place: &str| Some((format!("{place}.{field}"), EditFault::Empty));
            let told = |fault: Option<(&str, EditFault)>| fault.map(|(field, fault)| (field.to_owned(), fault));
            assert_eq!(told(fault(|order| change(&mut order.billing))), wanted("billing"));
            let elsewhere = |order: &mut NewOrder| {
                let mut address = order.billing.clone();
                change(&mut address);
                order.shipping = Some(address);
            };
            assert_eq!(told(fault(elsewhere)), wanted("shipping"));
        }
        let bad = |order: &mut NewOrder| order.billing.email = "ada".to_owned();
        assert_eq!(fault(bad), Some(("billing.email", EditFault::BadEmail)));
        assert_eq!(fault(|order| order.billing.phone = "1".repeat(201)), Some(("billing.phone", EditFault::TooLong)));
    }

    #[test]
    fn an_article_that_is_named_twice_is_one_line() {
        let mut twice = order();
        twice.lines.extend([line(8, 1), line(7, u32::MAX)]);
        twice.billing.country = " tr ".to_owned();
        let tidied = twice.tidied();
        assert_eq!(tidied.lines, [line(7, u32::MAX), line(8, 1)]);
        assert_eq!(tidied.billing.country, "TR");
        assert_eq!((tidied.destination(), tidied.buyer()), (&tidied.billing, "Ada".to_owned()));
    }
}
