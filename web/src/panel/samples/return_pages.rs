//! The pages of returns, and what their frames carry.

use askama::Template;
use serde_json::json;
use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_db::{
    AttachmentRow, ChangeRow, ReturnRow,
    intents::IntentRow,
    returns::{EventRow, ItemRow, Line, Returnable},
};
use storewire_domain::{
    AttachmentId, ChangeKind, IntentState, OrderId, ProductId, ReturnId, RoleClass, Source, StoreId, TenantId, UserId,
    attachment::MediaType,
    intent::Cause,
    returns::{ItemDecision, ReturnEntry, ReturnReason, ReturnState},
};

use super::{
    data::{self, Cast, dec, now},
    engine_data, markup,
    pages::frame,
    staff_pages::narrow,
};
use crate::panel::{
    PanelRenderer, dom_id, url,
    view::{
        Filter, Given, LetterLog, NewReturnPage, OrderReturns, ReturnCard, ReturnForm, ReturnForms, ReturnHead,
        ReturnPage, ReturnView, ReturnsPage, filter,
    },
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    let of = |class, state| page(cast, class, &row(cast, state));
    vec![
        ("returns", list(cast)),
        ("return-new", new(cast)),
        ("return-asked", of(RoleClass::Staff, ReturnState::Asked)),
        ("return-received", of(RoleClass::Staff, ReturnState::Received)),
        ("return-decided", of(RoleClass::Staff, ReturnState::Decided)),
        ("return-declined", of(RoleClass::Staff, ReturnState::Declined)),
        ("return-merchant", of(RoleClass::Merchant, ReturnState::Decided)),
    ]
}

/// The returns of an order, as its page lists them.
pub fn of_order(cast: Cast, is_staff: bool) -> OrderReturns {
    let t = Words::default();
    OrderReturns {
        open_href: is_staff.then(|| url::new_return(OrderId(data::id(100)))),
        rows: vec![ReturnCard::new(&row(cast, ReturnState::Accepted), &t)],
    }
}

