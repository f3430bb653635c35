//! Whether an edit makes sense by itself, before any store is asked.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{CustomerField, Edit, new_product::product_status};
use crate::{RemoteId, remote::text_enum};

/// The longest texts taken, in characters: beyond, a store cuts them off or refuses them.
const LONGEST_NOTE: usize = 10_000;
const LONGEST_FIELD: usize = 200;
const LONGEST_URL: usize = 2_000;

/// Far beyond what a product is filed under.
const MOST_CATEGORIES: usize = 200;

/// Larger than any price or stock that is meant.
const LARGEST: u64 = 99_999_999_999;

/// Statuses of orders that were never placed or are thrown away: nothing that a person sets.
const NO_ORDER_STATUSES: [&str; 5] = ["trash", "auto-draft", "checkout-draft", "draft", "new"];

text_enum! {
    /// What is wrong with an edit: a key of the panel's texts.
    pub enum EditFault {
        /// Below zero.
        Negative = "negative",
        /// More digits after the point than the store keeps.
        TooPrecise = "too_precise",
        TooLarge = "too_large",
        /// A store drops a sale price that is no better than the regular one, without a word.
        SaleNotBelowRegular = "sale_not_below_regular",
        Empty = "empty",
        TooLong = "too_long",
        /// Control characters.
        BadText = "bad_text",
        BadStatus = "bad_status",
        /// No category of the store that we know of.
        BadCategory = "bad_category",
        BadEmail = "bad_email",
        BadUrl = "bad_url",
        /// The record is of a kind that has no such field: a variable product has no price of its own, a variation no category.
        WrongRecord = "wrong_record",
        /// None of what the product lets choose.
        BadOption = "bad_option",
        /// The stock is counted by the parent; write it there.
        CountedByParent = "counted_by_parent",
        /// A precondition about a field that the edit does not touch, or that cannot be compared.
        BadExpectation = "bad_expectation",
        /// The record holds it already.
        NothingToChange = "nothing_to_change",
        /// An order's status that does not follow the one it has.
        IllegalStep = "illegal_step",
        /// A status moves no money: who sets `refunded` has a shop say so while the buyer has nothing. A refund sets it by itself.
        RefundElsewhere = "refund_elsewhere",
        ShopOwns = "shop_owns",
    }
}

impl EditFault {
    /// What is wrong, said of the field.
    const fn words(self) -> &'static str {
        match self {
            Self::Negative => "must not be below zero",
            Self::TooPrecise => "has more digits after the point than the store keeps",
            Self::TooLarge => "is larger than anything that can be meant",
            Self::SaleNotBelowRegular => "must be below the regular price, or the store drops it",
            Self::Empty => "must not be empty",
            Self::TooLong => "is too long",
            Self::BadText => "holds control characters",
            Self::BadStatus => "is none that can be set",
            Self::BadCategory => "names a category that the store is not known to have",
            Self::BadEmail => "is no e-mail address",
            Self::BadUrl => "is no web address; it begins with https:// or http://",
            Self::WrongRecord => "is nothing that a record of this kind has",
            Self::BadOption => "is none of what the product lets choose",
            Self::CountedByParent => "is counted by the parent product; change it there",
            Self::BadExpectation => "names a field that is not to change, or a value that cannot be compared",
            Self::NothingToChange => "is so already",
            Self::IllegalStep => "does not follow the status that the order has",
            Self::RefundElsewhere => "moves no money; refund the order in the store, which sets it",
            Self::ShopOwns => "is changed in the shop alone; change it there, or have staff let both change it",
        }
    }
}

/// An edit that cannot be wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {}", fault.words())]
pub struct Rejected {
    /// The field at fault, by the name that snapshots use.
    pub field: &'static str,
    pub fault: EditFault,
}

impl Edit {
    /// The same edit without what stores cut off anyway: blanks around texts, doubled ids.
    #[must_use]
    pub fn tidied(self) -> Self {
        let trim = |text: String| text.trim().to_owned();
        match self {
            Self::OrderStatus { status } => Self::OrderStatus { status: trim(status) },
            Self::OrderNote { text, for_customer } => Self::OrderNote { text: trim(text), for_customer },
            Self::Tracking { provider, number, url } => {
                let url = url.map(trim).filter(|url| !url.is_empty());
                Self::Tracking { provider: trim(provider), number: trim(number), url }
            }
            Self::Customer { fields } => {
                Self::Customer { fields: fields.into_iter().map(|(field, value)| (field, trim(value))).collect() }
            }
            Self::Categories { mut ids } => {
                ids.sort_unstable();
                ids.dedup();
                Self::Categories { ids }
            }
            Self::Text { fields } => {
                Self::Text { fields: fields.into_iter().map(|(field, text)| (field, trim(text))).collect() }
            }
            Self::Create { product } => Self::Create { product: Box::new(product.tidied()) },
            Self::AddVariation { variation } => Self::AddVariation { variation: Box::new(variation.tidied()) },
            Self::PlaceOrder { order } => Self::PlaceOrder { order: Box::new(order.tidied()) },
            Self::Stock { .. } | Self::Price { .. } | Self::ProductStatus { .. } | Self::Trash => self,
        }
    }

