//! Who is told what, once.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use storewire_domain::{ChangeKind, RequestId, RoleClass, StoreId, TenantId, TicketId, UserId};

use super::*;
use crate::feed::{
    Relay, Subject,
    sample::{self, Ears},
};

/// Renders an event as its number, and counts.
#[derive(Default)]
struct Pen(AtomicUsize);

impl Renderer for Pen {
    fn render(&self, _: &View, event: &FeedEvent) -> Option<Rendered> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Some(Rendered { content: event.change.seq.to_string(), target: None, swap: None })
    }
}

struct Hall {
    audience: Audience,
    ears: Arc<Ears>,
}

impl Hall {
    fn open() -> Self {
        Self { audience: Audience::default(), ears: Arc::default() }
    }

    /// Somebody who is live already, and how much waits for them.
    fn join(&mut self, class: RoleClass, scope: ReadScope) -> (Uuid, Arc<AtomicUsize>) {
        let page = Page::Orders { store: None, status: None };
        self.join_by(View { page, class, own: None, locale: "en".to_owned() }, scope)
    }

    fn join_by(&mut self, view: View, scope: ReadScope) -> (Uuid, Arc<AtomicUsize>) {
        let (id, waiting) = (Uuid::new_v4(), Arc::<AtomicUsize>::default());
        let relay: Arc<dyn Relay> = Arc::clone(&self.ears) as Arc<dyn Relay>;
        let outlet = Outlet::new(relay, Arc::clone(&waiting));
        let listener =
            Listener { session: SessionId::fresh(), scope, outlet, behind: None, sent: None, standing: None };
        self.audience.insert(id, view, listener);
        (id, waiting)
    }
}

fn event(tenant: TenantId, seq: i64) -> FeedEvent {
    FeedEvent::bare(sample::change(tenant, StoreId::fresh(), seq))
}

/// A request as it changed, with its row if somebody asked for it.
fn of_request(tenant: TenantId, seq: i64, asked_by: Option<UserId>) -> FeedEvent {
    let change = ChangeRow { kind: ChangeKind::RequestChanged, ..sample::change(tenant, StoreId::fresh(), seq) };
    let row = asked_by.map(|user| Subject::Request(Box::new(sample::request(&change, user))));
    FeedEvent { change, subject: row.unwrap_or(Subject::None) }
}

fn cursor() -> Cursor {
    Cursor::parse("7").unwrap()
}

#[test]
fn what_a_cycle_has_is_rendered_once_a_view_and_put_together_and_handed_over_once_a_scope() {
    let (mut hall, pen) = (Hall::open(), Pen::default());
    let (coffee, outdoor) = (TenantId::fresh(), TenantId::fresh());
    let staff: Vec<Uuid> =
        (0..3).map(|_| hall.join(RoleClass::Staff, ReadScope::Platform { stores: None }).0).collect();
    let merchants =
        [coffee, coffee, outdoor].map(|tenant| (tenant, hall.join(RoleClass::Merchant, ReadScope::Tenant(tenant)).0));
    let events = [event(coffee, 1), event(outdoor, 2), event(coffee, 3)];
    assert!(hall.audience.broadcast(&events, &cursor(), &pen).is_empty());
    assert_eq!(pen.0.load(Ordering::Relaxed), 6, "three events for two views");
    assert_eq!(hall.ears.count(), 3, "one scope of staff and two of merchants");

    let encoded = AtomicUsize::new(0);
    let encode = |_: &Texts| {
        encoded.fetch_add(1, Ordering::Relaxed);
        Bytes::from_static(b"as on the wire")
    };
    for id in staff {
        let bundles = hall.ears.heard(id);
        let contents: Vec<bool> =
            bundles[0].iter().zip(1..).map(|(text, seq)| text.contains(&format!("\"content\":\"{seq}\""))).collect();
        assert_eq!((bundles.len(), contents), (1, vec![true; 3]), "all of it in one bundle, in order");
        bundles[0].wire(encode);
    }
    for (tenant, id) in merchants {
        let bundles = hall.ears.heard(id);
        assert_eq!(bundles[0].iter().count(), if tenant == coffee { 2 } else { 1 });
        bundles[0].wire(encode);
    }
    assert_eq!(encoded.load(Ordering::Relaxed), 3);
}

