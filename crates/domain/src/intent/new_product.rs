//! A product or a variation that a store does not have yet.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    EditFault, Rejected, TextField,
    check::{amount, categories, filled, prices, reject_unless},
};
use crate::{RemoteId, remote::text_enum};

/// The statuses that a product can be given here: `future` needs a date, and `trash` is a deletion.
const PRODUCT_STATUSES: [&str; 4] = ["publish", "draft", "pending", "private"];

const LONGEST_OPTION: usize = 100;
/// WooCommerce makes no more combinations than that of its own accord.
const MOST_OPTIONS: usize = 50;
/// Far beyond what a shop shows of one product; what is kept and sent stays small.
const MOST_ATTRIBUTES: usize = 50;
const MOST_IMAGES: usize = 200;

text_enum! {
    /// What sort of product.
    pub enum NewKind {
        Simple = "simple",
        /// Sold by its variations, which have prices and stock of their own.
        Variable = "variable",
    }
}

/// A product to be made. Prices are in the store's currency; an empty text is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewProduct {
    pub name: String,
    #[serde(default)]
    pub sku: String,
    pub kind: NewKind,
    /// `publish`, `draft`, `pending` or `private`.
    pub status: String,
    #[serde(default)]
    pub regular_price: Option<Decimal>,
    #[serde(default)]
    pub sale_price: Option<Decimal>,
    /// `None` where the store shall not count.
    #[serde(default)]
    pub stock_quantity: Option<Decimal>,
    #[serde(default)]
    pub short_description: String,
    #[serde(default)]
    pub description: String,
    /// By the store's ids; none puts it into the store's default one.
    #[serde(default)]
    pub categories: Vec<RemoteId>,
    #[serde(default)]
    pub attributes: Vec<NewAttribute>,
    /// Of the store's own media: a picture given by its address would be kept a second time.
    #[serde(default)]
    pub image_ids: Vec<RemoteId>,
}

/// What can be chosen of a product, or is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAttribute {
    /// Of one that all products of the store share; `None` of one of the product's own.
    #[serde(default)]
    pub id: Option<RemoteId>,
    pub name: String,
    pub options: Vec<String>,
    /// Whether variations choose among its options.
    pub for_variations: bool,
}

/// A variation to be made of a variable product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewVariation {
    pub choices: Vec<NewChoice>,
    #[serde(default)]
    pub sku: String,
    #[serde(default)]
    pub regular_price: Option<Decimal>,
    #[serde(default)]
    pub sale_price: Option<Decimal>,
    /// `None` where the store shall not count.
    #[serde(default)]
    pub stock_quantity: Option<Decimal>,
}

/// One option of one attribute. A store knows shared attributes by their id, and its products' own by their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewChoice {
    #[serde(default)]
    pub id: Option<RemoteId>,
    pub name: String,
    pub option: String,
}

impl NewProduct {
    /// The same without blanks around texts and options, and without empty options.
    #[must_use]
    pub fn tidied(self) -> Self {
        let trim = |text: String| text.trim().to_owned();
        let options =
            |options: Vec<String>| options.into_iter().map(trim).filter(|option| !option.is_empty()).collect();
        let attribute = |one: NewAttribute| NewAttribute { name: trim(one.name), options: options(one.options), ..one };
        let mut categories = self.categories;
        categories.sort_unstable();
        categories.dedup();
        Self {
            name: trim(self.name),
            sku: trim(self.sku),
            short_description: trim(self.short_description),
            description: trim(self.description),
            attributes: self.attributes.into_iter().map(attribute).collect(),
            categories,
            ..self
        }
    }

    /// Whether it can be made in a store whose prices have so many digits after the point.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, decimals: u32) -> Result<(), Rejected> {
        TextField::Name.check(&self.name)?;
        TextField::Sku.check(&self.sku)?;
        TextField::Short.check(&self.short_description)?;
        TextField::Long.check(&self.description)?;
        product_status(&self.status)?;
        if !self.categories.is_empty() {
            categories(&self.categories)?;
        }
        reject_unless(self.image_ids.len() <= MOST_IMAGES, "images", EditFault::TooLong)?;
        reject_unless(self.attributes.len() <= MOST_ATTRIBUTES, "attributes", EditFault::TooLong)?;
        self.attributes.iter().try_for_each(NewAttribute::check)?;
        let is_variable = self.kind == NewKind::Variable;
        let is_priced = self.regular_price.is_some() || self.sale_price.is_some();
        reject_unless(!(is_variable && is_priced), "regular_price", EditFault::WrongRecord)?;
        let has_choices = self.attributes.iter().any(|one| one.for_variations);
        reject_unless(has_choices || !is_variable, "attributes", EditFault::Empty)?;
        offer(self.regular_price, self.sale_price, self.stock_quantity, decimals)
    }
}

impl NewAttribute {
    fn check(&self) -> Result<(), Rejected> {
        filled("attributes", &self.name, LONGEST_OPTION)?;
        reject_unless(!self.options.is_empty(), "attributes", EditFault::Empty)?;
        reject_unless(self.options.len() <= MOST_OPTIONS, "attributes", EditFault::TooLong)?;
        self.options.iter().try_for_each(|option| filled("attributes", option, LONGEST_OPTION))
    }
}

impl NewVariation {
    /// The same without blanks around its number.
    #[must_use]
    pub fn tidied(self) -> Self {
        Self { sku: self.sku.trim().to_owned(), ..self }
    }

