//! The pages of tickets, and what their frames carry.

use askama::Template;
use serde_json::{Value, json};
use storewire_actors::{
    desk::{Doing, Here, Part},
    feed::{FeedEvent, Page, Rendered, Renderer, Subject, View},
};
use storewire_db::{
    AttachmentRow, ChangeRow, TicketRow,
    tickets::{About, MessageRow, NoteRow, SeenUpTo},
};
use storewire_domain::{
    AttachmentId, ChangeKind, OrderId, RoleClass, Source, StoreId, TenantId, TicketId, UserId,
    attachment::MediaType,
    request::RequestState,
    ticket::{AboutKind, MessageKind, Priority, Side, TicketState},
};
use uuid::Uuid;

use super::{
    data::{self, Cast, before, now},
    engine_data, letter_data, markup,
    pages::frame,
    request_pages,
    staff_pages::narrow,
    ticket_card,
};
use crate::panel::{
    PanelRenderer, dom_id, url,
    view::{
        CardView, Choice, Filter, HereFragment, HereView, NewTicketPage, OrderForms, RequestView, TicketActs,
        TicketPage, TicketTools, TicketView, TicketsPage, Typed, files_hint, filter, priorities, show_seen, thread,
    },
    words::Words,
};

/// Every page, by name.
pub fn all(cast: Cast) -> Vec<(&'static str, String)> {
    vec![
        ("support", list(cast)),
        ("support-new", new(cast, RoleClass::Merchant)),
        ("support-new-staff", new(cast, RoleClass::Staff)),
        ("ticket", show(cast, RoleClass::Staff)),
        ("ticket-merchant", show(cast, RoleClass::Merchant)),
        ("here", here(cast)),
    ]
}

fn list(cast: Cast) -> String {
    let t = Words::default();
    let page = TicketsPage {
        frame: frame(cast, true, url::SUPPORT, "tickets"),
        filter: Filter::new(filter::tickets(&t), &narrow(cast), &[engine_data::glance(cast, 2)]),
        takes_new: true,
        rows: TicketState::ALL
            .iter()
            .map(|state| TicketView::new(&row(cast, *state), RoleClass::Staff, *state == TicketState::Open, now(), &t))
            .collect(),
        older: Some("/support?after=x".to_owned()),
        t,
    };
    page.render().unwrap()
}

fn new(cast: Cast, class: RoleClass) -> String {
    let t = Words::default();
    let stores = [engine_data::glance(cast, 2), engine_data::glance(cast, 3)];
    let page = NewTicketPage {
        frame: frame(cast, class == RoleClass::Staff, url::SUPPORT, "tickets"),
        deed: data::id(3_100),
        about: (class == RoleClass::Merchant).then(|| format!("order:{}", data::id(100))),
        card: Some(CardView::product(&data::product(cast, 0), &t)),
        subject: cast.say("Order #1042"),
        text: cast.say("Both boxes are wet."),
        stores: stores.iter().map(|store| Choice::store(store, None)).collect(),
        priorities: if class == RoleClass::Staff { priorities(None, &t) } else { Vec::new() },
        files_hint: files_hint(5, 10 << 20, &t),
        t,
    };
    page.render().unwrap()
}

pub fn show(cast: Cast, class: RoleClass) -> String {
    let t = Words::default();
    let is_staff = class == RoleClass::Staff;
    let state = if is_staff { TicketState::Open } else { TicketState::Closed };
    let ticket = row(cast, state);
    let notes = if is_staff { notes(cast) } else { Vec::new() };
    let order = ticket_card::ordered(cast);
    let messages = messages(cast);
    let mut entries = thread(&messages, &notes, &files(cast), UserId(data::id(8)), &t);
    let seen = SeenUpTo { by_merchant: Some(now()), by_staff: Some(now()) };
    show_seen(&mut entries, &messages, Side::from(class), seen, &t);
    let request = request_pages::row(cast, RequestState::Waiting);
    let page = TicketPage {
        frame: frame(cast, is_staff, url::SUPPORT, "ticket").at("ticket", ticket.id.uuid()),
        ticket: TicketView::new(&ticket, class, is_staff, now(), &t),
        entries,
        card: Some(ticket_card::card(cast, &order).fresh(&engine_data::store(cast, 2), class)),
        acts: is_staff.then(|| TicketActs {
            order: Some(OrderForms::new(&order, &[], &t)),
            requests: vec![(
                RequestView::new(&request, &t).for_class(&request, RoleClass::Staff, &t),
                request.id.to_string(),
                request.version,
            )],
            may_sync: true,
        }),
        intents: is_staff.then(Vec::new),
        letters: is_staff.then(|| letter_data::log(cast, ticket.id.uuid())),
        tools: is_staff.then(|| TicketTools {
            assignees: vec![Choice { value: data::id(7).to_string(), label: cast.say("Anna Berg"), is_chosen: true }],
            priorities: priorities(Some(Priority::Urgent), &t),
        }),
        is_closed: !is_staff,
        version: 4,
        files_hint: files_hint(5, 10 << 20, &t),
        typed: Typed { reply: cast.say("We send another."), note: cast.say("They always say so."), why: None },
        t,
    };
    page.render().unwrap()
}

