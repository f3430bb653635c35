//! A product that somebody is putting together in a form: nothing of it is kept but in the form itself.

use std::collections::HashMap;

use storewire_domain::{
    RemoteId, StoreId,
    intent::{NewAttribute, NewKind, NewProduct},
};
use uuid::Uuid;

use crate::panel::amount::{NoAmount, read_optional};

/// So many attributes can be given to a new product here.
const ATTRIBUTES: usize = 3;

/// The form's fields as they were typed.
#[derive(Clone, Debug)]
pub struct ProductDraft {
    /// So that a product that is sent twice is made once.
    pub deed: Uuid,
    pub store: Option<StoreId>,
    pub name: String,
    pub sku: String,
    pub is_variable: bool,
    pub status: String,
    pub regular: String,
    pub sale: String,
    pub stock: String,
    pub short: String,
    pub long: String,
    /// The store's ids of the ticked ones.
    pub categories: Vec<String>,
    /// Names, and options with commas between them.
    pub attributes: Vec<(String, String)>,
    /// What who only asks for it has to say about it.
    pub note: String,
}

impl ProductDraft {
    /// An empty one, for a store if one is chosen.
    pub fn begin(store: Option<StoreId>) -> Self {
        Self {
            deed: Uuid::now_v7(),
            store,
            name: String::new(),
            sku: String::new(),
            is_variable: false,
            status: "draft".to_owned(),
            regular: String::new(),
            sale: String::new(),
            stock: String::new(),
            short: String::new(),
            long: String::new(),
            categories: Vec::new(),
            attributes: vec![<(String, String)>::default(); ATTRIBUTES],
            note: String::new(),
        }
    }

    /// Reads a form that was sent.
    pub fn read(form: &[(String, String)]) -> Self {
        let given: HashMap<&str, &str> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let text = |name: &str| given.get(name).copied().unwrap_or_default().replace("\r\n", "\n");
        let empty = Self::begin(text("store").parse().ok());
        let of = |wanted: &str| {
            let named = form.iter().filter(move |(name, _)| name == wanted);
            named.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        let mut attributes: Vec<_> = of("attribute").into_iter().zip(of("options")).take(ATTRIBUTES).collect();
        attributes.resize_with(ATTRIBUTES, Default::default);
        Self {
            deed: text("deed").parse().unwrap_or(empty.deed),
            name: text("name"),
            sku: text("sku"),
            is_variable: text("kind") == NewKind::Variable.as_str(),
            status: text("status"),
            regular: text("regular"),
            sale: text("sale"),
            stock: text("stock"),
            short: text("short_description"),
            long: text("description"),
            categories: of("category"),
            attributes,
            note: text("note"),
            ..empty
        }
    }

    /// The product that it makes. One that is sold by its variations has no price and no count of its own, whatever was typed there before
    /// its kind was chosen; and only such a one has something to choose.
    ///
    /// # Errors
    /// A price or a count that is no amount.
    pub fn product(&self) -> Result<NewProduct, NoAmount> {
        let own = |text: &str| if self.is_variable { Ok(None) } else { read_optional(text) };
        let attribute = |(name, options): &(String, String)| NewAttribute {
            id: None,
            name: name.clone(),
            options: options.split(',').map(str::to_owned).collect(),
            for_variations: true,
        };
        let named = self.attributes.iter().filter(|(name, _)| self.is_variable && !name.trim().is_empty());
        Ok(NewProduct {
            name: self.name.clone(),
            sku: self.sku.clone(),
            kind: if self.is_variable { NewKind::Variable } else { NewKind::Simple },
            status: self.status.clone(),
            regular_price: own(&self.regular)?,
            sale_price: own(&self.sale)?,
            stock_quantity: own(&self.stock)?,
            short_description: self.short.clone(),
            description: self.long.clone(),
            categories: self.categories.iter().map(|id| RemoteId::from(id.as_str())).collect(),
            attributes: named.map(attribute).collect(),
            image_ids: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(fields: &[(&str, &str)]) -> ProductDraft {
        let form: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ProductDraft::read(&form)
    }

    #[test]
    fn a_form_that_comes_back_holds_what_was_typed() {
        let typed = draft(&[("name", "Cup"), ("regular", "12,5x"), ("description", "a\r\nb"), ("category", "3")]);
        assert_eq!((typed.name.as_str(), typed.regular.as_str(), typed.long.as_str()), ("Cup", "12,5x", "a\nb"));
        assert_eq!((typed.categories.as_slice(), typed.attributes.len()), (["3".to_owned()].as_slice(), ATTRIBUTES));
        assert_eq!(typed.product(), Err(NoAmount));
    }

    #[test]
    fn what_is_sold_by_variations_has_choices_and_no_price() {
        let fields = [("kind", "variable"), ("regular", "9"), ("attribute", "Cut"), ("options", "Slim, Wide,")];
        let shirt = draft(&fields).product().unwrap().tidied();
        assert_eq!((shirt.kind, shirt.regular_price), (NewKind::Variable, None));
        assert_eq!(shirt.attributes[0].options, ["Slim", "Wide"]);
        let cup = draft(&[("regular", "9"), ("attribute", "Cut"), ("options", "Slim")]).product().unwrap();
        assert_eq!((cup.regular_price, cup.attributes.len()), (Some(9.into()), 0));
    }
}
