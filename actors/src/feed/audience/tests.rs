//! Who is told what, once.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use actix::{Actor, Context, Handler};
use bytes::Bytes;
use storewire_db::ChangeRow;
use storewire_domain::{ChangeKind, RoleClass, Source, StoreId, TenantId};

use super::*;
use crate::feed::Subject;

type Heard = Arc<Mutex<Vec<Texts>>>;

struct Ear(Heard);

impl Actor for Ear {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(2);
    }
}

impl Handler<Frame> for Ear {
    type Result = ();

    fn handle(&mut self, frame: Frame, _: &mut Self::Context) {
        if let Frame::Texts(texts) = frame {
            self.0.lock().unwrap().push(texts);
        }
    }
}

/// Renders an event as its number, and counts.
#[derive(Default)]
struct Pen(AtomicUsize);

impl Renderer for Pen {
    fn render(&self, _: &View, event: &FeedEvent) -> Option<Rendered> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Some(Rendered { content: event.change.seq.to_string(), target: None, swap: None })
    }
}

/// Somebody who is live already.
fn join(audience: &mut Audience, class: RoleClass, scope: ReadScope) -> (Uuid, Heard) {
    let (id, heard) = (Uuid::new_v4(), Heard::default());
    let view = View { page: Page::Orders { store: None, status: None }, class, locale: "en".to_owned() };
    let listener = Listener {
        session: SessionId::fresh(),
        scope,
        recipient: Ear(Arc::clone(&heard)).start().recipient(),
        behind: None,
        sent: None,
        standing: None,
    };
    audience.insert(id, view, listener);
    (id, heard)
}

fn event(tenant_id: TenantId, seq: i64) -> FeedEvent {
    let change = ChangeRow {
        tenant_id,
        store_id: StoreId::fresh(),
        seq,
        kind: ChangeKind::OrderUpdated,
        entity_id: Uuid::new_v4(),
        source: Source::Webhook,
        store_time: None,
        received_at: None,
        saved_at: jiff::Timestamp::UNIX_EPOCH,
        detail: serde_json::json!({}),
    };
    FeedEvent { change, subject: Subject::None }
}

fn cursor() -> Cursor {
    Cursor::parse("7").unwrap()
}

/// Waits until the ear has heard so many bundles.
async fn heard(ear: &Heard, bundles: usize) -> Vec<Texts> {
    while ear.lock().unwrap().len() < bundles {
        tokio::task::yield_now().await;
    }
    ear.lock().unwrap().clone()
}

#[actix_web::test]
async fn what_a_cycle_has_is_rendered_once_a_view_and_put_together_and_encoded_once_a_scope() {
    let (mut audience, pen) = (Audience::default(), Pen::default());
    let (coffee, outdoor) = (TenantId::fresh(), TenantId::fresh());
    let staff: Vec<_> =
        (0..3).map(|_| join(&mut audience, RoleClass::Staff, ReadScope::Platform { stores: None }).1).collect();
    let merchants = [coffee, coffee, outdoor]
        .map(|tenant| (tenant, join(&mut audience, RoleClass::Merchant, ReadScope::Tenant(tenant)).1));
    let events = [event(coffee, 1), event(outdoor, 2), event(coffee, 3)];
    assert!(audience.broadcast(&events, &cursor(), &pen).is_empty());
    assert_eq!(pen.0.load(Ordering::Relaxed), 6, "three events for two views");

    let encoded = AtomicUsize::new(0);
    let encode = |_: &Texts| {
        encoded.fetch_add(1, Ordering::Relaxed);
        Bytes::from_static(b"as on the wire")
    };
    for ear in &staff {
        let bundles = heard(ear, 1).await;
        let contents: Vec<bool> =
            bundles[0].iter().zip(1..).map(|(text, seq)| text.contains(&format!("\"content\":\"{seq}\""))).collect();
        assert_eq!(contents, [true; 3], "all of it in one bundle, in order");
        bundles[0].wire(encode);
    }
    for (tenant, ear) in &merchants {
        let bundles = heard(ear, 1).await;
        assert_eq!(bundles[0].iter().count(), if *tenant == coffee { 2 } else { 1 });
        bundles[0].wire(encode);
    }
    assert_eq!(encoded.load(Ordering::Relaxed), 3, "one scope of staff and two of merchants");
}

#[actix_web::test]
async fn who_does_not_read_falls_behind_and_is_caught_up_from_where_it_was() {
    let (mut audience, pen) = (Audience::default(), Pen::default());
    let coffee = TenantId::fresh();
    let (id, ear) = join(&mut audience, RoleClass::Staff, ReadScope::Platform { stores: None });
    tokio::task::yield_now().await;
    // Nobody else runs meanwhile, so the mailbox fills.
    let sent =
        (1..100).find(|seq| !audience.broadcast(&[event(coffee, *seq)], &cursor(), &pen).is_empty()).unwrap() - 1;
    assert!(sent >= 2, "a mailbox holds what it holds");
    let behind = audience.get(id).unwrap().behind.clone();
    assert_eq!(behind, Some(Some(cursor())), "from the last cycle of which it has everything");
    assert!(audience.broadcast(&[event(coffee, 100)], &cursor(), &pen).is_empty(), "it is told nothing until then");

    let read = Read { events: Some(vec![event(coffee, 100)]), cursor: Cursor::parse("9").unwrap() };
    assert!(!audience.catch_up(id, &read, &pen), "the mailbox is still full");
    let bundles = usize::try_from(sent).unwrap();
    heard(&ear, bundles).await;
    assert!(audience.catch_up(id, &read, &pen));
    let last = heard(&ear, bundles + 1).await.pop().unwrap();
    let texts: Vec<&str> = last.iter().collect();
    assert!(texts[0].contains("\"seq\":100") && texts[1].contains("\"hello\"") && texts[1].contains("\"9\""));
    assert_eq!(audience.get(id).unwrap().behind, None);
}
