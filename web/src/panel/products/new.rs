//! `GET /products/new`: the form for a product that a store does not have yet.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::{products, stores};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area, allowed};

use super::draft::ProductDraft;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Choice, NewProductForm, NewProductPage},
    },
    state::AppState,
};

/// For which store; the only one is chosen already.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    #[serde(default)]
    pub(super) store: String,
}

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<NewQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Products, Action::Edit)?;
    let draft = ProductDraft::begin(query.store.parse().ok());
    respond::page(&page(&request, &session, &state, draft, None).await?)
}

/// The page around a draft, and what is wrong with it; who may not make products asks for one. Without a store that the viewer may see it asks for one first.
pub async fn page(
    request: &HttpRequest,
    session: &Session,
    state: &AppState,
    draft: ProductDraft,
    problem: Option<String>,
) -> Result<NewProductPage, WebError> {
    let t = words(session);
    let tx = state.db.read(&session.scope()).await?;
    let stores = stores::glances(&tx).await?;
    let only = stores.first().filter(|_| stores.len() == 1).map(|store| store.id);
    let chosen = match draft.store.or(only) {
        Some(store) => stores::find(&tx, store).await?,
        None => None,
    };
    let categories = match &chosen {
        Some(store) => products::categories(&tx, store.tenant_id, store.id).await?,
        None => Vec::new(),
    };
    tx.commit().await?;
    let choice = |(id, name): (StoreId, String)| Choice { value: id.to_string(), label: name, is_chosen: false };
    Ok(NewProductPage {
        frame: Frame::new(request, session, url::PRODUCTS, state.clock.now(), &t),
        stores: stores.into_iter().map(|store| choice((store.id, store.name))).collect(),
        is_wish: !allowed(session, Area::Products, Action::Edit),
        form: chosen.map(|store| NewProductForm::new(&store, &categories, &draft, problem, &t)),
        t,
    })
}
