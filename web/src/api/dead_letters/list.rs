//! `GET /api/v1/dead-letters`: what waits for a person's decision, one by one or counted by cause. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::dead_letters::{self, DeadCause, DeadFilter};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    api::{
        dead_letters::DeadLetterItem,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which dead letters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeadQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// Of this cause only.
    cause: Option<String>,
    /// `cause`: counts by store, cause and topic instead of single ones, all in one page.
    group: Option<Group>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// How they are put together.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Cause,
}

/// Open dead letters that have store, cause and topic in common.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadCauseItem {
    pub store_id: Uuid,
    pub store_name: String,
    pub cause: String,
    pub topic: String,
    /// The newest one's reason.
    pub sample_reason: String,
    pub count: i64,
    /// When the newest was set aside.
    #[schema(value_type = String, format = DateTime)]
    pub newest: Timestamp,
}

/// Single ones, or counts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum DeadList {
    Letters(Page<DeadLetterItem>),
    Causes(Page<DeadCauseItem>),
}

/// Lists open dead letters, newest first; or counts them by cause, the largest heap first.
#[utoipa::path(get, path = "/api/v1/dead-letters", tag = "deliveries", operation_id = "listDeadLetters", params(DeadQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of dead letters, or all heaps", body = DeadList),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<DeadQuery>,
) -> Result<web::Json<DeadList>, WebError> {
    session.require(Area::Stores, Action::View)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let filter = DeadFilter {
        store: query.store.map(StoreId),
        cause: page::filter("cause", query.cause)?,
        before: page::id(query.after.as_deref())?,
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let list = match query.group {
        Some(Group::Cause) => {
            let heaps = dead_letters::causes(&tx, filter.store).await?.into_iter();
            let wanted = heaps.filter(|heap| filter.cause.as_ref().is_none_or(|cause| *cause == heap.cause));
            DeadList::Causes(Page { items: wanted.map(DeadCauseItem::from).collect(), next: None })
        }
        None => {
            let rows = dead_letters::list(&tx, &filter).await?;
            DeadList::Letters(Page::of(rows, limit, |letter| page::mark(&(letter.id,)), DeadLetterItem::from))
        }
    };
    tx.commit().await?;
    Ok(web::Json(list))
}

impl From<DeadCause> for DeadCauseItem {
    fn from(heap: DeadCause) -> Self {
        Self {
            store_id: heap.store_id.uuid(),
            store_name: heap.store_name,
            cause: heap.cause,
            topic: heap.topic,
            sample_reason: heap.sample_reason,
            count: heap.count,
            newest: heap.newest,
        }
    }
}
