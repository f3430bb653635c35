//! Who owns the fields of the samples' stores: with friends everything is changed in both places, a hostile shop keeps it all to itself.

use storewire_db::ownership::Ownership;
use storewire_domain::{
    OrderId,
    owner::{OwnedField, Owner, Owners},
};
use uuid::Uuid;

use super::data::{self, Cast};
use crate::panel::{
    view::{AskForms, OwnersForm, OwnersView},
    words::Words,
};

pub fn owners(cast: Cast) -> Owners {
    let all = if cast == Cast::Hostile { OwnedField::ALL } else { &[] };
    all.iter().fold(Owners::default(), |owners, field| owners.with(*field, Owner::Shop))
}

pub fn form(cast: Cast) -> OwnersForm {
    OwnersForm::new(&Ownership { owners: owners(cast), version: 3 }, &Words::default())
}

#[test]
fn nobody_is_offered_to_ask_for_what_the_shop_alone_changes() {
    let t = Words::default();
    let product = || AskForms::of_product(&data::product(Cast::Friendly, 1), &t);
    let open = product().within(&owners(Cast::Friendly), &t);
    assert!(open.stock.is_some() && open.price.is_some() && open.statuses.is_some() && open.instead.is_empty());
    let closed = product().within(&owners(Cast::Hostile), &t);
    assert!(closed.stock.is_none() && closed.price.is_none() && closed.statuses.is_none());
    assert_eq!(closed.instead.len(), 3, "{:?}", closed.instead);
    let order = AskForms::of_order(OrderId(Uuid::nil())).within(&owners(Cast::Hostile), &t);
    assert!(!order.takes_note && order.instead.len() == 1, "{:?}", order.instead);
}

#[test]
fn a_page_says_of_each_thing_who_changes_it_and_what_no_shop_knows_of() {
    let t = Words::default();
    let told = |view: OwnersView| view.lines.into_iter().map(|line| line.mark.text).collect::<Vec<_>>();
    let (shop, both, here) = (t.get("owner-shop"), t.get("owner-both"), t.get("owner-here"));
    let shared = told(OwnersView::of_customer(owners(Cast::Friendly), &t));
    assert_eq!(shared, [both.as_str(), &here, &shop]);
    let kept = told(OwnersView::of_customer(owners(Cast::Hostile), &t));
    assert_eq!(kept, [shop.as_str(), &here, &shop]);
    let mark = OwnersView::of_product(Owners::default().with(OwnedField::Price, Owner::Shop), &t);
    assert!(mark.price().instead.is_some() && mark.stock().instead.is_none());
    assert!(mark.price().to_string().contains(&shop), "the arrow is told in words too");
}

#[test]
fn the_form_offers_each_field_with_the_owner_that_it_has() {
    for (cast, chosen) in [(Cast::Friendly, Owner::LastWriter), (Cast::Hostile, Owner::Shop)] {
        let form = form(cast);
        assert_eq!((form.fields.len(), form.version), (OwnedField::ALL.len(), 3));
        for field in &form.fields {
            let is: Vec<_> =
                field.owners.iter().filter(|owner| owner.is_chosen).map(|owner| owner.value.as_str()).collect();
            assert_eq!(is, [chosen.as_str()], "{}", field.name);
        }
    }
}
