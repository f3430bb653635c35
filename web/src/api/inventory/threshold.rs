//! `PUT /api/v1/inventory/{id}/threshold`: sets the count at or below which people are warned. For staff and merchants' admins.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Deserializer, Serialize};
use storewire_actors::{DeskError, desk::AtProduct};
use storewire_db::stock;
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{
        money::{Amount, quantity},
        once::Reply,
        write::{Write, version_needed},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// The level that shall be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelChange {
    /// At this count or below people are warned; null takes it away.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, example = "5")]
    level: Option<Amount>,
}

/// The level that is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelItem {
    #[schema(example = "5")]
    pub level: Option<String>,
    /// Give it as `If-Match` when you set it anew.
    pub version: i64,
}

/// Sets or takes away a level. What is low by it is told at once.
#[utoipa::path(put, path = "/api/v1/inventory/{id}/threshold", tag = "inventory", operation_id = "setThreshold",
    request_body = LevelChange,
    params(
        ("id" = Uuid, Path, description = "The product's or variation's id"),
        ("If-Match" = Option<String>, Header, description = "The version that you saw, if there is a level")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is set", body = LevelItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 412, description = "It is not as you saw it (`changed`): the level of now is in the answer", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "There is a level, and `If-Match` is missing", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<LevelChange>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find(&tx, ProductId(*id)).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Inventory, Action::SetThreshold)?;
    let of = AtProduct { tenant: row.product.tenant_id, product: row.product.id };
    let level = body.level.map(|Amount(level)| level);
    let work = async |deed| {
        let set = match state.engine.desk().set_level(deed, session.hand(), of, level, version).await {
            // There is one, and its version was not named.
            Err(DeskError::Refused(refusal)) if refusal.code == "changed" && version.is_none() => {
                return Err(version_needed());
            }
            outcome => outcome?,
        };
        Reply::done(&LevelItem { level: set.level.map(quantity), version: set.version })
    };
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

/// Must be given, if only as null: nobody takes a level away by leaving it out.
fn nullable<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Amount>, D::Error> {
    Option::deserialize(field)
}
