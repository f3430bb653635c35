//! `GET /products/{id}`: one product with its variations and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{ownership, products, stores};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    history::leave_out_others_requests,
    panel::{
        alerts,
        frame::{Frame, words},
        intents,
        requests::asks,
        respond, url,
        view::{AskForms, OwnersView, ProductForms, ProductPage, ProductView, ProductWork, Stale},
    },
    state::AppState,
};

/// Handles the request. Another tenant's product is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let t = words(&session);
    let now = state.clock.now();
    let tx = state.db.read(&session.scope()).await?;
    let mut product = products::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    leave_out_others_requests(&mut product.deeds, &session);
    let (tenant, store) = (product.summary.tenant_id, product.summary.store_id);
    let is_gone = product.summary.deleted_at.is_some() || product.summary.trashed_at.is_some();
    let categories = if is_gone { Vec::new() } else { products::categories(&tx, tenant, store).await? };
    let may_edit = allowed(&session, Area::Products, Action::Edit) && !is_gone;
    let forms = may_edit.then(|| ProductForms::new(&product, &categories, &t));
    let owners = ownership::of_store(&tx, tenant, store).await?.owners;
    let store = stores::find(&tx, store).await?;
    let ask = || AskForms::of_product(&product.summary, &t).with_texts(ProductWork::new(&product, &t).texts);
    let may_ask = (!is_gone).then(|| ask().with_categories(&product, &categories).within(&owners, &t));
    let asks = asks::of_record(&tx, &session, id.uuid(), may_ask, &t).await?;
    let intents = intents::of_record(&tx, &session, id.uuid(), &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let live = url::live("product", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&ProductPage {
        frame: Frame::new(&request, &session, url::PRODUCTS, now, &t)
            .under(alerts)
            .following(live)
            .at("product", id.uuid()),
        product: ProductView::new(&product, session.class(), now, &t),
        owners: OwnersView::of_product(owners, &t),
        forms,
        intents,
        asks,
        stale: Stale::of(store.as_ref().map(stores::StoreGlance::from).as_slice(), None, session.class(), now, &t),
        t,
    })
}