fn list(cast: Cast) -> String {
    let t = Words::default();
    let page = ReturnsPage {
        frame: frame(cast, true, url::RETURNS, "returns"),
        filter: Filter::new(filter::returns(&t), &narrow(cast), &[engine_data::glance(cast, 2)]),
        takes_new: true,
        rows: ReturnState::ALL.iter().map(|state| ReturnCard::new(&row(cast, *state), &t)).collect(),
        older: Some("/returns?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

fn new(cast: Cast) -> String {
    let t = Words::default();
    let line = |n: i64, returned: &str| Line {
        remote_id: n.to_string(),
        name: cast.say("Stoneware mug, 300 ml"),
        sku: cast.say("MUG-300"),
        ordered: dec("3"),
        returned: dec(returned),
        product: None,
    };
    let order = Returnable {
        store: StoreId(data::id(10)),
        number: cast.say("1041"),
        buyer_name: cast.say("Mary Kaya"),
        buyer_email: cast.say("mary@example.com"),
        lines: vec![line(7, "0"), line(8, "3")],
    };
    let given = Given {
        deed: data::id(9),
        quantities: vec![("7".to_owned(), cast.say("2"))],
        reason: Some(ReturnReason::Damaged),
        note: cast.say("The handle is off"),
        problem: (cast == Cast::Hostile).then(|| cast.say("That is more than there is to return.")),
    };
    let form = ReturnForm::new(OrderId(data::id(100)), &order, given, &t);
    NewReturnPage { frame: frame(cast, true, url::RETURNS, "returns"), form, t }.render().unwrap()
}

fn page(cast: Cast, class: RoleClass, row: &ReturnRow) -> String {
    let t = Words::default();
    let is_staff = class == RoleClass::Staff;
    let page = ReturnPage {
        frame: frame(cast, is_staff, url::RETURNS, "return"),
        head: ReturnHead::new(row, &t),
        returned: ReturnView::new(row, &events(cast), &[photo(cast)], &t),
        forms: ReturnForms::new(row, class, &t),
        letters: is_staff.then(LetterLog::default),
        t,
    };
    page.render().unwrap()
}

/// Two items of one product that share a write to the store, and a third that is scrapped.
fn row(cast: Cast, state: ReturnState) -> ReturnRow {
    let is_decided = matches!(state, ReturnState::Decided | ReturnState::Closed);
    let is_counted = is_decided || state == ReturnState::Received;
    let item = |position: i32, decision| ItemRow {
        position,
        line_remote_id: position.to_string(),
        product_id: (position < 3).then(|| ProductId(data::id(200))),
        name: cast.say("Stoneware mug, 300 ml"),
        sku: cast.say("MUG-300"),
        quantity: dec("2.0"),
        received: is_counted.then(|| dec("1")),
        decision: is_decided.then_some(decision),
        intent_id: (is_decided && position < 3).then(|| data::id(3_000)),
        restock: (is_decided && position < 3).then_some(IntentState::Failed),
        restock_reason: (is_decided && position < 3).then(|| cast.say("conflict")),
    };
    ReturnRow {
        tenant_id: TenantId(data::id(3)),
        id: ReturnId(data::id(3_100 + state as u128)),
        number: 3,
        store_id: StoreId(data::id(10)),
        store_name: cast.say("Copper & Clay"),
        order_id: OrderId(data::id(100)),
        order_number: cast.say("1041"),
        state,
        reason: ReturnReason::Damaged,
        note: cast.say("The handle is off"),
        opened_by: UserId(data::id(7)),
        opened_name: cast.say("Anna Berg"),
        opened_at: now(),
        buyer_name: cast.say("Mary Kaya"),
        buyer_email: if state == ReturnState::Declined { String::new() } else { cast.say("mary@example.com") },
        version: 3,
        deed_id: data::id(3_000),
        updated_at: now(),
        ended_at: state.is_final().then(now),
        items: vec![item(1, ItemDecision::Restock), item(2, ItemDecision::Restock), item(3, ItemDecision::Scrap)],
    }
}

fn events(cast: Cast) -> Vec<EventRow> {
    let event = |kind: &ReturnEntry| EventRow {
        id: data::id(3_200 + *kind as u128),
        at: now(),
        user_id: Some(UserId(data::id(7))),
        by_name: cast.say("Anna Berg"),
        kind: *kind,
        text: cast.say("We have it back."),
        detail: json!({
            "from": "asked", "to": "accepted", "subject": cast.say("Your return"), "state": "failed", "reason": cast.say("conflict"),
        }),
        letter_id: None,
    };
    ReturnEntry::ALL.iter().map(event).collect()
}

fn photo(cast: Cast) -> AttachmentRow {
    AttachmentRow {
        tenant_id: TenantId(data::id(3)),
        id: AttachmentId(data::id(3_300)),
        for_staff: false,
        ticket_id: None,
        return_id: Some(ReturnId(data::id(3_100))),
        carrier_id: Some(data::id(3_205)),
        name: cast.say("mug.jpg"),
        kind: MediaType::Jpeg,
        bytes: 7,
        uploaded_by: UserId(data::id(7)),
        created_at: now(),
    }
}

fn told(page: Page, kind: ChangeKind, subject: Subject) -> Option<Rendered> {
    let change = ChangeRow {
        detail: json!({"state": ["asked", "accepted"]}),
        ..data::change(Cast::Hostile, 1, kind, Source::User)
    };
    let view = View { page, class: RoleClass::Merchant, own: None, locale: "en".to_owned() };
    PanelRenderer.render(&view, &FeedEvent { change, subject })
}

fn moved(page: Page, state: ReturnState) -> Option<Rendered> {
    told(page, ChangeKind::ReturnChanged, Subject::Return(Box::new(row(Cast::Hostile, state))))
}

#[test]
fn a_page_offers_what_can_be_done_now_and_to_those_who_may() {
    let offers = |class, state| {
        let page = page(Cast::Friendly, class, &row(Cast::Friendly, state));
        ["accept", "decline", "receive", "decide", "close", "cancel"]
            .map(|step| page.contains(&format!("name=\"step\" value=\"{step}\"")))
    };
    let staff = |state| offers(RoleClass::Staff, state);
    assert_eq!(staff(ReturnState::Asked), [true, true, false, false, false, true]);
    assert_eq!(staff(ReturnState::Accepted), [false, false, true, false, false, true]);
    assert_eq!(staff(ReturnState::Received), [false, false, true, true, false, false]);
    assert_eq!(staff(ReturnState::Decided), [false, false, false, true, false, false], "a restock failed");
    for state in [ReturnState::Declined, ReturnState::Closed, ReturnState::Cancelled] {
        assert_eq!(staff(state), [false; 6]);
    }
    for state in ReturnState::ALL {
        assert_eq!(offers(RoleClass::Merchant, *state), [false; 6]);
    }
    let merchants = page(Cast::Friendly, RoleClass::Merchant, &row(Cast::Friendly, ReturnState::Decided));
    assert!(!merchants.contains("/messages") && !merchants.contains("/photos\"") && merchants.contains("mug.jpg"));
}

#[test]
fn a_card_that_fits_is_added_and_one_that_no_longer_fits_is_removed() {
    let list = |store, state| Page::Returns { store, state };
    let id = dom_id::returned(row(Cast::Hostile, ReturnState::Accepted).id);
    for page in [list(None, None), list(Some(StoreId(data::id(10))), Some(ReturnState::Accepted))] {
        let added = moved(page, ReturnState::Accepted).unwrap();
        assert_eq!(added.target.as_deref(), Some("#returns"));
        assert!(added.content.starts_with(&format!("<li class=\"intent\" id=\"{id}\"")), "{}", added.content);
        markup::check("a return's frame", &added.content);
    }
    let removed = moved(list(None, Some(ReturnState::Asked)), ReturnState::Accepted).unwrap();
    assert_eq!((removed.target, removed.swap.as_deref()), (Some(dom_id::selector(&id)), Some("delete")));
    assert!(moved(list(Some(StoreId(data::id(99))), None), ReturnState::Accepted).is_none(), "another store's");
}

#[test]
fn its_page_is_told_how_it_stands_and_when_its_goods_are_nearer_to_the_shelf() {
    let returned = row(Cast::Hostile, ReturnState::Decided);
    let head = moved(Page::Return(returned.id), ReturnState::Decided).unwrap();
    assert_eq!(head.target, Some(dom_id::selector(&dom_id::return_head(returned.id))));
    markup::check("a return's head", &head.content);
    assert!(moved(Page::Return(ReturnId(data::id(1))), ReturnState::Decided).is_none());

    let intent = |returned| {
        let cause = Cause { returned, ..Cause::of(UserId(data::id(7))) };
        Subject::Intent(Box::new(IntentRow { cause, ..engine_data::intents(Cast::Hostile).remove(0) }))
    };
    let restock = |of| told(Page::Return(returned.id), ChangeKind::IntentChanged, intent(of));
    let told = restock(Some(returned.id)).unwrap();
    assert_eq!(told.target, Some(dom_id::selector(dom_id::SHELF_BEAT)));
    markup::check("a restock's frame", &told.content);
    assert!(restock(None).is_none() && restock(Some(ReturnId(data::id(1)))).is_none());
}
