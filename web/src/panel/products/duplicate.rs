//! `POST /products/{id}/duplicate`: has a draft made that is like a product, and goes to where its making can be watched.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::ProposeError;
use storewire_db::products;
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::create::make;
use crate::{
    error::WebError,
    extract::Session,
    goods,
    panel::{propose::refuse, respond, url},
    state::AppState,
};

/// The form.
#[derive(Debug, Deserialize)]
pub struct CopyForm {
    /// So that a form that is sent twice makes one copy.
    deed: Uuid,
    name: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<ProductId>,
    form: web::Form<CopyForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Products, Action::Edit)?;
    let at = (product.summary.tenant_id, product.summary.store_id);
    let made = match goods::copy(&product, form.name.clone()) {
        Ok(copy) => make(&state, &session, form.deed, at, copy).await,
        Err(rejected) => Err(rejected.into()),
    };
    match made {
        Ok(()) => Ok(respond::see(&url::saying(&url::change(form.deed), "proposed"))),
        Err(ProposeError::Rejected(rejected)) => Ok(refuse(&url::product(*id), rejected.fault.as_str())),
        Err(error) => Err(error.into()),
    }
}