    /// As [`NewProduct::check`]. Whether its parent lets that be chosen only the store knows.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, decimals: u32) -> Result<(), Rejected> {
        TextField::Sku.check(&self.sku)?;
        reject_unless(!self.choices.is_empty(), "options", EditFault::Empty)?;
        reject_unless(self.choices.len() <= MOST_ATTRIBUTES, "options", EditFault::TooLong)?;
        for choice in &self.choices {
            filled("options", &choice.name, LONGEST_OPTION)?;
            filled("options", &choice.option, LONGEST_OPTION)?;
        }
        offer(self.regular_price, self.sale_price, self.stock_quantity, decimals)
    }
}

/// Whether a product can be given this status.
///
/// # Errors
/// `BadStatus`.
pub(super) fn product_status(status: &str) -> Result<(), Rejected> {
    reject_unless(PRODUCT_STATUSES.contains(&status), "status", EditFault::BadStatus)
}

/// What it costs and how many there are. What is made is made with whole counts: WooCommerce refuses others.
fn offer(
    regular: Option<Decimal>,
    sale: Option<Decimal>,
    stock: Option<Decimal>,
    decimals: u32,
) -> Result<(), Rejected> {
    prices(regular, sale, decimals)?;
    stock.map_or(Ok(()), |stock| amount("stock_quantity", stock, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cup() -> NewProduct {
        NewProduct {
            name: "Cup".to_owned(),
            sku: "CUP-1".to_owned(),
            kind: NewKind::Simple,
            status: "draft".to_owned(),
            regular_price: Some(12.into()),
            sale_price: None,
            stock_quantity: Some(3.into()),
            short_description: String::new(),
            description: String::new(),
            categories: Vec::new(),
            attributes: Vec::new(),
            image_ids: Vec::new(),
        }
    }

    fn colour(options: &[&str]) -> NewAttribute {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        NewAttribute { id: None, name: "Colour".to_owned(), options, for_variations: true }
    }

    fn fault(product: NewProduct) -> Option<(&'static str, EditFault)> {
        product.tidied().check(2).err().map(|rejected| (rejected.field, rejected.fault))
    }

    #[test]
    fn a_product_has_a_name_sound_prices_and_a_whole_count() {
        assert_eq!(fault(cup()), None);
        assert_eq!(fault(NewProduct { name: " ".to_owned(), ..cup() }), Some(("name", EditFault::Empty)));
        let status = NewProduct { status: "trash".to_owned(), ..cup() };
        assert_eq!(fault(status), Some(("status", EditFault::BadStatus)));
        let sale = NewProduct { sale_price: Some(12.into()), ..cup() };
        assert_eq!(fault(sale), Some(("sale_price", EditFault::SaleNotBelowRegular)));
        let half = NewProduct { stock_quantity: "0.5".parse().ok(), ..cup() };
        assert_eq!(fault(half), Some(("stock_quantity", EditFault::TooPrecise)));
    }

    #[test]
    fn a_variable_product_has_something_to_choose_and_no_price_of_its_own() {
        let shirt = NewProduct { kind: NewKind::Variable, regular_price: None, stock_quantity: None, ..cup() };
        assert_eq!(fault(shirt.clone()), Some(("attributes", EditFault::Empty)));
        let of = |attribute| NewProduct { attributes: vec![attribute], ..shirt.clone() };
        assert_eq!(fault(of(colour(&["Red", " "]))), None);
        assert_eq!(fault(of(colour(&[" "]))), Some(("attributes", EditFault::Empty)));
        let priced = NewProduct { regular_price: Some(1.into()), ..of(colour(&["Red"])) };
        assert_eq!(fault(priced), Some(("regular_price", EditFault::WrongRecord)));
    }

    #[test]
    fn nothing_of_a_product_is_endless() {
        let ids = |count: u64| (1..=count).map(RemoteId::from).collect::<Vec<_>>();
        let full = NewProduct {
            categories: ids(200),
            image_ids: ids(200),
            attributes: vec![colour(&["Red"]); MOST_ATTRIBUTES],
            ..cup()
        };
        assert_eq!(fault(full.clone()), None);
        let too_long = |field| Some((field, EditFault::TooLong));
        assert_eq!(fault(NewProduct { categories: ids(201), ..full.clone() }), too_long("categories"));
        assert_eq!(fault(NewProduct { image_ids: ids(201), ..full.clone() }), too_long("images"));
        let attributes = vec![colour(&["Red"]); MOST_ATTRIBUTES + 1];
        assert_eq!(fault(NewProduct { attributes, ..full }), too_long("attributes"));
    }

    #[test]
    fn a_variation_is_chosen_by_something() {
        let choice = NewChoice { id: None, name: "Colour".to_owned(), option: "Red".to_owned() };
        let red = NewVariation {
            choices: vec![choice],
            sku: String::new(),
            regular_price: Some(9.into()),
            sale_price: None,
            stock_quantity: None,
        };
        assert_eq!(red.check(2), Ok(()));
        let none = NewVariation { choices: Vec::new(), ..red.clone() };
        assert_eq!(none.check(2), Err(Rejected { field: "options", fault: EditFault::Empty }));
        let many = NewVariation { choices: vec![red.choices[0].clone(); MOST_ATTRIBUTES + 1], ..red };
        assert_eq!(many.check(2), Err(Rejected { field: "options", fault: EditFault::TooLong }));
    }
}
