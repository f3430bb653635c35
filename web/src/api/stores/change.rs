//! `PATCH /api/v1/stores/{id}`: what people call a store, and how fresh its numbers must be. For admins.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::Settings;
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
        state.engine.set(&store, &write.body.settings(), session.user_id).await?;
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

impl StoreChange {
    fn settings(&self) -> Settings {
        Settings {
            name: self.name.as_deref().map(|name| name.trim().to_owned()),
            freshness_goal: self.freshness_goal_seconds.map(Duration::from_secs),
        }
    }
}
