//! The word of those who commit, against a log that says the same, more, or nothing of it.

use std::{
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use actix::{Actor as _, Addr};
use serde_json::Value;
use storewire_db::{
    ChangeRow,
    changes::{self, Counted, Cursor, NewChange},
    identity,
    stores::{self, NewStore},
};
use storewire_domain::{AuthScheme, ChangeKind, Clock, ReadScope, RoleClass, SessionId, Source, StoreId, TenantId};
use storewire_testkit::{TestDb, wait_until};
use uuid::Uuid;

use super::{
    Feed, FeedEvent, FeedNudge, Join, Leave, News, Outlet, Page, Relay, Rendered, Renderer, View,
    sample::{Ears, change},
};

const PATIENCE: Duration = Duration::from_secs(30);

struct Blank;

impl Renderer for Blank {
    fn render(&self, _: &View, _: &FeedEvent) -> Option<Rendered> {
        None
    }
}

/// A feed on a database of its own, and all that its listeners heard.
struct Hall {
    feed: Addr<Feed>,
    nudge: FeedNudge,
    ears: Arc<Ears>,
    db: TestDb,
}

#[derive(Clone, Copy)]
struct Shop {
    tenant: TenantId,
    store: StoreId,
}

/// A program that is told every change of its scope.
struct Program(Uuid);

impl Hall {
    async fn open() -> Self {
        let db = TestDb::create().await.unwrap();
        let news = Arc::<News>::default();
        let clock = Clock::system();
        let feed = Feed::new(db.db().clone(), db.drivers(), clock, Arc::new(Blank), 1_000, Arc::clone(&news)).start();
        Self { nudge: FeedNudge::new(feed.clone(), news), feed, ears: Arc::default(), db }
    }

    async fn shop(&self) -> Shop {
        let (tenant, store) = (TenantId::fresh(), StoreId::fresh());
        let tx = self.db.db().tenant(tenant).await.unwrap();
        identity::create_tenant(&tx, "Anatolia Coffee").await.unwrap();
        let mut hook_token_digest = [0; 32];
        hook_token_digest[..16].copy_from_slice(store.uuid().as_bytes());
        let new = NewStore {
            id: store,
            name: "coffee".to_owned(),
            home_url: format!("https://{store}.example"),
            rest_root: format!("https://{store}.example/wp-json/"),
            auth: AuthScheme::Basic,
            plain_http: false,
            timezone: "Europe/Istanbul".to_owned(),
            currency: "TRY".to_owned(),
            decimals: 2,
            woo_version: None,
            hook_token_digest,
            secrets: Vec::new(),
        };
        stores::insert(&tx, &new, Clock::system().now()).await.unwrap();
        tx.commit().await.unwrap();
        Shop { tenant, store }
    }

    /// Somebody who begins from now and was told so.
    async fn listen(&self, scope: ReadScope) -> Program {
        self.join(scope, None).await
    }

    /// Somebody who was told that they have everything.
    async fn join(&self, scope: ReadScope, cursor: Option<Cursor>) -> Program {
        let id = Uuid::new_v4();
        let view = View { page: Page::Api, class: RoleClass::Merchant, own: None, locale: "en".to_owned() };
        let relay = Arc::clone(&self.ears) as Arc<dyn Relay>;
        let outlet = Outlet::new(relay, Arc::<AtomicUsize>::default());
        let join = Join { id, session: SessionId::fresh(), view, scope, cursor, outlet };
        self.feed.send(join).await.unwrap();
        let program = Program(id);
        wait_until(PATIENCE, "it has everything", async || {
            self.frames(&program).iter().any(|frame| frame["kind"] == "hello")
        })
        .await
        .unwrap();
        program
    }

    /// Commits one change and answers what the log has of it.
    async fn commit(&self, shop: Shop) -> Vec<ChangeRow> {
        let new = NewChange {
            kind: ChangeKind::OrderUpdated,
            entity_id: Uuid::now_v7(),
            source: Source::Webhook,
            store_time: None,
            received_at: None,
            detail: Default::default(),
        };
        let (tx, now) = (self.db.db().tenant(shop.tenant).await.unwrap(), Clock::system().now());
        let entries = changes::append_and_number(&tx, shop.store, &[new], Counted::default(), now).await.unwrap();
        tx.commit().await.unwrap();
        entries
    }

    async fn commit_and_tell(&self, shop: Shop) {
        self.nudge.tell(self.commit(shop).await);
    }

    fn frames(&self, program: &Program) -> Vec<Value> {
        let bundles = self.ears.heard(program.0);
        bundles.iter().flat_map(|texts| texts.iter()).map(|text| serde_json::from_str(text).unwrap()).collect()
    }

    /// The numbers of a shop's changes, in the order in which they were heard.
    fn heard(&self, program: &Program, shop: Shop) -> Vec<i64> {
        let store = shop.store.to_string();
        let of_shop = self.frames(program).into_iter().filter(|frame| frame["store"] == store.as_str());
        of_shop.filter_map(|frame| frame["seq"].as_i64()).collect()
    }

    /// Waits until this number is heard; exactly these must have been by then.
    async fn hears(&self, program: &Program, shop: Shop, numbers: &[i64]) {
        let last = numbers.last().unwrap();
        let waited =
            wait_until(PATIENCE, "the last one is heard", async || self.heard(program, shop).contains(last)).await;
        assert_eq!(self.heard(program, shop), numbers, "{waited:?}");
    }
}

#[actix::test]
async fn once_a_store_is_known_what_is_told_of_it_is_shown_whether_or_not_the_log_can_be_read() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    hall.commit_and_tell(shop).await;
    hall.hears(&program, shop, &[1]).await;
    // This one the log does not have.
    hall.nudge.tell(vec![change(shop.tenant, shop.store, 2)]);
    hall.hears(&program, shop, &[1, 2]).await;
}

