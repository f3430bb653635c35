//! The form of an order that is placed: articles, addresses, and what is said with it.

use askama::Template;
use storewire_db::ProductSummary;
use storewire_domain::{
    Address,
    intent::{CustomerField, EditFault, NewLine, NewOrder, Rejected},
};

use super::{
    Choice, Money, address,
    customer::{FieldGroup, FieldInput},
    customer_field,
    money::number,
    status,
    text::plain,
};
use crate::{
    panel::{filters, frame::Frame, orders::draft::Draft, words::Words},
    placing,
};

/// An article that was found or chosen.
#[derive(Clone, Debug)]
pub struct DraftArticle {
    pub id: String,
    pub name: String,
    pub sku: String,
    pub price: Option<Money>,
    /// How many the store has, or that it has some.
    pub stock: String,
    /// How many are wanted, as it was typed.
    pub count: String,
}

impl DraftArticle {
    #[must_use]
    pub fn new(product: &ProductSummary, count: Option<&String>, t: &Words) -> Self {
        Self {
            id: product.id.to_string(),
            name: plain(&placing::name(product)),
            sku: product.sku.clone(),
            price: product.price.map(|price| Money::new(price, &product.currency)),
            stock: product.stock_quantity.map_or_else(
                || status::stock(&product.stock_status, t).0,
                |quantity| t.with("orderw-in-stock", "n", &number(quantity)),
            ),
            count: count.cloned().unwrap_or_default(),
        }
    }
}

/// The rest of the form.
#[derive(Clone, Debug)]
pub struct DraftForm {
    pub deed: String,
    pub q: String,
    /// Who pays, and where it goes if that is elsewhere.
    pub addresses: Vec<FieldGroup>,
    pub goes_elsewhere: bool,
    pub customer_note: String,
    pub statuses: Vec<Choice>,
    pub note: String,
}

impl DraftForm {
    #[must_use]
    pub fn new(draft: &Draft, t: &Words) -> Self {
        let group = |title: String, place: &'static str| FieldGroup {
            title,
            part: place,
            fields: CustomerField::ALL
                .iter()
                .filter(|field| field.place().0 == Some(place))
                .filter_map(|&field| {
                    Some(FieldInput {
                        name: field.as_str(),
                        label: customer_field::short(field, t),
                        value: draft.value(field)?.to_owned(),
                        kind: if field.is_email() { "email" } else { "text" },
                    })
                })
                .collect(),
        };
        let choice = |word: &str| Choice {
            value: word.to_owned(),
            label: status::order(word, t).word,
            is_chosen: draft.status == word,
        };
        Self {
            deed: draft.deed.to_string(),
            q: draft.q.clone(),
            addresses: vec![group(t.get("order-billing"), "billing"), group(t.get("order-shipping"), "shipping")],
            goes_elsewhere: draft.goes_elsewhere,
            customer_note: draft.customer_note.clone(),
            statuses: vec![choice("processing"), choice("on-hold")],
            note: draft.note.clone(),
        }
    }
}

/// What an order that is asked for consists of, for who decides: names and values.
#[must_use]
pub fn order_facts(order: &NewOrder, t: &Words) -> Vec<(String, String)> {
    let place = |address: &Address| {
        let lines = address::lines(address).replace('\n', ", ");
        if address.email.is_empty() { lines } else { format!("{lines}, {}", address.email) }
    };
    let article = |line: &NewLine| (t.get("orderw-article"), format!("{} × {}", line.quantity, plain(&line.name)));
    let mut facts: Vec<(String, String)> = order.lines.iter().map(article).collect();
    facts.push((t.get("order-billing"), place(&order.billing)));
    facts.push((t.get("order-shipping"), place(order.destination())));
    if !order.note.is_empty() {
        facts.push((t.get("orderw-customer-note"), order.note.clone()));
    }
    facts.push((t.get("orderw-begins"), status::order(&order.status, t).word));
    facts
}

/// What must be corrected before an order is placed.
#[must_use]
pub fn order_fault(rejected: Rejected, t: &Words) -> String {
    let field: Option<CustomerField> = rejected.field.parse().ok();
    match (field, rejected.field, rejected.fault) {
        // The name stands for both halves of it, and for a company's.
        (Some(CustomerField::BillingFirstName), _, EditFault::Empty) => t.get("orderw-no-buyer"),
        (Some(CustomerField::ShippingFirstName), _, EditFault::Empty) => t.get("orderw-no-recipient"),
        (Some(field), _, EditFault::Empty) => t.with("orderw-missing", "field", &customer_field::label(field, t)),
        (Some(field), ..) => t.with("orderw-wrong", "field", &customer_field::label(field, t)),
        (None, "lines", EditFault::Empty) => t.get("orderw-no-lines"),
        (None, "lines.quantity", _) => t.get("orderw-no-count"),
        (None, field, _) => t.with("orderw-wrong", "field", field),
    }
}

/// `GET, POST /orders/new`, and the answer to a form that needs correcting.
#[derive(Template)]
#[template(path = "orders/new.html")]
pub struct NewOrderPage {
    pub t: Words,
    pub frame: Frame,
    pub stores: Vec<Choice>,
    pub found: Vec<DraftArticle>,
    /// Whether something was looked for.
    pub has_searched: bool,
    pub chosen: Vec<DraftArticle>,
    pub form: DraftForm,
    pub problem: Option<String>,
}
