//! `PATCH /api/v1/stores/{id}`: what people call a store, and how fresh its numbers must be. For admins.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use storewire_db::{StoreRow, audit, stores};
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{addressed, connect::check_name, item::StoreItem};
use crate::{
    api::write::Write,
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A week.
const LONGEST_GOAL: u64 = 7 * 24 * 3_600;

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreChange {
    name: Option<String>,
    /// How old its numbers may be before people are warned.
    #[schema(minimum = 1, maximum = 604_800)]
    freshness_goal_seconds: Option<u64>,
}

/// Renames a store or sets its freshness goal.
#[utoipa::path(patch, path = "/api/v1/stores/{id}", tag = "stores", operation_id = "changeStore",
    request_body = StoreChange,
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The store as it is now", body = StoreItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    write: Write<StoreChange>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    check(&write.body)?;
    let work = async |_| {
        save(&session, &state, &store, &write.body).await?;
        StoreItem::after(&session, &state, *id).await
    };
    write.once.carry_out(&state, (store.tenant_id, session.user_id), work).await
}

fn check(change: &StoreChange) -> Result<(), WebError> {
    change.name.as_deref().map_or(Ok(()), check_name)?;
    if change.freshness_goal_seconds.is_none_or(|goal| (1..=LONGEST_GOAL).contains(&goal)) {
        return Ok(());
    }
    let detail = format!("freshness_goal_seconds must be from 1 to {LONGEST_GOAL}");
    Err(WebError::Unprocessable { code: "invalid_field", detail })
}

async fn save(session: &Session, state: &AppState, store: &StoreRow, change: &StoreChange) -> Result<(), WebError> {
    let now = state.clock.now();
    let tx = state.db.tenant(store.tenant_id).await?;
    let mut changed = Map::new();
    if let Some(name) = change.name.as_deref().map(str::trim).filter(|name| *name != store.name) {
        stores::rename(&tx, store.id, name, now).await?;
        changed.insert("name".to_owned(), json!([store.name, name]));
    }
    let goal = change.freshness_goal_seconds.map(Duration::from_secs);
    if let Some(goal) = goal.filter(|goal| *goal != store.freshness_goal) {
        stores::set_freshness_goal(&tx, store.id, goal, now).await?;
        changed.insert("freshness_goal_seconds".to_owned(), json!([store.freshness_goal.as_secs(), goal.as_secs()]));
    }
    if !changed.is_empty() {
        let detail = Value::Object(changed);
        audit::write(&tx, Some(session.user_id), "store.change", Some(store.id.uuid()), &detail, now).await?;
    }
    tx.commit().await?;
    state.engine.look();
    Ok(())
}