#[test]
fn who_does_not_read_falls_behind_and_is_caught_up_from_where_it_was() {
    let (mut hall, pen) = (Hall::open(), Pen::default());
    let coffee = TenantId::fresh();
    let (id, waiting) = hall.join(RoleClass::Staff, ReadScope::Platform { stores: None });
    let audience = &mut hall.audience;
    let mut broadcast = |seq| audience.broadcast(&[event(coffee, seq)], &cursor(), &pen);
    let sent = (1..1_000).find(|seq| !broadcast(*seq).is_empty()).unwrap() - 1;
    assert!(sent >= 2, "some may wait");
    assert!(broadcast(1_000).is_empty(), "it is told nothing until then");
    let behind = audience.get(id).unwrap().1.behind.clone();
    assert_eq!(behind, Some(Some(cursor())), "from the last cycle of which it has everything");

    let read = Read { events: Some(vec![event(coffee, 100)]), cursor: Cursor::parse("9").unwrap() };
    assert!(!audience.catch_up(id, &read, &pen), "as much as before waits");
    assert_eq!(waiting.swap(0, Ordering::Relaxed), usize::try_from(sent).unwrap());
    assert!(audience.catch_up(id, &read, &pen));
    let heard = hall.ears.heard(id);
    assert_eq!(heard.len(), usize::try_from(sent).unwrap() + 1);
    let texts: Vec<&str> = heard.last().unwrap().iter().collect();
    assert!(texts[0].contains("\"seq\":100") && texts[1].contains("\"hello\"") && texts[1].contains("\"9\""));
    assert_eq!(hall.audience.get(id).unwrap().1.behind, None);
}

#[test]
fn a_merchants_user_hears_of_the_own_requests_and_of_no_colleagues_on_whatever_page() {
    let (mut hall, pen) = (Hall::open(), Pen::default());
    let coffee = TenantId::fresh();
    let (meral, can) = (UserId::fresh(), UserId::fresh());
    let events = [
        of_request(coffee, 1, Some(meral)),
        of_request(coffee, 2, Some(can)),
        // Of a row that cannot be read nobody can say whose it is.
        of_request(coffee, 3, None),
        event(coffee, 4),
        of_request(TenantId::fresh(), 5, Some(meral)),
    ];
    let colleagues = Page::Request(RequestId(events[1].change.entity_id));
    let requests = || Page::Requests { store: None, state: None };
    let seats = [
        (requests(), Some(meral), vec![1]),
        (requests(), Some(can), vec![2]),
        (requests(), None, vec![1, 2, 3]),
        (Page::Api, Some(meral), vec![1, 4]),
        (Page::Api, None, vec![1, 2, 3, 4]),
        (colleagues.clone(), Some(meral), vec![]),
        (colleagues, Some(can), vec![2]),
    ];
    let mut joined = Vec::new();
    for (page, own, hears) in seats {
        let view = View { page, class: RoleClass::Merchant, own, locale: "en".to_owned() };
        joined.push((hall.join_by(view.clone(), ReadScope::Tenant(coffee)).0, view, hears));
    }
    assert!(hall.audience.broadcast(&events, &cursor(), &pen).is_empty());
    let numbers = |texts: &Texts| -> Vec<i64> {
        let frames = texts.iter().map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
        frames.filter_map(|frame| frame["seq"].as_i64()).collect()
    };
    for (id, view, hears) in &joined {
        let heard: Vec<i64> = hall.ears.heard(*id).iter().flat_map(numbers).collect();
        assert_eq!(&heard, hears, "live: {view:?}");
        // What was missed is cut in the same way; another tenant's is not in such a read.
        let read = Read { events: Some(events[..4].to_vec()), cursor: cursor() };
        assert!(hall.audience.catch_up(*id, &read, &pen));
        let caught_up: Vec<i64> = hall.ears.heard(*id).last().map(numbers).unwrap();
        assert_eq!(&caught_up, hears, "caught up: {view:?}");
    }
}

