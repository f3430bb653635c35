//! `PATCH /api/v1/customers/{id}`: changes fields of a customer account in its store. For staff.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use storewire_domain::{Edit, intent::CustomerField};
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
pub struct CustomerChange {
    /// `email`, `first_name`, `last_name`, and those of the addresses, such as `billing.city`, with their new values.
    #[schema(value_type = Object, example = json!({"billing.city": "Ankara"}))]
    fields: BTreeMap<CustomerField, String>,
    /// What you saw, by the same names: if the store holds something else by then, nothing is written.
    /// Each field that is to change needs it.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// Changes fields of a customer account; the answer does not wait for the store.
#[utoipa::path(patch, path = "/api/v1/customers/{id}", tag = "customers", operation_id = "changeCustomer",
    request_body = CustomerChange,
    params(("id" = Uuid, Path, description = "The customer's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`expected` does not name every field that is to change; `current` says what we hold of them", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body: change, once, version }: Write<CustomerChange>,
) -> Result<HttpResponse, WebError> {
    let customer = addressed::customer(&session, &state, *id).await?;
    unversioned(version)?;
    let mut wishes = Wishes::given(change.expected);
    let names: Vec<&str> = change.fields.keys().map(|field| field.as_str()).collect();
    wishes.add(Edit::Customer { fields: change.fields.clone() }, &names);
    let target = Target { tenant: customer.tenant_id, store: customer.store_id, entity: *id };
    wishes.propose(&session, &state, target, once).await
}
