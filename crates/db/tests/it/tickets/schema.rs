//! What the schema refuses, and what it finds quickly.

use anyhow::{Result, ensure};
use storewire_db::{DbError, bootstrap};
use uuid::Uuid;

use super::Cast;
use crate::{plans, shop};

#[tokio::test]
async fn the_schema_refuses_what_no_ticket_can_be() -> Result<()> {
    let cast = Cast::gather().await?;
    let (id, other, file) = (cast.open().await?, cast.open().await?, cast.upload(cast.meral).await?);
    let admin = cast.test.admin().await?;
    let (nobody, tenant, meral) = (Uuid::now_v7(), cast.shop.tenant, cast.meral);
    let ticket = |change: &str| format!("UPDATE ticket SET {change} WHERE id = '{id}'");
    let attachment = |change: &str| format!("UPDATE attachment SET {change} WHERE id = '{file}'");
    for (statement, constraint) in [
        (ticket("subject = ''"), "ticket_subject_says_something"),
        (ticket("state = 'done'"), "ticket_state_check"),
        (ticket("priority = 'now'"), "ticket_priority_check"),
        (ticket("about_kind = 'dog'"), "ticket_about_kind_check"),
        (ticket("about_id = NULL"), "ticket_about_has_id"),
        (ticket("assignee_name = 'Anna'"), "ticket_assignee_has_name"),
        (ticket("state = 'closed'"), "ticket_closed_since"),
        (ticket("closed_at = now()"), "ticket_closed_since"),
        (ticket("answer_due_at = NULL"), "ticket_goal_of_merchants"),
        (ticket("opened_by_staff = true"), "ticket_goal_of_merchants"),
        (ticket("opened_by_staff = true, answer_due_at = NULL, answer_late_at = now()"), "ticket_late_for_a_goal"),
        (ticket("number = 2"), "ticket_number_key"),
        (ticket(&format!("id = '{other}'")), "ticket_pkey"),
        (ticket(&format!("store_id = '{nobody}'")), "ticket_tenant_id_store_id_fkey"),
        (ticket(&format!("opened_by = '{nobody}'")), "ticket_opened_by_fkey"),
        (ticket(&format!("assignee = '{nobody}', assignee_name = 'x'")), "ticket_assignee_fkey"),
        (
            format!(
                "INSERT INTO ticket_message VALUES ('{tenant}', '{id}', '{nobody}', now(), '{meral}', 'x', false, 'shout', '', '{{}}')"
            ),
            "ticket_message_kind_check",
        ),
        (
            format!(
                "INSERT INTO ticket_message VALUES ('{tenant}', '{nobody}', '{nobody}', now(), '{meral}', 'x', false, 'message', '', '{{}}')"
            ),
            "ticket_message_tenant_id_ticket_id_fkey",
        ),
        (
            format!("INSERT INTO ticket_note VALUES ('{tenant}', '{nobody}', '{nobody}', now(), '{meral}', 'x', 'x')"),
            "ticket_note_tenant_id_ticket_id_fkey",
        ),
        (
            format!("INSERT INTO ticket_reader VALUES ('{tenant}', '{nobody}', '{meral}', now())"),
            "ticket_reader_tenant_id_ticket_id_fkey",
        ),
        (attachment("name = ''"), "attachment_has_a_name"),
        (attachment("bytes = 0"), "attachment_bytes_check"),
        (attachment("bytes = 10485761"), "attachment_bytes_check"),
        (attachment(&format!("ticket_id = '{id}'")), "attachment_has_a_carrier"),
        (attachment(&format!("carrier_id = '{id}'")), "attachment_has_a_carrier"),
        (attachment("for_staff = true"), "attachment_for_staff_is_carried"),
        (
            attachment(&format!("ticket_id = '{id}', return_id = '{nobody}', carrier_id = '{id}'")),
            "attachment_of_one_thing",
        ),
        (attachment(&format!("ticket_id = '{nobody}', carrier_id = '{id}'")), "attachment_tenant_id_ticket_id_fkey"),
        (attachment(&format!("return_id = '{nobody}', carrier_id = '{id}'")), "attachment_tenant_id_return_id_fkey"),
        (attachment(&format!("uploaded_by = '{nobody}'")), "attachment_uploaded_by_fkey"),
    ] {
        let refused = admin.execute(&statement, &[]).await.err().map(DbError::from);
        ensure!(refused.as_ref().and_then(DbError::constraint) == Some(constraint), "{statement}: {refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_asked_about_tickets_all_day_uses_its_index_once_there_are_many() -> Result<()> {
    let cast = Cast::gather().await?;
    let id = cast.open().await?;
    let file = cast.upload(cast.meral).await?;
    let outdoor = shop::open(cast.db(), "outdoor").await?;
    super::open(cast.db(), &outdoor, cast.meral).await?;
    let admin = cast.test.admin().await?;
    // A few of this merchant's among many of another's, most of them long answered.
    let script = format!(
        "INSERT INTO ticket
         SELECT (jsonb_populate_record(ticket, jsonb_build_object(
            'id', gen_random_uuid(), 'number', n, 'about_id', gen_random_uuid(),
            'last_message_at', opened_at - n * interval '1 minute',
            'answer_due_at', opened_at + n * interval '1 hour',
            'first_answer_at', CASE WHEN n % 20 > 0 THEN opened_at END))).*
         FROM ticket, generate_series(2, 4000) AS n
         WHERE tenant_id = '{}' OR n <= 100;
         INSERT INTO attachment
         SELECT (jsonb_populate_record(attachment, jsonb_build_object(
            'tenant_id', ticket.tenant_id, 'id', gen_random_uuid(), 'ticket_id', ticket.id, 'carrier_id', ticket.id))).*
         FROM attachment, ticket;
         ANALYZE ticket, attachment",
        outdoor.tenant,
    );
    admin.batch_execute(&script).await?;
    let client = bootstrap::connect(&cast.test.app_url().parse()?, &cast.test.drivers()).await?;
    let merchant = format!("SET LOCAL ROLE sw_tenant; SET LOCAL app.tenant = '{}'", cast.shop.tenant);
    let open = "state <> 'closed' ORDER BY last_message_at DESC, id DESC";
    let due = "first_answer_at IS NULL AND answer_late_at IS NULL AND state <> 'closed' AND answer_due_at <= now()";
    for (scope, query, index) in [
        (
            merchant.as_str(),
            "SELECT id FROM ticket ORDER BY last_message_at DESC, id DESC LIMIT 50".to_owned(),
            "ticket_newest",
        ),
        (merchant.as_str(), format!("SELECT id FROM ticket WHERE {open} LIMIT 1000"), "ticket_open"),
        (
            "SET LOCAL ROLE sw_platform",
            format!("SELECT id FROM ticket WHERE {open} LIMIT 1000"),
            "ticket_platform_open",
        ),
        (merchant.as_str(), format!("SELECT id FROM ticket WHERE about_id = '{id}'"), "ticket_about"),
        (merchant.as_str(), format!("SELECT id FROM attachment WHERE ticket_id = '{id}'"), "attachment_of_ticket"),
        (
            "SET LOCAL ROLE sw_platform",
            "SELECT id FROM ticket ORDER BY last_message_at DESC, id DESC LIMIT 50".to_owned(),
            "ticket_platform_newest",
        ),
        ("SET LOCAL ROLE sw_platform", format!("SELECT 1 FROM ticket WHERE id = '{id}'"), "ticket_platform_id"),
        ("SET LOCAL ROLE sw_platform", format!("SELECT DISTINCT tenant_id FROM ticket WHERE {due}"), "ticket_due"),
        (
            "SET LOCAL ROLE sw_platform",
            format!("SELECT 1 FROM attachment WHERE id = '{file}'"),
            "attachment_platform_id",
        ),
        (
            "SET LOCAL ROLE sw_janitor",
            "SELECT id FROM attachment WHERE carrier_id IS NULL AND created_at < now()".to_owned(),
            "attachment_loose",
        ),
    ] {
        let plan = plans::of(&client, scope, &query).await?;
        ensure!(plan.contains(index), "{query}\ndoes not use {index}:\n{plan}");
    }
    Ok(())
}
