//! Requests: decided once, moved by what the store holds, ended by their intents, and refused by the schema where code would err.

mod moves;
mod schema;

use anyhow::{Context as _, Result, ensure};
use jiff::ToSpan as _;
use serde_json::json;
use storewire_db::{
    Db, RequestRow, desk_numbers, identity,
    intents::{self, NewIntent},
    requests::{self, Decided, NewEvent, NewRequest, RequestFilter},
};
use storewire_domain::{
    Edit, PlatformRole, ReadScope, RemoteId, RequestId, StoreId, TenantId, TenantRole, UserId,
    intent::{Cause, FieldValue, Fields},
    request::{Meaning, RequestEvent, RequestState},
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

const STAFF: ReadScope = ReadScope::Platform { stores: None };

fn stock(quantity: i64) -> Edit {
    Edit::Stock { quantity: quantity.into() }
}

fn held(quantity: i64) -> Fields {
    Fields::of("stock_quantity", FieldValue::number(Some(quantity.into())))
}

/// A merchant who asks and two members of staff who decide.
struct Cast {
    test: TestDb,
    shop: Shop,
    asker: UserId,
    deciders: [UserId; 2],
}

impl Cast {
    async fn gather() -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open(test.db(), "coffee").await?;
        let tx = test.db().auth().await?;
        let asker = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
        let anna = identity::create_user(&tx, "anna@example.test", "Anna", "-", Some(PlatformRole::Admin)).await?;
        let stan = identity::create_user(&tx, "stan@example.test", "Stan", "-", Some(PlatformRole::Staff)).await?;
        tx.commit().await?;
        let tx = test.db().tenant(shop.tenant).await?;
        identity::add_membership(&tx, asker, TenantRole::Admin).await?;
        tx.commit().await?;
        Ok(Self { test, shop, asker, deciders: [anna, stan] })
    }

    fn db(&self) -> &Db {
        self.test.db()
    }

    async fn ask(&self, entity: Uuid) -> Result<RequestId> {
        ask(self.db(), &self.shop, self.asker, entity).await
    }

    async fn row(&self, id: RequestId) -> Result<RequestRow> {
        let tx = self.db().read(&STAFF).await?;
        let row = requests::find(&tx, id).await?;
        tx.commit().await?;
        row.context("the request is there")
    }

    /// Has `decider` approve version 1, with an intent of its own.
    async fn approve(&self, id: RequestId) -> Result<Uuid> {
        let tx = self.db().desk(self.shop.tenant).await?;
        let intent = intend(&tx, self.shop.store, self.deciders[0], id).await?;
        let edit = stock(20);
        let version = requests::decide(&tx, id, 1, &approved(self.deciders[0], intent, &edit), now()).await?;
        ensure!(version == Some(2), "{version:?}");
        tx.commit().await?;
        Ok(intent)
    }
}

async fn ask(db: &Db, shop: &Shop, by: UserId, entity: Uuid) -> Result<RequestId> {
    let id = RequestId::fresh();
    let tx = db.desk(shop.tenant).await?;
    let number = desk_numbers::next(&tx, desk_numbers::Numbered::Request).await?;
    let new = NewRequest {
        id,
        number,
        store: shop.store,
        entity,
        about: "Filter paper",
        edit: &stock(20),
        base: &held(12),
        meaning: Meaning::Relative,
        note: "a pallet came",
        by,
        by_name: "Meral",
        deed: Uuid::now_v7(),
        due_at: now() + 24.hours(),
        expires_at: now() + 48.hours(),
    };
    requests::insert(&tx, &new, now()).await?;
    tx.commit().await?;
    Ok(id)
}

async fn intend(tx: &storewire_db::TenantTx, store: StoreId, by: UserId, request: RequestId) -> Result<Uuid> {
    intend_as(tx, store, by, request, Uuid::now_v7()).await
}

async fn intend_as(
    tx: &storewire_db::TenantTx,
    store: StoreId,
    by: UserId,
    request: RequestId,
    id: Uuid,
) -> Result<Uuid> {
    let intent = NewIntent {
        id,
        entity_id: Uuid::now_v7(),
        remote_id: RemoteId::from("7"),
        parent_remote_id: None,
        edit: stock(20),
        expected: None,
        cause: Cause { request: Some(request), ..Cause::of(by) },
    };
    intents::insert(tx, store, &intent, now()).await?;
    Ok(intent.id)
}

fn approved(by: UserId, intent: Uuid, edit: &Edit) -> Decided<'_> {
    Decided {
        state: RequestState::Approved,
        by,
        by_name: "Anna",
        meaning: Some(Meaning::Absolute),
        edit: Some(edit),
        intent: Some(intent),
        reason: None,
        deed: Uuid::now_v7(),
    }
}

fn rejected(by: UserId) -> Decided<'static> {
    Decided {
        state: RequestState::Rejected,
        by,
        by_name: "Stan",
        meaning: None,
        edit: None,
        intent: None,
        reason: Some("there is no pallet"),
        deed: Uuid::now_v7(),
    }
}

