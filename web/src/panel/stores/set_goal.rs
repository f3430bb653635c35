//! `POST /stores/{id}/freshness`: says how old a store's numbers may be before people are warned.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;
use storewire_db::{audit, stores};
use storewire_domain::StoreId;
use storewire_guard::access::Action;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// A week.
const MAX_MINUTES: u64 = 7 * 24 * 60;

/// The form.
#[derive(Debug, Deserialize)]
pub struct GoalForm {
    minutes: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    form: web::Form<GoalForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::Edit).await?;
    let minutes = form.minutes.trim().parse().ok().filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    let Some(minutes) = minutes else {
        return Ok(respond::see(&url::saying(&url::store(store.id), "invalid")));
    };
    let goal = Duration::from_secs(minutes * 60);
    let now = state.clock.now();
    let tx = state.db.tenant(store.tenant_id).await?;
    stores::set_freshness_goal(&tx, store.id, goal, now).await?;
    let detail = json!({ "freshness_goal_seconds": [store.freshness_goal.as_secs(), goal.as_secs()] });
    audit::write(&tx, Some(session.user_id), "store.freshness_goal", Some(store.id.uuid()), &detail, now).await?;
    tx.commit().await?;
    state.engine.look();
    Ok(respond::see(&url::saying(&url::store(store.id), "goal")))
}
