//! `/api/v1/orders/{id}/shares`: links by which a buyer may look at an order for a while. For staff.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_db::orders::{self, ShareRow};
use utoipa::ToSchema;
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// How long a link lives unless its maker says otherwise, in days.
pub const DAYS: u8 = 7;

/// A link.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareItem {
    pub id: Uuid,
    /// Who made it.
    pub by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// When it was ended before its time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<Timestamp>,
    /// How often it was opened.
    pub looks: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub looked_at: Option<Timestamp>,
    /// The address itself, in the answer that makes it and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://desk.example.com/s/6Q1vJm…")]
    pub url: Option<String>,
}

/// The links to an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareList {
    /// Newest first, the last 50.
    pub items: Vec<ShareItem>,
}

/// How long a link is to live.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// From 1 to 31; 7 if left out.
    days: Option<u8>,
}

impl From<ShareRow> for ShareItem {
    fn from(row: ShareRow) -> Self {
        Self {
            id: row.id,
            by_name: row.by_name,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            looks: row.looks,
            looked_at: row.looked_at,
            url: None,
        }
    }
}

/// The links to an order.
#[utoipa::path(get, path = "/api/v1/orders/{id}/shares", tag = "orders", operation_id = "listShares",
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The links", body = ShareList),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn list(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ShareList>, WebError> {
    let at = addressed(&session, &state, *id).await?;
    let tx = state.db.read(&session.scope()).await?;
    let (found, ended) = tokio::join!(biased; orders::shares(&tx, at.tenant, at.order), tx.end());
    ended?;
    Ok(web::Json(ShareList { items: found?.into_iter().map(ShareItem::from).collect() }))
}

/// Makes a link that shows a buyer this order, and nothing else, until it expires or is revoked. Its address is told once: a repetition with
/// the same `Idempotency-Key` is answered without it.
#[utoipa::path(post, path = "/api/v1/orders/{id}/shares", tag = "orders", operation_id = "shareOrder",
    request_body = NewShare,
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "The link with its address", body = ShareItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn make(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewShare>,
) -> Result<HttpResponse, WebError> {
    let at = addressed(&session, &state, *id).await?;
    let days = body.days.unwrap_or(DAYS);
    let mut made = None;
    let work = async |deed| {
        let (row, token) = state.engine.desk().share(deed, session.hand(), at, days).await?;
        let reply = Reply::created(format!("/api/v1/orders/{}/shares", at.order), &ShareItem::from(row.clone()));
        made = Some((row, token));
        reply
    };
    // What is kept for repetitions does not hold the address.
    let kept = once.carry_out(&state, (at.tenant, session.user_id), work).await?;
    let Some((row, token)) = made else { return Ok(kept) };
    Ok(HttpResponse::Created().json(ShareItem { url: Some(address(&state, &token)), ..row.into() }))
}

/// Ends a link before its time.
#[utoipa::path(delete, path = "/api/v1/orders/{id}/shares/{share}", tag = "orders", operation_id = "unshareOrder",
    params(("id" = Uuid, Path, description = "The order's id"), ("share" = Uuid, Path, description = "The link's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It opens nothing any more", body = ShareItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn revoke(
    session: Session,
    state: web::Data<AppState>,
    path: web::Path<(Uuid, Uuid)>,
    Write { once, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let (order, share) = path.into_inner();
    let at = addressed(&session, &state, order).await?;
    let work = async |_| {
        let row = state.engine.desk().revoke_share(session.hand(), at, share).await?;
        Reply::done(&ShareItem::from(row))
    };
    once.carry_out(&state, (at.tenant, session.user_id), work).await
}

/// Where a token opens its order.
#[must_use]
pub fn address(state: &AppState, token: &str) -> String {
    let base = state.settings.public_url.as_str();
    format!("{}/s/{token}", base.trim_end_matches('/'))
}