fn here(cast: Cast) -> String {
    let t = Words::default();
    let person = |name: &str, doing| Here { name: cast.say(name), class: RoleClass::Staff, doing };
    let people = [
        person("Anna Berg", Doing::Viewing),
        person("Bob", Doing::Editing(None)),
        person("Dora", Doing::Editing(Some(Part::Price))),
        person("Cem", Doing::Typing),
    ];
    let people = people.iter().map(|here| HereView::new(here, &t)).collect();
    HereFragment { place: format!("order:{}", data::id(1)), people }.render().unwrap()
}

fn row(cast: Cast, state: TicketState) -> TicketRow {
    let is_open = state == TicketState::Open;
    TicketRow {
        tenant_id: TenantId(data::id(3)),
        store_id: StoreId(data::id(10)),
        store_name: cast.say("Copper & Clay"),
        id: TicketId(data::id(3_000 + state as u128)),
        number: 7,
        subject: cast.say("Two boxes are wet"),
        state,
        priority: if is_open { Priority::Urgent } else { Priority::Normal },
        assignee: (!is_open).then(|| UserId(data::id(7))),
        assignee_name: (!is_open).then(|| cast.say("Anna Berg")),
        about: Some(About { kind: AboutKind::Order, id: data::id(101), title: cast.say("#1042") }),
        opened_by: UserId(data::id(8)),
        opened_name: cast.say("Meral Kaya"),
        opened_by_staff: false,
        opened_at: before(7_200),
        last_message_at: before(60),
        last_by_staff: !is_open,
        answer_due_at: Some(before(600)),
        first_answer_at: (!is_open).then(|| before(3_600)),
        answer_late_at: is_open.then(|| before(590)),
        closed_at: (state == TicketState::Closed).then(now),
        version: 4,
        deed_id: data::id(3_001),
        updated_at: before(60),
    }
}

fn messages(cast: Cast) -> Vec<MessageRow> {
    let entry = |n: u128, kind, text: &str, detail: Value| MessageRow {
        id: data::id(3_200 + n),
        at: before(600 - i64::try_from(n).unwrap()),
        user_id: UserId(data::id(8 + n % 2)),
        by_name: cast.say("Meral Kaya"),
        by_staff: n % 2 == 1,
        kind,
        text: if text.is_empty() { String::new() } else { cast.say(text) },
        detail,
    };
    vec![
        entry(0, MessageKind::Message, "They were left outside.\nBoth are wet.", json!({})),
        entry(1, MessageKind::Message, "We send two others.", json!({})),
        entry(2, MessageKind::State, "", json!({"state": ["open", "closed"]})),
        entry(3, MessageKind::State, "", json!({"state": ["closed", "open"]})),
        entry(4, MessageKind::Action, "", json!({"action": "approve"})),
        entry(5, MessageKind::Action, "", json!({"action": "reject"})),
        entry(6, MessageKind::Action, "", json!({"action": "order_status", "status": cast.say("completed")})),
        entry(7, MessageKind::Action, "", json!({"action": "resync"})),
    ]
}

fn notes(cast: Cast) -> Vec<NoteRow> {
    vec![NoteRow {
        id: data::id(3_300),
        at: before(300),
        user_id: UserId(data::id(7)),
        by_name: cast.say("Anna Berg"),
        text: cast.say("They always say so"),
    }]
}

fn files(cast: Cast) -> Vec<AttachmentRow> {
    let file = |n: u128, name: &str, kind, carrier: Uuid| AttachmentRow {
        tenant_id: TenantId(data::id(3)),
        id: AttachmentId(data::id(3_400 + n)),
        for_staff: false,
        ticket_id: Some(row(cast, TicketState::Open).id),
        return_id: None,
        carrier_id: Some(carrier),
        name: cast.say(name),
        kind,
        bytes: 20_481,
        uploaded_by: UserId(data::id(8)),
        created_at: now(),
    };
    let first = data::id(3_200);
    vec![
        file(0, "wet.jpg", MediaType::Jpeg, first),
        file(1, "list.csv", MediaType::Csv, first),
        file(2, "shelf.png", MediaType::Png, data::id(3_300)),
    ]
}