    /// Whether it makes sense for a store whose prices have so many digits after the point.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self, decimals: u32) -> Result<(), Rejected> {
        match self {
            Self::Stock { quantity } => amount("stock_quantity", *quantity, 6),
            Self::Price { regular, sale } => prices(*regular, *sale, decimals),
            Self::ProductStatus { status } => product_status(status),
            Self::Categories { ids } => categories(ids),
            Self::Text { fields } => {
                reject_unless(!fields.is_empty(), "fields", EditFault::Empty)?;
                fields.iter().try_for_each(|(field, text)| field.check(text))
            }
            Self::Trash => Ok(()),
            Self::Create { product } => product.check(decimals),
            Self::AddVariation { variation } => variation.check(decimals),
            Self::PlaceOrder { order } => order.check(),
            Self::OrderStatus { status } => order_status(status),
            Self::OrderNote { text, .. } => filled("note", text, LONGEST_NOTE),
            Self::Tracking { provider, number, url } => {
                filled("tracking.provider", provider, LONGEST_FIELD)?;
                filled("tracking.number", number, LONGEST_FIELD)?;
                web_address("tracking.url", url.as_deref())
            }
            Self::Customer { fields } => {
                reject_unless(!fields.is_empty(), "fields", EditFault::Empty)?;
                fields.iter().try_for_each(|(field, value)| customer_field(*field, value))
            }
        }
    }
}

pub(super) fn reject_unless(is_sound: bool, field: &'static str, fault: EditFault) -> Result<(), Rejected> {
    if is_sound { Ok(()) } else { Err(Rejected { field, fault }) }
}

pub(super) fn amount(field: &'static str, amount: Decimal, decimals: u32) -> Result<(), Rejected> {
    reject_unless(!amount.is_sign_negative() || amount.is_zero(), field, EditFault::Negative)?;
    reject_unless(amount.normalize().scale() <= decimals, field, EditFault::TooPrecise)?;
    reject_unless(amount <= Decimal::from(LARGEST), field, EditFault::TooLarge)
}

pub(super) fn prices(regular: Option<Decimal>, sale: Option<Decimal>, decimals: u32) -> Result<(), Rejected> {
    for (field, price) in [("regular_price", regular), ("sale_price", sale)] {
        price.map_or(Ok(()), |price| amount(field, price, decimals))?;
    }
    let Some(sale) = sale else { return Ok(()) };
    reject_unless(regular.is_some_and(|regular| sale < regular), "sale_price", EditFault::SaleNotBelowRegular)
}

/// An empty list would put the product into the store's default category, which nobody asked for.
pub(super) fn categories(ids: &[RemoteId]) -> Result<(), Rejected> {
    reject_unless(!ids.is_empty(), "categories", EditFault::Empty)?;
    reject_unless(ids.len() <= MOST_CATEGORIES, "categories", EditFault::TooLong)?;
    let is_id = |id: &RemoteId| !id.as_str().is_empty() && id.as_str().bytes().all(|byte| byte.is_ascii_digit());
    reject_unless(ids.iter().all(is_id), "categories", EditFault::BadCategory)
}

/// WooCommerce keeps a status with its prefix in twenty characters.
fn order_status(status: &str) -> Result<(), Rejected> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let is_sound = (1..=17).contains(&status.len())
        && status.bytes().all(is_word)
        && !status.starts_with("wc-")
        && !NO_ORDER_STATUSES.contains(&status);
    reject_unless(is_sound, "status", EditFault::BadStatus)
}

pub(super) fn filled(field: &'static str, text: &str, longest: usize) -> Result<(), Rejected> {
    reject_unless(!text.trim().is_empty(), field, EditFault::Empty)?;
    readable(field, text, longest)
}

/// Whether a text can be kept and shown: not longer than so many characters, and nothing in it that is no character to read.
///
/// # Errors
/// `TooLong` or `BadText`, of this field.
pub fn readable(field: &'static str, text: &str, longest: usize) -> Result<(), Rejected> {
    reject_unless(text.chars().count() <= longest, field, EditFault::TooLong)?;
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    reject_unless(!text.chars().any(is_control), field, EditFault::BadText)
}

