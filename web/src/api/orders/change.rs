//! `PATCH /api/v1/orders/{id}`: changes an order in its store. For staff.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_domain::Edit;
use storewire_guard::access::Area;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    addressed,
    api::{
        intents::propose::{Proposed, Target, Wishes},
        write::{Write, unversioned},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderChange {
    /// One of the store's own statuses, without `wc-`.
    #[schema(example = "completed")]
    status: Option<String>,
    note: Option<NewNote>,
    tracking: Option<NewParcel>,
    /// What you saw, such as `{"status": "processing"}`: if the store holds something else by then, that change is not written.
    /// A status needs it.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// A note to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    text: String,
    /// The store mails it to the customer.
    #[serde(default)]
    for_customer: bool,
}

/// A parcel to add, where the widespread shipment tracking plugins keep theirs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewParcel {
    #[schema(example = "DHL")]
    provider: String,
    number: String,
    /// Where the customer can follow it.
    url: Option<String>,
}

/// Changes an order's status, adds a note or a parcel; the answer does not wait for the store.
#[utoipa::path(patch, path = "/api/v1/orders/{id}", tag = "orders", operation_id = "changeOrder",
    request_body = OrderChange,
    params(("id" = Uuid, Path, description = "The order's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`expected` does not name every field that is to change; `current` says what we hold of them", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body: change, once, version }: Write<OrderChange>,
) -> Result<HttpResponse, WebError> {
    let order = addressed::order(&session, &state, *id, Area::Orders).await?;
    unversioned(version)?;
    let mut wishes = Wishes::given(change.expected);
    if let Some(status) = change.status {
        wishes.add(Edit::OrderStatus { status }, &["status"]);
    }
    if let Some(NewNote { text, for_customer }) = change.note {
        wishes.add(Edit::OrderNote { text, for_customer }, &[]);
    }
    if let Some(NewParcel { provider, number, url }) = change.tracking {
        wishes.add(Edit::Tracking { provider, number, url }, &[]);
    }
    let target = Target { tenant: order.tenant_id, store: order.store_id, entity: *id };
    wishes.propose(&session, &state, target, once).await
}