#[actix::test]
async fn what_is_told_twice_or_after_the_log_was_read_is_shown_once() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    let first = hall.commit(shop).await;
    hall.nudge.send();
    hall.hears(&program, shop, &[1]).await;
    hall.nudge.tell(first);
    let second = hall.commit(shop).await;
    hall.nudge.tell(second.clone());
    hall.hears(&program, shop, &[1, 2]).await;
    hall.nudge.tell(second);
    hall.commit(shop).await;
    hall.nudge.send();
    hall.hears(&program, shop, &[1, 2, 3]).await;
}

#[actix::test]
async fn of_a_store_of_which_nothing_was_read_yet_the_log_is_asked_for_what_came_before() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    hall.commit(shop).await;
    hall.commit_and_tell(shop).await;
    hall.hears(&program, shop, &[1, 2]).await;
}

#[actix::test]
async fn what_was_told_while_somebody_was_away_is_found_by_their_cursor() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    let cursor = hall.frames(&program)[0]["cursor"].as_str().and_then(Cursor::parse).unwrap();
    hall.feed.send(Leave { id: program.0 }).await.unwrap();
    // Nobody listens, so this word is lost.
    hall.commit_and_tell(shop).await;
    let program = hall.join(ReadScope::Tenant(shop.tenant), Some(cursor)).await;
    hall.commit_and_tell(shop).await;
    wait_until(PATIENCE, "both are heard", async || hall.heard(&program, shop).contains(&2)).await.unwrap();
    let mut heard = hall.heard(&program, shop);
    // The next read of the log may repeat what a cursor found; whoever listens knows it by its number.
    heard.dedup();
    assert_eq!(heard, [1, 2]);
}

#[actix::test]
async fn a_number_left_out_is_looked_up_and_word_of_it_that_comes_late_is_no_news() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    hall.commit_and_tell(shop).await;
    hall.hears(&program, shop, &[1]).await;
    let (second, third) = (hall.commit(shop).await, hall.commit(shop).await);
    hall.nudge.tell(third);
    hall.hears(&program, shop, &[1, 2, 3]).await;
    hall.nudge.tell(second);
    hall.commit_and_tell(shop).await;
    hall.hears(&program, shop, &[1, 2, 3, 4]).await;
}

#[actix::test]
async fn more_than_may_be_told_is_read_from_the_log() {
    let hall = Hall::open().await;
    let shop = hall.shop().await;
    let program = hall.listen(ReadScope::Tenant(shop.tenant)).await;
    hall.commit_and_tell(shop).await;
    hall.hears(&program, shop, &[1]).await;
    // None of these is in the log, so none of them may be shown.
    hall.nudge.tell((2..=2_000).map(|seq| change(shop.tenant, shop.store, seq)).collect());
    let other = hall.shop().await;
    let others = hall.listen(ReadScope::Tenant(other.tenant)).await;
    hall.commit_and_tell(other).await;
    hall.hears(&others, other, &[1]).await;
    hall.hears(&program, shop, &[1]).await;
}

#[actix::test]
async fn word_of_one_tenants_change_is_heard_by_nobody_of_another() {
    let hall = Hall::open().await;
    let (coffee, outdoor) = (hall.shop().await, hall.shop().await);
    let of_coffee = hall.listen(ReadScope::Tenant(coffee.tenant)).await;
    let of_outdoor = hall.listen(ReadScope::Tenant(outdoor.tenant)).await;
    let staff = hall.listen(ReadScope::Platform { stores: None }).await;
    for shop in [coffee, outdoor, coffee, outdoor] {
        hall.commit_and_tell(shop).await;
    }
    hall.hears(&of_coffee, coffee, &[1, 2]).await;
    hall.hears(&of_outdoor, outdoor, &[1, 2]).await;
    for shop in [coffee, outdoor] {
        hall.hears(&staff, shop, &[1, 2]).await;
    }
    assert_eq!(hall.heard(&of_coffee, outdoor), [] as [i64; 0]);
    assert_eq!(hall.heard(&of_outdoor, coffee), [] as [i64; 0]);
}