#[test]
fn whose_a_request_is_is_looked_up_for_those_who_hear_of_their_own_alone() {
    let (coffee, store) = (TenantId::fresh(), StoreId::fresh());
    let order = sample::change(coffee, store, 1);
    let request = ChangeRow { kind: ChangeKind::RequestChanged, ..order.clone() };
    let program = |own| View { page: Page::Api, class: RoleClass::Merchant, own, locale: "en".to_owned() };
    let (user, admin) = (program(Some(UserId::fresh())), program(None));
    assert!(user.shows_rows() && user.shows_row_of(&request) && !user.shows_row_of(&order));
    assert!(!admin.shows_rows() && !admin.shows_row_of(&request), "the log alone tells them");
    let list = View { page: Page::Requests { store: Some(store), state: None }, ..admin };
    assert!(list.shows_row_of(&request) && !list.shows_row_of(&order));
    assert!(!list.shows_row_of(&ChangeRow { store_id: StoreId::fresh(), ..request }), "another store's");
}

#[test]
fn fault_20_no_merchant_hears_that_staff_noted_something_whatever_the_page_or_scope() {
    let (mut hall, pen) = (Hall::open(), Pen::default());
    let coffee = TenantId::fresh();
    let told = |kind, seq| FeedEvent::bare(ChangeRow { kind, ..sample::change(coffee, StoreId::fresh(), seq) });
    let events = [told(ChangeKind::TicketChanged, 1), told(ChangeKind::DeskNoted, 2)];
    let program = |class| View { page: Page::Api, class, own: None, locale: "en".to_owned() };
    let seats = [
        (RoleClass::Staff, ReadScope::Platform { stores: None }, vec![1, 2]),
        (RoleClass::Merchant, ReadScope::Tenant(coffee), vec![1]),
        // Either of the two alone is enough.
        (RoleClass::Staff, ReadScope::Tenant(coffee), vec![1]),
        (RoleClass::Merchant, ReadScope::Everything, vec![1]),
    ];
    let joined = seats.map(|(class, scope, hears)| (hall.join_by(program(class), scope).0, class, hears));
    assert!(hall.audience.broadcast(&events, &cursor(), &pen).is_empty());
    for (id, class, hears) in &joined {
        let frames: Vec<serde_json::Value> = hall
            .ears
            .heard(*id)
            .iter()
            .flat_map(|texts| texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect::<Vec<_>>())
            .collect();
        let heard: Vec<i64> = frames.iter().filter_map(|frame| frame["seq"].as_i64()).collect();
        assert_eq!(&heard, hears, "{class:?}");
    }
}

#[test]
fn a_whisper_is_heard_on_the_pages_of_its_record_by_whom_it_is_for_and_has_no_number() {
    let mut hall = Hall::open();
    let (coffee, store, id) = (TenantId::fresh(), StoreId::fresh(), TicketId::fresh());
    let page = |id| Page::Ticket { id, about: None };
    let view = |page, class| View { page, class, own: None, locale: "en".to_owned() };
    let platform = |stores| ReadScope::Platform { stores };
    let mut join = |page, class, scope| hall.join_by(view(page, class), scope).0;
    let keeper = join(page(id), RoleClass::Staff, platform(Some(vec![store])));
    let merchant = join(page(id), RoleClass::Merchant, ReadScope::Tenant(coffee));
    let deaf = [
        join(page(id), RoleClass::Staff, platform(Some(vec![StoreId::fresh()]))),
        join(page(id), RoleClass::Merchant, ReadScope::Tenant(TenantId::fresh())),
        join(page(TicketId::fresh()), RoleClass::Staff, platform(None)),
        join(Page::Api, RoleClass::Staff, platform(None)),
    ];
    for for_merchants in [false, true] {
        hall.audience.whisper(Whisper { tenant: coffee, store, about: id.uuid(), for_merchants });
    }
    let heard = |id| -> Vec<String> {
        hall.ears.heard(id).iter().flat_map(|texts| texts.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
    };
    assert_eq!(heard(keeper), [r#"{"kind":"whisper"}"#, r#"{"kind":"whisper"}"#]);
    assert_eq!(heard(merchant), [r#"{"kind":"whisper"}"#], "only of what is for merchants");
    for id in deaf {
        assert_eq!(heard(id), [] as [&str; 0]);
    }
}
