//! The list of requests, and what its frames carry.

use askama::Template;
use rust_decimal::Decimal;
use serde_json::json;
use storewire_actors::feed::{FeedEvent, Page, Rendered, Renderer, Subject, View};
use storewire_db::{ChangeRow, RequestRow, requests::EventRow};
use storewire_domain::{
    ChangeKind, Edit, RequestId, RoleClass, Source, StoreId, TenantId, UserId,
    intent::{FieldValue, Fields},
    request::{Meaning, RequestEvent, RequestState},
};

use super::{
    data::{self, Cast, now},
    engine_data, letter_data, markup,
    pages::frame,
    staff_pages::narrow,
};
use crate::panel::{
    PanelRenderer, dom_id, url,
    view::{
        AskForms, Asks, Choices, EventView, Filter, RequestForms, RequestPage, RequestView, RequestsPage, filter,
        request_facts,
    },
    words::Words,
};

/// The pages, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    let of = |class, state, name| (name, page(cast, class, &row(cast, state)));
    vec![
        ("requests", requests(cast, RoleClass::Staff)),
        of(RoleClass::Staff, RequestState::Waiting, "request-waiting"),
        of(RoleClass::Staff, RequestState::Failed, "request-failed"),
        of(RoleClass::Merchant, RequestState::Waiting, "request-merchant"),
        of(RoleClass::Merchant, RequestState::Applied, "request-applied"),
    ]
}