fn web_address(field: &'static str, url: Option<&str>) -> Result<(), Rejected> {
    let Some(url) = url else { return Ok(()) };
    readable(field, url, LONGEST_URL)?;
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_sound = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !url.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>'));
    reject_unless(is_sound, field, EditFault::BadUrl)
}

pub(super) fn customer_field(field: CustomerField, value: &str) -> Result<(), Rejected> {
    readable(field.as_str(), value, LONGEST_FIELD)?;
    // An account cannot be without its own address; that of an invoice may be left out.
    if field.is_email() && (field == CustomerField::Email || !value.is_empty()) {
        return reject_unless(is_email(value), field.as_str(), EditFault::BadEmail);
    }
    Ok(())
}

/// What no mail system could take is refused; the store has the last word on the rest.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    !local.is_empty()
        && local.len() <= 64
        && domain.contains('.')
        && domain.split('.').all(is_label)
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>' | '"'))
        && !local.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(edit: &Edit) -> Option<EditFault> {
        edit.check(2).err().map(|rejected| rejected.fault)
    }

    fn price(regular: Option<&str>, sale: Option<&str>) -> Edit {
        let amount = |text: &str| text.parse().unwrap();
        Edit::Price { regular: regular.map(amount), sale: sale.map(amount) }
    }

    #[test]
    fn prices_have_the_stores_digits_are_not_negative_and_a_sale_is_cheaper() {
        assert_eq!(fault(&price(Some("12.50"), Some("9.9"))), None);
        assert_eq!(fault(&price(Some("12.500"), None)), None);
        assert_eq!(fault(&price(None, None)), None);
        assert_eq!(fault(&price(Some("12.505"), None)), Some(EditFault::TooPrecise));
        assert_eq!(fault(&price(Some("-1"), None)), Some(EditFault::Negative));
        assert_eq!(fault(&price(Some("9"), Some("9.00"))), Some(EditFault::SaleNotBelowRegular));
        assert_eq!(fault(&price(None, Some("9"))), Some(EditFault::SaleNotBelowRegular));
        assert_eq!(fault(&price(Some("1000000000000"), None)), Some(EditFault::TooLarge));
    }

    #[test]
    fn statuses_are_words_that_a_person_may_set() {
        let order = |status: &str| fault(&Edit::OrderStatus { status: status.to_owned() });
        assert_eq!(order("packed-2"), None);
        for bad in ["", "wc-completed", "Completed", "trash", "checkout-draft", "a-status-far-too-long"] {
            assert_eq!(order(bad), Some(EditFault::BadStatus), "{bad}");
        }
        let product = |status: &str| fault(&Edit::ProductStatus { status: status.to_owned() });
        assert_eq!((product("private"), product("trash")), (None, Some(EditFault::BadStatus)));
    }

    #[test]
    fn notes_and_parcels_say_something_and_lead_nowhere_else() {
        let note = |text: &str| fault(&Edit::OrderNote { text: text.to_owned(), for_customer: false });
        assert_eq!((note("packed\nin two boxes"), note("  ")), (None, Some(EditFault::Empty)));
        assert_eq!((note("\u{7}"), note(&"x".repeat(10_001))), (Some(EditFault::BadText), Some(EditFault::TooLong)));
        let url = |url: &str| {
            fault(&Edit::Tracking { provider: "DHL".to_owned(), number: "1Z".to_owned(), url: Some(url.to_owned()) })
        };
        assert_eq!(url("https://track.example/1Z?a=b"), None);
        for bad in ["javascript:alert(1)", "https://", "https:///x", "http://a b", "http://a\"onclick"] {
            assert_eq!(url(bad), Some(EditFault::BadUrl), "{bad}");
        }
    }

    #[test]
    fn an_account_keeps_an_address_that_mail_can_reach() {
        let field = |field, value: &str| fault(&Edit::Customer { fields: [(field, value.to_owned())].into() });
        assert_eq!(field(CustomerField::Email, "ada+shop@post.example.com"), None);
        assert_eq!(field(CustomerField::BillingEmail, ""), None);
        for bad in ["", "ada", "ada@", "@example.com", "ada@host", "a da@example.com", "a@b@example.com", "a@-b.com"] {
            assert_eq!(field(CustomerField::Email, bad), Some(EditFault::BadEmail), "{bad}");
        }
        assert_eq!(fault(&Edit::Customer { fields: [].into() }), Some(EditFault::Empty));
    }
}
