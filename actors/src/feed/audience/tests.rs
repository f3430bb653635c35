//! Who is told what, once.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use storewire_domain::{RoleClass, StoreId, TenantId};

use super::*;
use crate::feed::{
    Relay,
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
        let (id, waiting) = (Uuid::new_v4(), Arc::<AtomicUsize>::default());
        let view = View { page: Page::Orders { store: None, status: None }, class, locale: "en".to_owned() };
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