fn requests(cast: Cast, class: RoleClass) -> String {
    let t = Words::default();
    let card = |row: &RequestRow| RequestView::new(row, &t).for_class(row, class, &t);
    let page = RequestsPage {
        frame: frame(cast, true, url::REQUESTS, "requests"),
        filter: Filter::new(filter::requests(&t), &narrow(cast), &[engine_data::glance(cast, 2)]),
        takes_new: true,
        rows: RequestState::ALL.iter().map(|state| card(&row(cast, *state))).collect(),
        older: Some("/requests?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

pub fn page(cast: Cast, class: RoleClass, request: &RequestRow) -> String {
    let t = Words::default();
    let is_staff = class == RoleClass::Staff;
    let page = RequestPage {
        frame: frame(cast, is_staff, url::REQUESTS, "request"),
        facts: request_facts(request, &t),
        forms: RequestForms {
            href: url::request(request.id),
            version: request.version,
            choices: is_staff.then(|| Choices::new(request, &t)).flatten(),
            can_withdraw: !is_staff && request.state.is_open(),
            can_reopen: is_staff && request.state == RequestState::Failed,
            can_comment: true,
            deed: data::id(2_500),
        },
        events: RequestEvent::ALL.iter().map(|kind| EventView::new(&event(cast, request.id, *kind), &t)).collect(),
        request: RequestView::new(request, &t),
        letters: is_staff.then(|| letter_data::log(cast, request.id.uuid())),
        t,
    };
    page.render().unwrap()
}

fn event(cast: Cast, request: RequestId, kind: RequestEvent) -> EventRow {
    let by_staff = matches!(kind, RequestEvent::Approved | RequestEvent::Rejected);
    EventRow {
        request_id: request,
        id: data::id(2_600 + kind as u128),
        at: now(),
        user_id: by_staff.then(|| UserId(data::id(7))),
        by_name: if by_staff { cast.say("Anna Berg") } else { String::new() },
        by_staff,
        kind,
        text: if kind == RequestEvent::Commented { cast.say("Which pallet?") } else { String::new() },
        detail: json!({
            "edit": Edit::Stock { quantity: 17.into() },
            "current": { "stock_quantity": "9" },
            "reason": cast.say("not_kept"),
        }),
    }
}

/// What a record's page says of requests about it.
pub fn asks(cast: Cast, forms: Option<AskForms>) -> Asks {
    let t = Words::default();
    let waiting = row(cast, RequestState::Waiting);
    Asks { waiting: vec![RequestView::new(&waiting, &t).for_class(&waiting, RoleClass::Staff, &t)], forms }
}

/// 20 wanted where there were 12; while it waits, 9 are left.
pub fn row(cast: Cast, state: RequestState) -> RequestRow {
    let count = |number: i64| Fields::of("stock_quantity", FieldValue::number(Some(Decimal::from(number))));
    let is_open = state == RequestState::Waiting;
    let is_decided = !matches!(state, RequestState::Waiting | RequestState::Withdrawn | RequestState::Expired);
    let reason = match state {
        RequestState::Failed => Some("conflict".to_owned()),
        RequestState::Rejected => Some(cast.say("There is no pallet")),
        _ => None,
    };
    RequestRow {
        tenant_id: TenantId(data::id(3)),
        store_id: StoreId(data::id(10)),
        store_name: cast.say("Copper & Clay"),
        currency: "EUR".to_owned(),
        decimals: 2,
        id: RequestId(data::id(2_000 + state as u128)),
        number: 12,
        kind: "product.stock".to_owned(),
        entity_id: data::id(100),
        about: cast.say("Stoneware mug, 300 ml"),
        edit: Edit::Stock { quantity: 20.into() },
        base: count(12),
        current: count(if is_open { 9 } else { 12 }),
        asked_meaning: Meaning::Relative,
        note: cast.say("A pallet came"),
        state,
        version: 3,
        stale_at: is_open.then(now),
        asked_by: UserId(data::id(8)),
        asked_name: cast.say("Meral Kaya"),
        asked_at: now(),
        decided_by: is_decided.then(|| UserId(data::id(7))),
        decided_name: is_decided.then(|| cast.say("Anna Berg")),
        decided_at: is_decided.then(now),
        decided_meaning: None,
        decided_edit: None,
        intent_id: None,
        intent_state: None,
        reason,
        result: (state == RequestState::Applied).then(|| json!({ "stock_quantity": "17" })),
        deed_id: data::id(2_000),
        due_at: is_open.then(now),
        reminders: 0,
        expires_at: now(),
        updated_at: now(),
    }
}

fn told(page: Page, class: RoleClass, state: RequestState) -> Option<Rendered> {
    let change = ChangeRow {
        detail: json!({"state": ["waiting", state]}),
        ..data::change(Cast::Hostile, 1, ChangeKind::RequestChanged, Source::User)
    };
    let view = View { page, class, own: None, locale: "en".to_owned() };
    let subject = Subject::Request(Box::new(row(Cast::Hostile, state)));
    PanelRenderer.render(&view, &FeedEvent { change, subject })
}

#[test]
fn a_card_shows_what_was_seen_what_is_wanted_and_what_the_store_holds_by_now() {
    let page = requests(Cast::Friendly, RoleClass::Staff);
    for text in ["R-12", "Stock 12", "Stock 9", "Stock to 20", "A pallet came", "There is no pallet", "Meral Kaya"] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("Stock 9").count(), 1, "once decided, what the store holds is told by the outcome");
}

#[test]
fn a_card_that_fits_is_added_and_one_that_no_longer_fits_is_removed() {
    let list = |store, state| Page::Requests { store, state };
    let id = dom_id::request(row(Cast::Hostile, RequestState::Approved).id);
    for page in [list(None, None), list(Some(StoreId(data::id(10))), Some(RequestState::Approved))] {
        let added = told(page, RoleClass::Merchant, RequestState::Approved).unwrap();
        assert_eq!(added.target.as_deref(), Some("#requests"));
        assert!(added.content.starts_with(&format!("<li class=\"intent\" id=\"{id}\"")), "{}", added.content);
        markup::check("a request's frame", &added.content);
    }
    let removed = told(list(None, Some(RequestState::Waiting)), RoleClass::Merchant, RequestState::Approved).unwrap();
    assert_eq!((removed.target, removed.swap.as_deref()), (Some(dom_id::selector(&id)), Some("delete")));
    let foreign = told(list(Some(StoreId(data::id(99))), None), RoleClass::Merchant, RequestState::Approved);
    assert!(foreign.is_none(), "another store's");
}

#[test]
fn both_numbers_are_shown_before_the_press_and_only_to_who_decides() {
    let card = |class| told(Page::Requests { store: None, state: None }, class, RequestState::Waiting).unwrap().content;
    let staff = card(RoleClass::Staff);
    for text in ["Approve the difference: Stock to 17", "Approve: Stock to 20", "name=\"version\" value=\"3\""] {
        assert!(staff.contains(text), "{text}: {staff}");
    }
    let merchant = card(RoleClass::Merchant);
    assert!(!merchant.contains("<form"), "{merchant}");
    let id = row(Cast::Hostile, RequestState::Waiting).id;
    let own = told(Page::Request(id), RoleClass::Staff, RequestState::Waiting).unwrap();
    assert_eq!(own.target, Some(dom_id::selector(&dom_id::request(id))));
    assert!(!own.content.contains("<form"), "a page's own forms are not replaced under the hands of who fills them in");
}

#[test]
fn while_the_store_holds_what_was_seen_one_button_says_it_all() {
    let fresh = RequestRow {
        current: row(Cast::Friendly, RequestState::Waiting).base,
        ..row(Cast::Friendly, RequestState::Waiting)
    };
    let choices = Choices::new(&fresh, &Words::default()).unwrap();
    let labels: Vec<&str> = choices.approvals.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels, ["Approve the difference: Stock to 20"]);
    assert!(Choices::new(&row(Cast::Friendly, RequestState::Approved), &Words::default()).is_none());
}

#[test]
fn a_request_tells_what_the_store_says_that_it_holds_in_the_end() {
    let page = page(Cast::Friendly, RoleClass::Merchant, &row(Cast::Friendly, RequestState::Applied));
    for text in
        ["The store says: Stock 17.", "Written to the store", "Which pallet?", "The store came to hold: Stock 9"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("/approve"));
}