fn told(page: Page, class: RoleClass, kind: ChangeKind, subject: Subject) -> Option<Rendered> {
    let change = ChangeRow { ..data::change(Cast::Hostile, 1, kind, Source::User) };
    let view = View { page, class, own: None, locale: "en".to_owned() };
    PanelRenderer.render(&view, &FeedEvent { change, subject })
}

fn subject(state: TicketState) -> Subject {
    Subject::Ticket(Box::new(row(Cast::Hostile, state)))
}

#[test]
fn a_thread_tells_who_said_what_and_only_staff_are_shown_notes() {
    let staff = show(Cast::Friendly, RoleClass::Staff);
    let merchant = show(Cast::Friendly, RoleClass::Merchant);
    for text in ["They were left outside.", "We send two others.", "set the order to", "asked the store again", "21 KB"]
    {
        assert!(staff.contains(text) && merchant.contains(text), "{text}");
    }
    for text in ["They always say so", "internal note", "shelf.png", "An answer was due", "Only staff read it"] {
        assert!(staff.contains(text) && !merchant.contains(text), "{text}");
    }
    let said = staff.find("We send two others.").unwrap();
    assert!(staff.find("They were left outside.").unwrap() < said, "the oldest comes first");
    assert!(merchant.contains("A message opens the ticket again."));
}

#[test]
fn a_line_that_fits_is_added_and_one_that_no_longer_fits_is_removed() {
    let list = |store, state| Page::Tickets { store, state };
    let change = ChangeKind::TicketChanged;
    let id = dom_id::ticket(row(Cast::Hostile, TicketState::Open).id);
    let ours = StoreId(data::id(10));
    for page in [list(None, None), list(Some(ours), Some(TicketState::Open))] {
        let added = told(page, RoleClass::Staff, change, subject(TicketState::Open)).unwrap();
        assert_eq!(added.target.as_deref(), Some("#tickets"));
        assert!(added.content.contains(&format!("id=\"{id}\"")) && added.content.contains("ticket--unread"));
        markup::check("a ticket's frame", &added.content);
    }
    let merchants = told(list(None, None), RoleClass::Merchant, change, subject(TicketState::Open)).unwrap();
    assert!(!merchants.content.contains("ticket--unread"), "it was the merchant who spoke");
    assert!(!merchants.content.contains("An answer was due"));
    let closed = list(None, Some(TicketState::Closed));
    let removed = told(closed, RoleClass::Staff, change, subject(TicketState::Open)).unwrap();
    assert_eq!((removed.target, removed.swap.as_deref()), (Some(dom_id::selector(&id)), Some("delete")));
    let elsewhere = list(Some(StoreId(data::id(99))), None);
    assert!(told(elsewhere, RoleClass::Staff, change, subject(TicketState::Open)).is_none(), "another store's");
}

#[test]
fn a_tickets_page_is_sent_its_head_and_word_of_its_record_and_nothing_that_was_said() {
    let ticket = row(Cast::Hostile, TicketState::Open);
    let page = || Page::Ticket { id: ticket.id, about: Some(data::id(101)) };
    for (class, kind) in [
        (RoleClass::Merchant, ChangeKind::TicketChanged),
        (RoleClass::Staff, ChangeKind::TicketChanged),
        (RoleClass::Staff, ChangeKind::DeskNoted),
    ] {
        let head = told(page(), class, kind, subject(TicketState::Open)).unwrap();
        assert_eq!(head.target, Some(dom_id::selector(&dom_id::ticket_head(ticket.id))));
        assert_eq!(head.swap.as_deref(), Some("outerHTML"));
        markup::check("a ticket's head", &head.content);
    }
    let order = Subject::Order(Box::new(data::order(Cast::Hostile, 1)));
    let beat = told(page(), RoleClass::Merchant, ChangeKind::OrderUpdated, order).unwrap();
    assert_eq!(beat.target.as_deref(), Some("#card-beat"));
    assert!(!beat.content.contains("script"), "{}", beat.content);
    assert!(show(Cast::Friendly, RoleClass::Staff).contains("id=\"card-beat\""));
    let elsewhere = Page::Order(OrderId(data::id(101)));
    assert!(told(elsewhere, RoleClass::Staff, ChangeKind::TicketChanged, subject(TicketState::Open)).is_none());
}