#[tokio::test]
async fn a_request_is_read_back_as_it_was_asked_by_those_who_may_see_it() -> Result<()> {
    let cast = Cast::gather().await?;
    let (tea, outdoor) =
        (shop::add(cast.db(), cast.shop.tenant, "tea").await?, shop::open(cast.db(), "outdoor").await?);
    let entity = Uuid::now_v7();
    let ids = [cast.ask(entity).await?, ask(cast.db(), &tea, cast.asker, Uuid::now_v7()).await?];
    let row = cast.row(ids[0]).await?;
    ensure!(
        (row.number, row.entity_id, row.kind.as_str(), row.edit.clone()) == (1, entity, "product.stock", stock(20))
    );
    ensure!((row.base.clone(), row.current.clone(), row.asked_meaning) == (held(12), held(12), Meaning::Relative));
    ensure!((row.state, row.version, row.stale_at, row.reminders) == (RequestState::Waiting, 1, None, 0));
    ensure!((row.store_name.as_str(), row.currency.as_str(), row.decimals) == ("coffee", "TRY", 2));

    let list = async |scope: ReadScope, filter: RequestFilter| {
        let tx = cast.db().read(&scope).await?;
        let rows = requests::list(&tx, &filter).await?;
        let waiting = requests::waiting_count(&tx, filter.own).await?;
        tx.commit().await?;
        anyhow::Ok((rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), waiting))
    };
    let all = RequestFilter::default;
    let own = |own| RequestFilter { own: Some(own), ..all() };
    ensure!(list(STAFF, all()).await? == (vec![ids[1], ids[0]], 2));
    ensure!(list(ReadScope::Platform { stores: Some(vec![tea.store]) }, all()).await? == (vec![ids[1]], 1));
    ensure!(list(ReadScope::Tenant(cast.shop.tenant), own(cast.asker)).await? == (vec![ids[1], ids[0]], 2));
    ensure!(list(ReadScope::Tenant(cast.shop.tenant), own(cast.deciders[0])).await? == (vec![], 0));
    ensure!(list(ReadScope::Tenant(outdoor.tenant), all()).await? == (vec![], 0), "another merchant sees a request");
    let mine = ReadScope::Tenant(cast.shop.tenant);
    ensure!(list(mine.clone(), RequestFilter { before: Some(ids[1]), ..all() }).await?.0 == [ids[0]]);
    ensure!(list(mine.clone(), RequestFilter { entity: Some(entity), ..all() }).await?.0 == [ids[0]]);
    ensure!(list(mine, RequestFilter { state: Some(RequestState::Rejected), ..all() }).await?.0.is_empty());
    Ok(())
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_does_and_the_other_finds_what_they_did() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.ask(Uuid::now_v7()).await?;
    let [anna, stan] = cast.deciders;
    let first = cast.db().desk(cast.shop.tenant).await?;
    ensure!(requests::lock(&first, id).await?.context("it is there")?.version == 1);
    let second = cast.db().desk(cast.shop.tenant).await?;
    let slower = async {
        let seen = requests::lock(&second, id).await?.context("it is there")?;
        // Who does not look writes nothing either.
        let blind = requests::decide(&second, id, 1, &rejected(stan), now()).await?;
        second.commit().await?;
        anyhow::Ok((seen, blind))
    };
    let faster = async {
        let intent = intend(&first, cast.shop.store, anna, id).await?;
        let version = requests::decide(&first, id, 1, &approved(anna, intent, &stock(20)), now()).await?;
        first.commit().await?;
        anyhow::Ok(version)
    };
    let ((seen, blind), version) = tokio::try_join!(slower, faster)?;
    ensure!((version, blind) == (Some(2), None));
    ensure!((seen.state, seen.version, seen.decided_by) == (RequestState::Approved, 2, Some(anna)), "{seen:?}");
    let row = cast.row(id).await?;
    ensure!((row.decided_edit, row.decided_meaning) == (Some(stock(20)), Some(Meaning::Absolute)));
    ensure!(row.intent_state == Some(storewire_domain::IntentState::Waiting) && row.due_at.is_none());
    Ok(())
}

#[tokio::test]
async fn a_timeline_keeps_names_and_takes_each_entry_once() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.ask(Uuid::now_v7()).await?;
    let (deed, later) = (Uuid::now_v7(), Uuid::now_v7());
    let words = |id: Uuid, kind, text| NewEvent {
        request: RequestId::fresh(),
        id,
        by: Some((cast.deciders[0], "Anna")),
        by_staff: true,
        kind,
        text,
        detail: json!({}),
    };
    let tx = cast.db().desk(cast.shop.tenant).await?;
    for (entry, kind, is_new) in [
        (later, RequestEvent::Rejected, true),
        (deed, RequestEvent::Commented, true),
        (deed, RequestEvent::Commented, false),
    ] {
        let new = NewEvent { request: id, ..words(entry, kind, "is it there?") };
        ensure!(requests::event(&tx, &new, now()).await? == is_new);
    }
    tx.commit().await?;
    let tx = cast.db().read(&ReadScope::Tenant(cast.shop.tenant)).await?;
    let told = requests::events(&tx, cast.shop.tenant, &[id]).await?;
    tx.commit().await?;
    let kinds: Vec<_> = told.iter().map(|entry| (entry.id, entry.kind)).collect();
    ensure!(kinds == [(deed, RequestEvent::Commented), (later, RequestEvent::Rejected)], "{kinds:?}");
    ensure!(told.iter().all(|entry| entry.by_name == "Anna" && entry.by_staff), "a merchant reads who of staff spoke");
    Ok(())
}

#[tokio::test]
async fn numbers_count_up_in_each_tenant_and_one_that_was_not_used_is_given_again() -> Result<()> {
    let test = TestDb::create().await?;
    let (coffee, outdoor) = (shop::open(test.db(), "coffee").await?, shop::open(test.db(), "outdoor").await?);
    let next = async |tenant: TenantId, keep: bool| {
        let tx = test.db().desk(tenant).await?;
        let number = desk_numbers::next(&tx, desk_numbers::Numbered::Request).await?;
        if keep {
            tx.commit().await?;
        }
        anyhow::Ok(number)
    };
    for (tenant, keep, wanted) in
        [(coffee.tenant, true, 1), (coffee.tenant, false, 2), (coffee.tenant, true, 2), (outdoor.tenant, true, 1)]
    {
        ensure!(next(tenant, keep).await? == wanted);
    }
    Ok(())
}
