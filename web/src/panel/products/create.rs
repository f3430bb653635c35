//! `POST /products`: has a product made, and goes to where its making can be watched.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde_json::Value;
use storewire_actors::{Proposal, ProposeError};
use storewire_domain::{
    Edit, StoreId, TenantId,
    intent::{NewProduct, Rejected, TextField},
};
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::{draft::ProductDraft, new};
use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{frame::words, respond, said, url, view::text_label, words::Words},
    state::AppState,
};

/// Handles the request. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let draft = ProductDraft::read(&form);
    let store = draft.store.ok_or(WebError::NotFound)?;
    let store = addressed::store(&session, &state, store, (Area::Products, Action::Edit)).await?;
    let t = words(&session);
    let problem = match draft.product() {
        Err(_) => t.get("said-amount"),
        Ok(product) => match make(&state, &session, draft.deed, (store.tenant_id, store.id), product).await {
            Ok(()) => return Ok(respond::see(&url::saying(&url::change(draft.deed), "proposed"))),
            Err(ProposeError::Rejected(rejected)) => problem_of(rejected, &t),
            Err(error) => return Err(error.into()),
        },
    };
    let page = new::page(&request, &session, &state, draft, Some(problem)).await?;
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Hands a new product to the engine; its intent's id is the deed's, so that the same form sent twice makes one.
pub(super) async fn make(
    state: &AppState,
    session: &Session,
    deed: Uuid,
    (tenant, store): (TenantId, StoreId),
    product: NewProduct,
) -> Result<(), ProposeError> {
    let wish = Proposal {
        tenant,
        store,
        entity: Uuid::nil(),
        edit: Edit::Create { product: Box::new(product) },
        by: session.user_id,
        expected: None::<Value>,
        note: None,
    };
    state.engine.propose_all(deed, vec![wish]).await.map(drop)
}

/// What must be corrected.
pub(super) fn problem_of(rejected: Rejected, t: &Words) -> String {
    format!("{}: {}", label(rejected.field, t), said::rejected(rejected.fault, t))
}

/// What the form calls a field.
fn label(field: &str, t: &Words) -> String {
    match field {
        "regular_price" => t.get("field-regular-price"),
        "sale_price" => t.get("field-sale-price"),
        "stock_quantity" => t.get("field-stock"),
        "categories" => t.get("product-categories"),
        "attributes" => t.get("product-attributes"),
        "status" => t.get("field-status"),
        "note" => t.get("request-note"),
        other => other.parse::<TextField>().map_or_else(|_| other.to_owned(), |field| text_label(field, t)),
    }
}
