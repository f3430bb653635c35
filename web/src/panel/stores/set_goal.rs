//! `POST /stores/{id}/freshness`: says how old a store's numbers may be before people are warned.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::Settings;
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
    let wanted = Settings { freshness_goal: Some(Duration::from_secs(minutes * 60)), ..Settings::default() };
    state.engine.set(&store, &wanted, session.user_id).await?;
    Ok(respond::see(&url::saying(&url::store(store.id), "goal")))
}
