//! `POST /api/v1/returns`: writes down that a buyer sends goods back. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::OpenReturn;
use storewire_domain::{OrderId, returns::ReturnReason};
use storewire_guard::access::Area;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReturnItem;
use crate::{
    addressed,
    api::{money::Amount, once::Reply, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What comes back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturn {
    order_id: Uuid,
    /// `damaged`, `wrong_item`, `not_as_described`, `unwanted`, `late` or `other`.
    #[schema(value_type = String, example = "damaged")]
    reason: ReturnReason,
    /// What the buyer said, at most 10,000 characters; both sides read it.
    #[serde(default)]
    note: String,
    items: Vec<NewReturnItem>,
}

/// What comes back of one line of the order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReturnItem {
    /// The store's id of the line.
    #[schema(example = "7")]
    line: String,
    /// How many: no more than were sold and are in no other return.
    #[schema(value_type = String, example = "1")]
    quantity: Amount,
}

/// Opens a return of an order.
#[utoipa::path(post, path = "/api/v1/returns", tag = "returns", operation_id = "openReturn",
    request_body = NewReturn, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It is open", body = ReturnItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such order of yours", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Nothing is named (`no_items`), the order has no such line (`no_such_item`), or not so much of it is left to return (`too_many`, `bad_quantity`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<NewReturn>,
) -> Result<HttpResponse, WebError> {
    let order = addressed::order(&session, &state, body.order_id, Area::Returns).await?;
    let tenant = order.tenant_id;
    let wish = OpenReturn {
        tenant,
        order: OrderId(body.order_id),
        reason: body.reason,
        note: body.note,
        items: body.items.into_iter().map(|item| (item.line, item.quantity.0)).collect(),
    };
    let work = async |deed| {
        let row = state.engine.desk().open_return(deed, session.hand(), wish).await?;
        let item = ReturnItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}
