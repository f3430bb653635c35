//! What moves requests without anybody deciding: news of their record, the end of their intent, time.

use anyhow::{Result, ensure};
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;
use storewire_db::{
    desk,
    requests::{self, Ended, Moved, NewEvent, Reopened},
};
use storewire_domain::{
    TenantId,
    request::{RequestEvent, RequestState},
};
use uuid::Uuid;

use super::{Cast, ask, held, intend_as, stock};
use crate::shop::{self, now};

#[tokio::test]
async fn what_the_store_holds_moves_requests_that_wait_and_no_others() -> Result<()> {
    let cast = Cast::gather().await?;
    let (entity, decided) = (Uuid::now_v7(), Uuid::now_v7());
    let (id, gone) = (cast.ask(entity).await?, cast.ask(decided).await?);
    cast.approve(gone).await?;
    let step = async |quantity: i64, at: Timestamp| {
        let tx = cast.db().tenant(cast.shop.tenant).await?;
        let waiting = requests::waiting_of(&tx, cast.shop.store, &[entity, decided]).await?;
        ensure!(waiting.len() == 1 && waiting[0].id == id && waiting[0].edit == stock(20), "{waiting:?}");
        let is_stale = waiting[0].base != held(quantity);
        let news = [id, gone].map(|id| Moved { id, current: held(quantity), is_stale });
        let moved = requests::moved(&tx, &news, at).await?;
        ensure!(moved == [id], "{moved:?}");
        tx.commit().await?;
        anyhow::Ok(waiting[0].is_stale)
    };
    ensure!(!step(9, now()).await?);
    let row = cast.row(id).await?;
    ensure!((row.current, row.base, row.version, row.stale_at) == (held(9), held(12), 2, Some(now())));
    ensure!(step(8, now() + 1.hour()).await?);
    let row = cast.row(id).await?;
    ensure!((row.version, row.stale_at) == (3, Some(now())), "stale since the first sale, not the last");
    step(12, now() + 2.hours()).await?;
    let row = cast.row(id).await?;
    ensure!((row.version, row.stale_at) == (4, None), "it is as the asker saw it again");
    ensure!(cast.row(gone).await?.version == 2, "what is decided is left alone");
    Ok(())
}

#[tokio::test]
async fn a_request_ends_as_its_intent_does_and_one_that_failed_is_decided_again() -> Result<()> {
    let cast = Cast::gather().await?;
    let (done, failed) = (cast.ask(Uuid::now_v7()).await?, cast.ask(Uuid::now_v7()).await?);
    let intents = [cast.approve(done).await?, cast.approve(failed).await?];
    let result = json!({ "stock_quantity": "20" });
    let ended = |intent, state, reason, result| Ended { intent, state, reason, result };
    let steps = [
        ended(intents[0], RequestState::Applied, None, Some(&result)),
        ended(intents[1], RequestState::Failed, Some("conflict"), None),
        ended(Uuid::now_v7(), RequestState::Applied, None, None),
    ];
    let tx = cast.db().tenant(cast.shop.tenant).await?;
    let mut followed = requests::follow(&tx, &steps, now()).await?;
    followed.sort_by_key(|one| one.number);
    ensure!(
        followed
            .iter()
            .map(|one| (one.id, one.state))
            .eq([(done, RequestState::Applied), (failed, RequestState::Failed)])
    );
    ensure!(followed.iter().all(|one| one.asked_by == cast.asker && one.about == "Filter paper"));
    ensure!(requests::follow(&tx, &steps, now()).await?.is_empty(), "an end is told twice");
    tx.commit().await?;
    let row = cast.row(done).await?;
    ensure!((row.state, row.version, row.result) == (RequestState::Applied, 3, Some(result)));

    let with = Reopened {
        current: &held(7),
        deed: Uuid::now_v7(),
        due_at: now() + 24.hours(),
        expires_at: now() + 48.hours(),
    };
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(requests::reopen(&tx, done, 3, &with, now()).await?.is_none(), "what is applied is decided again");
    ensure!(requests::reopen(&tx, failed, 2, &with, now()).await?.is_none(), "an old version is decided again");
    ensure!(requests::reopen(&tx, failed, 3, &with, now()).await? == Some(4));
    tx.commit().await?;
    let row = cast.row(failed).await?;
    ensure!(
        (row.state, row.intent_id, row.decided_by, row.reason.clone()) == (RequestState::Waiting, None, None, None)
    );
    ensure!((row.current.clone(), row.stale_at) == (held(7), Some(now())), "{row:?}");
    Ok(())
}

