//! `GET, POST /orders/new`: the form by which a merchant places an order. Its buttons send it here while articles are looked for and chosen;
//! an address that is typed goes into no link and no log.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::{ReadTx, products, stores};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use super::draft::Draft;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Choice, DraftArticle, DraftForm, NewOrderPage},
        words::Words,
    },
    state::AppState,
};

/// Articles that one search shows.
const FOUND: u32 = 20;

/// For which store.
#[derive(Debug, Deserialize)]
pub struct NewQuery {
    store: Option<String>,
}

/// Shows an empty form.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<NewQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = query.store.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let store = store.map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
    respond::page(&page(&session, &request, &state, Draft::begin(store), None).await?)
}

/// Shows a form again as it was sent, with what its button changed.
pub async fn change(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    respond::page(&page(&session, &request, &state, Draft::read(&form), None).await?)
}

/// The page around a form, with what is wrong with it.
pub(super) async fn page(
    session: &Session,
    request: &HttpRequest,
    state: &AppState,
    mut draft: Draft,
    problem: Option<String>,
) -> Result<NewOrderPage, WebError> {
    session.require(Area::Requests, Action::Request)?;
    let t = words(session);
    let tx = state.db.read(&session.scope()).await?;
    let known = stores::glances(&tx).await?;
    // Who has one store is not asked which.
    draft.store = match (draft.store, known.as_slice()) {
        (None, [only]) => Some(only.id),
        (chosen, known) => chosen.filter(|id| known.iter().any(|store| store.id == *id)),
    };
    let found = match draft.store {
        Some(store) => products::sold(&tx, store, &draft.q, FOUND).await?,
        None => Vec::new(),
    };
    let chosen = chosen(&tx, draft.store, &draft, &t).await?;
    tx.commit().await?;
    Ok(NewOrderPage {
        frame: Frame::new(request, session, url::ORDERS, state.clock.now(), &t),
        stores: known.iter().map(|store| Choice::store(store, draft.store)).collect(),
        found: found.iter().map(|product| DraftArticle::new(product, None, &t)).collect(),
        has_searched: !draft.q.trim().is_empty() && draft.store.is_some(),
        chosen,
        form: DraftForm::new(&draft, &t),
        problem,
        t,
    })
}

/// The articles that were chosen, as far as the store has them.
async fn chosen(tx: &ReadTx, store: Option<StoreId>, draft: &Draft, t: &Words) -> Result<Vec<DraftArticle>, WebError> {
    let ids: Vec<Uuid> = draft.lines.iter().map(|(id, _)| *id).collect();
    let known: HashMap<Uuid, _> =
        products::summaries(tx, &ids).await?.into_iter().map(|product| (product.id.uuid(), product)).collect();
    let article = |(id, count): &(Uuid, String)| {
        let product = known.get(id).filter(|product| Some(product.store_id) == store)?;
        Some(DraftArticle::new(product, Some(count), t))
    };
    Ok(draft.lines.iter().filter_map(article).collect())
}
