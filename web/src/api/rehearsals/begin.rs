//! `POST /api/v1/rehearsals`: begins a rehearsal. For staff who keep every store.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_domain::{
    StoreId,
    rehearsal::{Trouble, WishFault},
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::RehearsalItem;
use crate::{
    api::{once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    rehearsals::{Asked, Refused, addressed, require, wanted},
    state::AppState,
};

/// What is to be rehearsed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRehearsal {
    /// The stores to twin; none for all.
    #[serde(default)]
    stores: Vec<Uuid>,
    /// Twins of each, 1 to 20; at most 200 twins in all.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 20)]
    factor: u32,
    /// Changes a second over all twins, 1 to 100.
    #[serde(default = "five")]
    #[schema(minimum = 1, maximum = 100)]
    rate: u32,
    /// How long the twins live, 5 to 1,800.
    #[serde(default = "minute")]
    #[schema(minimum = 5, maximum = 1800)]
    seconds: u32,
    /// The lag beyond which it counts as bent.
    #[serde(default = "five")]
    #[schema(minimum = 1, maximum = 3600)]
    goal_seconds: u32,
    /// What goes wrong meanwhile: any of `slow`, `throttled`, `unavailable`, `crashing`, `webhooks_lost`, `webhooks_doubled`,
    /// `webhooks_stale`, `webhooks_late`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    troubles: Vec<Trouble>,
}

const fn one() -> u32 {
    1
}

const fn five() -> u32 {
    5
}

const fn minute() -> u32 {
    60
}

/// Begins a rehearsal: simulated twins of the stores, in a tenant of their own, worked on by the real engine. One at a time.
#[utoipa::path(post, path = "/api/v1/rehearsals", tag = "rehearsals", operation_id = "beginRehearsal",
    request_body = NewRehearsal, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It has begun", body = RehearsalItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Another one is under way", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Out of bounds; `code` says what", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<NewRehearsal>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    let asked = Asked {
        stores: body.stores.into_iter().map(StoreId).collect(),
        factor: body.factor,
        rate: body.rate,
        seconds: body.seconds,
        goal_seconds: body.goal_seconds,
        troubles: body.troubles,
    };
    let tx = state.db.read(&session.scope()).await?;
    let wanted = wanted(&tx, &session, asked).await?.map_err(refused)?;
    tx.commit().await?;
    let first = wanted.originals.first().ok_or_else(|| refused(Refused::Wish(WishFault::NoStores)))?;
    // It has no tenant before it has begun: the key is kept with the first store's.
    let keeper = (first.tenant_id, session.user_id);
    let work = async |_| {
        let id = state.rehearsals.begin(wanted.clone()).await?;
        let begun = RehearsalItem::from(addressed(&session, &state, id).await?);
        Reply::created(format!("/api/v1/rehearsals/{id}"), &begun)
    };
    once.carry_out(&state, keeper, work).await
}

fn refused(refused: Refused) -> WebError {
    let (code, detail) = match refused {
        Refused::NoStore => ("no_store", "one of the stores is not there"),
        Refused::Wish(fault) => (fault.as_str(), why(fault)),
    };
    WebError::Unprocessable { code, detail: detail.to_owned() }
}

const fn why(fault: WishFault) -> &'static str {
    match fault {
        WishFault::NoStores => "there is no store to twin",
        WishFault::Factor => "factor must be from 1 to 20",
        WishFault::TooManyTwins => "there may be 200 twins at most",
        WishFault::Rate => "rate must be from 1 to 100",
        WishFault::Seconds => "seconds must be from 5 to 1800",
        WishFault::Goal => "goal_seconds must be from 1 to 3600",
    }
}
