//! What may be asked for, and whether asking for it makes sense.

use super::{Meaning, RequestRefusal};
use crate::{
    Edit,
    intent::{FieldValue, Fields},
};

/// Whether edits of this kind can be asked for: what is the merchant's own to wish, and nothing that a buyer would be told.
#[must_use]
pub const fn may_be_asked(edit: &Edit) -> bool {
    match edit {
        Edit::Stock { .. }
        | Edit::Price { .. }
        | Edit::ProductStatus { .. }
        | Edit::Categories { .. }
        | Edit::Text { .. }
        | Edit::Create { .. }
        | Edit::PlaceOrder { .. } => true,
        Edit::OrderNote { for_customer, .. } => !*for_customer,
        Edit::Trash
        | Edit::AddVariation { .. }
        | Edit::OrderStatus { .. }
        | Edit::Tracking { .. }
        | Edit::Customer { .. } => false,
    }
}

/// Whether a wish makes sense where the store holds `held` of the fields that it is about.
///
/// # Errors
/// `NotAskable`, `NoMeaning` or `NothingToChange`.
pub fn check(edit: &Edit, meaning: Meaning, held: &Fields) -> Result<(), RequestRefusal> {
    if !may_be_asked(edit) {
        return Err(RequestRefusal::NotAskable);
    }
    let is_counted = matches!(held.get("stock_quantity"), Some(FieldValue::Text(_)));
    if meaning == Meaning::Relative && !(matches!(edit, Edit::Stock { .. }) && is_counted) {
        return Err(RequestRefusal::NoMeaning);
    }
    // A note changes nothing that is there: it can be added to whatever the order holds.
    if !matches!(edit, Edit::OrderNote { .. }) && edit.wanted().settled().are_in(held) {
        return Err(RequestRefusal::NothingToChange);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RemoteId, intent::TextField};

    fn stock(quantity: i64) -> Edit {
        Edit::Stock { quantity: quantity.into() }
    }

    fn held(quantity: Option<i64>) -> Fields {
        Fields::of("stock_quantity", FieldValue::number(quantity.map(Into::into)))
    }

    #[test]
    fn merchants_ask_for_goods_and_private_notes_and_for_nothing_that_a_buyer_is_told() {
        let text = |text: &str| text.to_owned();
        for (edit, wanted) in [
            (stock(3), true),
            (Edit::Price { regular: Some(3.into()), sale: None }, true),
            (Edit::ProductStatus { status: text("draft") }, true),
            (Edit::Categories { ids: vec![RemoteId::from("7")] }, true),
            (Edit::Text { fields: [(TextField::Name, text("Cup"))].into() }, true),
            (Edit::Trash, false),
            (Edit::OrderNote { text: text("fragile"), for_customer: false }, true),
            (Edit::OrderNote { text: text("on its way"), for_customer: true }, false),
            (Edit::OrderStatus { status: text("completed") }, false),
            (Edit::Tracking { provider: text("dhl"), number: text("1"), url: None }, false),
            (Edit::Customer { fields: Default::default() }, false),
        ] {
            assert_eq!(may_be_asked(&edit), wanted, "{}", edit.kind());
            let is_taken = check(&edit, Meaning::Absolute, &Fields::default()) != Err(RequestRefusal::NotAskable);
            assert_eq!(is_taken, wanted, "{}", edit.kind());
        }
    }

    #[test]
    fn what_the_store_holds_already_is_not_asked_for_however_it_is_written() {
        assert_eq!(check(&stock(12), Meaning::Absolute, &held(Some(12))), Err(RequestRefusal::NothingToChange));
        let as_typed = Edit::Stock { quantity: "12.00".parse().unwrap() };
        assert_eq!(check(&as_typed, Meaning::Absolute, &held(Some(12))), Err(RequestRefusal::NothingToChange));
        assert_eq!(check(&stock(13), Meaning::Absolute, &held(Some(12))), Ok(()));
        assert_eq!(check(&stock(0), Meaning::Absolute, &held(None)), Ok(()), "counting begins");
    }

    #[test]
    fn only_what_is_counted_can_be_meant_as_so_many_more() {
        assert_eq!(check(&stock(13), Meaning::Relative, &held(Some(12))), Ok(()));
        assert_eq!(check(&stock(13), Meaning::Relative, &held(None)), Err(RequestRefusal::NoMeaning));
        let price = Edit::Price { regular: Some(3.into()), sale: None };
        assert_eq!(check(&price, Meaning::Relative, &Fields::default()), Err(RequestRefusal::NoMeaning));
    }
}
