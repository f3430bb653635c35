//! What the schema refuses, and what it finds quickly.

use anyhow::{Result, ensure};
use jiff::ToSpan as _;
use storewire_db::{
    DbError, bootstrap,
    requests::{self, NewRequest},
};
use storewire_domain::{
    Edit, RequestId,
    intent::Fields,
    request::{Meaning, RequestState},
};
use uuid::Uuid;

use super::{Cast, rejected};
use crate::{plans, shop::now};

#[tokio::test]
async fn nobody_decides_their_own_request_not_even_by_sql() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.ask(Uuid::now_v7()).await?;
    let tx = cast.db().desk(cast.shop.tenant).await?;
    let refused = requests::decide(&tx, id, 1, &rejected(cast.asker), now()).await;
    ensure!(refused.as_ref().is_err_and(|error| error.constraint() == Some("request_four_eyes")), "{refused:?}");
    drop(tx);
    ensure!(cast.row(id).await?.state == RequestState::Waiting);
    Ok(())
}

#[tokio::test]
async fn the_schema_refuses_what_no_request_can_be() -> Result<()> {
    let cast = Cast::gather().await?;
    let entity = Uuid::now_v7();
    let (id, other) = (cast.ask(entity).await?, cast.ask(Uuid::now_v7()).await?);
    let admin = cast.test.admin().await?;
    let nobody = Uuid::now_v7();
    for (change, constraint) in [
        ("state = 'done', due_at = NULL".to_owned(), "request_state_check"),
        ("state = 'withdrawn'".to_owned(), "request_due_while_waiting"),
        ("due_at = NULL".to_owned(), "request_due_while_waiting"),
        ("state = 'rejected', due_at = NULL".to_owned(), "request_decided_by_somebody"),
        (format!("decided_by = '{}'", cast.deciders[0]), "request_decided_by_somebody"),
        (
            format!("state = 'approved', due_at = NULL, decided_by = '{}'", cast.deciders[0]),
            "request_intent_is_approved",
        ),
        (format!("intent_id = '{nobody}'"), "request_intent_is_approved"),
        (format!("state = 'rejected', due_at = NULL, decided_by = '{}'", cast.asker), "request_four_eyes"),
        ("asked_meaning = 'perhaps'".to_owned(), "request_asked_meaning_check"),
        ("decided_meaning = 'perhaps'".to_owned(), "request_decided_meaning_check"),
        ("number = 2".to_owned(), "request_number_key"),
        (format!("id = '{other}'"), "request_pkey"),
        (format!("store_id = '{nobody}'"), "request_tenant_id_store_id_fkey"),
        (format!("asked_by = '{nobody}'"), "request_asked_by_fkey"),
        (
            format!("state = 'approved', due_at = NULL, intent_id = '{nobody}', decided_by = '{}'", cast.deciders[0]),
            "request_tenant_id_intent_id_fkey",
        ),
    ] {
        let refused = admin.execute(&format!("UPDATE request SET {change} WHERE id = '{id}'"), &[]).await;
        let refused = refused.err().map(DbError::from);
        let by = refused.as_ref().and_then(DbError::constraint);
        ensure!(by == Some(constraint), "{change}: {refused:?}");
    }
    let second = cast.ask(entity).await;
    let by = second.as_ref().err().and_then(|error| error.downcast_ref::<DbError>()?.constraint());
    ensure!(by == Some("request_one_waiting"), "{second:?}");
    let event = "INSERT INTO request_event (tenant_id, request_id, id, at, by_staff, kind, detail) VALUES ";
    for (values, constraint) in [
        (
            format!("('{}', '{nobody}', '{nobody}', now(), true, 'asked', 'null')", cast.shop.tenant),
            "request_event_tenant_id_request_id_fkey",
        ),
        (
            format!("('{}', '{id}', '{nobody}', now(), true, 'lost', 'null')", cast.shop.tenant),
            "request_event_kind_check",
        ),
    ] {
        let refused = admin.execute(&format!("{event}{values}"), &[]).await.err().map(DbError::from);
        ensure!(refused.as_ref().and_then(DbError::constraint) == Some(constraint), "{values}: {refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn wishes_that_change_nothing_that_is_there_may_wait_side_by_side() -> Result<()> {
    let cast = Cast::gather().await?;
    let entity = Uuid::now_v7();
    let edit = Edit::OrderNote { text: "fragile".to_owned(), for_customer: false };
    for number in 1..=2 {
        let tx = cast.db().desk(cast.shop.tenant).await?;
        let new = NewRequest {
            id: RequestId::fresh(),
            number,
            store: cast.shop.store,
            entity,
            about: "1001",
            edit: &edit,
            base: &Fields::default(),
            meaning: Meaning::Absolute,
            note: "",
            by: cast.asker,
            by_name: "Meral",
            deed: Uuid::now_v7(),
            due_at: now() + 24.hours(),
            expires_at: now() + 48.hours(),
        };
        requests::insert(&tx, &new, now()).await?;
        tx.commit().await?;
        ensure!(cast.row(new.id).await?.base == Fields::default());
    }
    Ok(())
}

#[tokio::test]
async fn what_is_asked_about_requests_all_day_uses_its_index_once_there_are_many() -> Result<()> {
    let cast = Cast::gather().await?;
    cast.ask(Uuid::now_v7()).await?;
    let admin = cast.test.admin().await?;
    // A few waiting requests of each of many records, most of them long decided.
    admin
        .batch_execute(
            "INSERT INTO request
             SELECT (jsonb_populate_record(request, jsonb_build_object(
                'id', gen_random_uuid(), 'entity_id', gen_random_uuid(), 'number', n,
                'state', CASE WHEN n % 10 = 0 THEN 'waiting' ELSE 'expired' END,
                'due_at', CASE WHEN n % 10 = 0 THEN now() + n * interval '1 minute' END))).*
             FROM request, generate_series(2, 4000) AS n;
             ANALYZE request",
        )
        .await?;
    let client = bootstrap::connect(&cast.test.app_url().parse()?, &cast.test.drivers()).await?;
    let merchant = format!("SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{}'", cast.shop.tenant);
    let (store, some) = (cast.shop.store, Uuid::now_v7());
    for (scope, query, index) in [
        (
            merchant.as_str(),
            format!(
                "SELECT id FROM request WHERE store_id = '{store}' AND entity_id = ANY ('{{{some}}}') AND state = 'waiting'"
            ),
            "request_waiting",
        ),
        (
            "SET LOCAL ROLE sw_platform",
            "SELECT DISTINCT tenant_id FROM request WHERE state = 'waiting' AND due_at <= now()".to_owned(),
            "request_due",
        ),
        (
            "SET LOCAL ROLE sw_platform",
            "SELECT id FROM request ORDER BY id DESC LIMIT 50".to_owned(),
            "request_platform_newest",
        ),
    ] {
        let plan = plans::of(&client, scope, &query).await?;
        ensure!(plan.contains(index), "{query}\ndoes not use {index}:\n{plan}");
    }
    Ok(())
}
