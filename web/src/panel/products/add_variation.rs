//! `POST /products/{id}/variations`: wishes one more variation of a variable product.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use storewire_actors::{Proposal, ProposeError};
use storewire_db::products;
use storewire_domain::{
    Edit, ProductId,
    intent::{NewVariation, Rejected},
};
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    goods::Sheet,
    panel::{
        amount::{NoAmount, read_optional},
        propose::{refuse, taken},
        respond, url,
    },
    state::AppState,
};

/// Handles the request. Each choice comes as `option.` and the attribute's name.
pub async fn submit(
    session: Session,
    id: web::Path<ProductId>,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let product = products::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Products, Action::Edit)?;
    let back = url::product(*id);
    let variation = match variation(&Sheet::of(&product.raw), &form) {
        Ok(Ok(variation)) => variation,
        Ok(Err(rejected)) => return Ok(refuse(&back, rejected.fault.as_str())),
        Err(NoAmount) => return Ok(refuse(&back, "amount")),
    };
    let deed = form.iter().find(|(name, _)| name == "deed").and_then(|(_, deed)| deed.parse().ok());
    let edit = Edit::AddVariation { variation: Box::new(variation) };
    let wish = Proposal {
        tenant: product.summary.tenant_id,
        store: product.summary.store_id,
        entity: id.uuid(),
        edit: edit.clone(),
        by: session.user_id,
        expected: None,
        note: None,
    };
    match state.engine.propose_all(deed.unwrap_or_else(Uuid::now_v7), vec![wish]).await {
        Ok(done) => Ok(respond::see(&url::saying(&back, taken(&done, &edit)))),
        Err(ProposeError::Rejected(rejected)) => Ok(refuse(&back, rejected.fault.as_str())),
        Err(ProposeError::NotFound) => Ok(refuse(&back, "gone")),
        Err(error) => Err(error.into()),
    }
}

/// The variation that a form tells of.
fn variation(sheet: &Sheet, form: &[(String, String)]) -> Result<Result<NewVariation, Rejected>, NoAmount> {
    let given: HashMap<&str, &str> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = |name: &str| given.get(name).copied().unwrap_or_default();
    // An attribute of which nothing is chosen is open to every option.
    let options = form.iter().filter_map(|(name, value)| Some((name.strip_prefix("option.")?, value.as_str())));
    let choices = sheet.choices(options.filter(|(_, option)| !option.is_empty()));
    let (regular_price, sale_price) = (read_optional(text("regular"))?, read_optional(text("sale"))?);
    let stock_quantity = read_optional(text("stock"))?;
    let sku = text("sku").to_owned();
    Ok(choices.map(|choices| NewVariation { choices, sku, regular_price, sale_price, stock_quantity }))
}
