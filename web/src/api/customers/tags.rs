//! `POST /api/v1/customers/{id}/tags` and `DELETE …/tags/{tag}`: what people here call a customer. For staff.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use storewire_actors::desk::AtCustomer;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    addressed,
    api::{
        once::Reply,
        write::{NoBody, Write},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A tag to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// At most 40 characters without a slash; it is kept in lower case.
    #[schema(example = "vip")]
    tag: String,
}

/// The tags that a customer has now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tags {
    /// In alphabetical order.
    pub tags: Vec<String>,
}

/// Tags a customer; one that has the tag keeps it.
#[utoipa::path(post, path = "/api/v1/customers/{id}/tags", tag = "customers", operation_id = "tagCustomer",
    request_body = NewTag,
    params(("id" = Uuid, Path, description = "The customer's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It is tagged", body = Tags),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has twenty already (`too_many_tags`)", body = Problem, content_type = "application/problem+json")))]
pub async fn add(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, .. }: Write<NewTag>,
) -> Result<HttpResponse, WebError> {
    let of = addressed(&session, &state, *id).await?;
    let (desk, by) = (state.engine.desk(), session.hand());
    let work = async |_| Reply::done(&Tags { tags: desk.tag(by, of, body.tag).await? });
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

/// Takes a tag off a customer; one that does not have it stays as it is.
#[utoipa::path(delete, path = "/api/v1/customers/{id}/tags/{tag}", tag = "customers", operation_id = "untagCustomer",
    params(
        ("id" = Uuid, Path, description = "The customer's id"),
        ("tag" = String, Path, description = "The tag")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "It has these left", body = Tags),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json")))]
pub async fn remove(
    session: Session,
    state: web::Data<AppState>,
    path: web::Path<(Uuid, String)>,
    Write { body: NoBody {}, once, .. }: Write<NoBody>,
) -> Result<HttpResponse, WebError> {
    let (id, tag) = path.into_inner();
    let of = addressed(&session, &state, id).await?;
    let (desk, by) = (state.engine.desk(), session.hand());
    let work = async |_| Reply::done(&Tags { tags: desk.untag(by, of, tag).await? });
    once.carry_out(&state, (of.tenant, session.user_id), work).await
}

/// The customer, if they may tag it. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<AtCustomer, WebError> {
    let customer = addressed::customer(session, state, id).await?;
    Ok(AtCustomer { tenant: customer.tenant_id, customer: id })
}
