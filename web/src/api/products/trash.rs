//! `DELETE /api/v1/products/{id}`: a product into its store's trash. For staff.

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

/// What is to be as it was seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrashWish {
    /// The `status` that you saw, such as `{"status": "publish"}`: if it is another by then, nothing is thrown away. It must be said.
    #[schema(value_type = Option<Object>)]
    expected: Option<Map<String, Value>>,
}

/// Has a product put into the trash, from which the store's own people can bring it back; never deletes it for good. The answer does not
/// wait for the store.
#[utoipa::path(delete, path = "/api/v1/products/{id}", tag = "products", operation_id = "trashProduct",
    request_body = TrashWish, params(("id" = Uuid, Path, description = "The product's id")),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 202, description = "On its way to the store", body = Proposed),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody was faster", body = Problem, content_type = "application/problem+json"),
        (status = 428, description = "`expected` does not name every field that is to change; `current` says what we hold of them", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    Write { body, once, version }: Write<TrashWish>,
) -> Result<HttpResponse, WebError> {
    let product = addressed::product(&session, &state, *id, Area::Products).await?;
    unversioned(version)?;
    let target = Target { tenant: product.tenant_id, store: product.store_id, entity: *id };
    let mut wishes = Wishes::given(body.expected);
    wishes.add(Edit::Trash, &["status"]);
    wishes.propose(&session, &state, target, once).await
}
