//! `/api/v1/orders/{id}/charges`: what the platform charges for an order. For staff; merchants and buyers are never told of it.

use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use storewire_actors::desk::Charge;
use storewire_db::orders::{self, ChargeRow};
use utoipa::ToSchema;
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{
        money::{Amount, Money},
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A charge.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeItem {
    pub id: Uuid,
    #[schema(example = "Gift wrapping")]
    pub label: String,
    pub amount: Money,
    /// Who made it.
    pub by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was taken back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// The charges of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeList {
    /// Oldest first, with those that were taken back.
    pub items: Vec<ChargeItem>,
}

/// What is to be charged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCharge {
    /// At most 200 characters.
    #[schema(example = "Gift wrapping")]
    label: String,
    /// Above zero.
    #[schema(value_type = String, example = "12.50")]
    amount: Amount,
    /// ISO 4217; the order's own if left out.
    #[schema(example = "TRY")]
    currency: Option<String>,
}

impl From<ChargeRow> for ChargeItem {
    fn from(row: ChargeRow) -> Self {
        Self {
            id: row.id,
            label: row.label,
            amount: Money::new(row.amount, &row.currency),
            by_name: row.by_name,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

/// What is charged for an order.
#[utoipa::path(get, path = "/api/v1/orders/{id}/charges", tag = "orders", operation_id = "listCharges",
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "The charges", body = ChargeList),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn list(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<ChargeList>, WebError> {
    let at = addressed(&session, &state, *id).await?;
    let tx = state.db.read(&session.scope()).await?;
    let (found, ended) = tokio::join!(biased; orders::charges(&tx, at.tenant, at.order), tx.end());
    ended?;
    Ok(web::Json(ChargeList { items: found?.into_iter().map(ChargeItem::from).collect() }))
}

/// Charges the merchant for something about an order.
#[utoipa::path(post, path = "/api/v1/orders/{id}/charges", tag = "orders", operation_id = "addCharge",
    request_body = NewCharge,
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It is charged", body = ChargeItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn add(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewCharge>,
) -> Result<HttpResponse, WebError> {
    let at = addressed(&session, &state, *id).await?;
    let wish = Charge { label: body.label, amount: body.amount.0, currency: body.currency };
    let work = async |deed| {
        let row = state.engine.desk().charge(deed, session.hand(), at, wish).await?;
        Reply::created(format!("/api/v1/orders/{}/charges", at.order), &ChargeItem::from(row))
    };
    once.carry_out(&state, (at.tenant, session.user_id), work).await
}

/// Takes a charge back; it stays in the list, with the time.
#[utoipa::path(delete, path = "/api/v1/orders/{id}/charges/{charge}", tag = "orders", operation_id = "endCharge",
    params(("id" = Uuid, Path, description = "The order's id"), ("charge" = Uuid, Path, description = "The charge's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is taken back", body = ChargeItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn end(
    session: Session,
    state: web::Data<AppState>,
    path: web::Path<(Uuid, Uuid)>,
    Write { once, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let (order, charge) = path.into_inner();
    let at = addressed(&session, &state, order).await?;
    let work = async |_| {
        let row = state.engine.desk().end_charge(session.hand(), at, charge).await?;
        Reply::done(&ChargeItem::from(row))
    };
    once.carry_out(&state, (at.tenant, session.user_id), work).await
}