#[tokio::test]
async fn what_an_approval_became_is_found_again_if_it_failed_and_may_still_be_there() -> Result<()> {
    let cast = Cast::gather().await?;
    let (id, other) = (cast.ask(Uuid::now_v7()).await?, cast.ask(Uuid::now_v7()).await?);
    let tx = cast.db().tenant(cast.shop.tenant).await?;
    let mut intents = Vec::new();
    for _ in 0..2 {
        let event = NewEvent {
            request: id,
            id: Uuid::now_v7(),
            by: Some((cast.deciders[0], "Anna")),
            by_staff: true,
            kind: RequestEvent::Approved,
            text: "",
            detail: json!({}),
        };
        ensure!(requests::event(&tx, &event, now()).await?);
        intents.push(intend_as(&tx, cast.shop.store, cast.deciders[0], id, event.id).await?);
    }
    tx.commit().await?;
    let admin = cast.test.admin().await?;
    let end = "UPDATE intent SET state = $2, reason = $3, finished_at = updated_at WHERE id = $1";
    let found = async || {
        let tx = cast.db().tenant(cast.shop.tenant).await?;
        let (own, others) = (requests::unwritten(&tx, id).await?, requests::unwritten(&tx, other).await?);
        tx.commit().await?;
        ensure!(others.is_none(), "{others:?}");
        anyhow::Ok(own.map(|own| own.intent))
    };
    ensure!(found().await?.is_none(), "they are on their way");
    for intent in &intents {
        admin.execute(end, &[intent, &"failed", &Some("unreadable")]).await?;
    }
    ensure!(found().await? == Some(intents[0]), "the first, whose mark the store may hold");
    admin.execute(end, &[&intents[0], &"failed", &Some("gone")]).await?;
    ensure!(found().await? == Some(intents[1]), "what the store had and has no more is not waited for");
    admin.execute(end, &[&intents[1], &"done", &None::<&str>]).await?;
    ensure!(found().await?.is_none(), "what is done has not failed");
    Ok(())
}

#[tokio::test]
async fn time_comes_for_requests_that_wait_and_rehearsals_are_not_waited_for() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.ask(Uuid::now_v7()).await?;
    let twin = shop::open_in(cast.db(), TenantId::for_rehearsal(), "twin").await?;
    ask(cast.db(), &twin, cast.asker, Uuid::now_v7()).await?;
    let due = async |at: Timestamp| {
        let tx = cast.db().staff().await?;
        let tenants = desk::tenants_due(&tx, at, 10).await?;
        tx.commit().await?;
        anyhow::Ok(tenants)
    };
    ensure!(due(now() + 23.hours()).await?.is_empty());
    ensure!(due(now() + 24.hours()).await? == [cast.shop.tenant]);
    let tx = cast.db().desk(cast.shop.tenant).await?;
    ensure!(requests::due(&tx, now() + 24.hours(), 10).await? == [id]);
    requests::postpone(&tx, id, now() + 40.hours(), 1, now() + 24.hours()).await?;
    ensure!(requests::due(&tx, now() + 24.hours(), 10).await?.is_empty());
    ensure!(requests::expire(&tx, id, Uuid::now_v7(), now() + 47.hours()).await?.is_none(), "it may still be decided");
    ensure!(requests::expire(&tx, id, Uuid::now_v7(), now() + 48.hours()).await? == Some(2));
    ensure!(requests::withdraw(&tx, id, 2, Uuid::now_v7(), now()).await?.is_none(), "what has expired is withdrawn");
    tx.commit().await?;
    ensure!(due(now() + 90.hours()).await?.is_empty());
    let row = cast.row(id).await?;
    ensure!((row.state, row.due_at, row.reminders) == (RequestState::Expired, None, 1));
    Ok(())
}
