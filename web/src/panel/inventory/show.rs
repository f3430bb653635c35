//! `GET /inventory/{id}`: the stock of one product or variation, with its ledger and the same article elsewhere.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{ownership, stock, stores};
use storewire_domain::ProductId;
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        intents,
        narrow::{self, ListQuery, PAGE},
        requests, respond, url,
        view::{AdjustForm, AskForms, LevelForm, MoveLine, OwnersView, Stale, StockPage, StockView},
    },
    state::AppState,
};

/// Handles the request. Another tenant's stock is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Inventory, Action::View)?;
    let (t, now, before) = (words(&session), state.clock.now(), query.before());
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let product = &row.product;
    let siblings = stock::siblings(&tx, product.tenant_id, &product.sku, product.id).await?;
    let mut moves = stock::moves(&tx, product.tenant_id, product.id, before, PAGE + 1).await?;
    let store = stores::find(&tx, product.store_id).await?;
    let owners = ownership::of_store(&tx, product.tenant_id, product.store_id).await?.owners;
    let intents = intents::of_record(&tx, &session, id.uuid(), &t).await?;
    let is_gone = product.trashed_at.is_some();
    // Of its stock only: the rest is asked for on the product's page.
    let ask = |forms: AskForms| AskForms { price: None, statuses: None, ..forms };
    let forms = (!is_gone).then(|| ask(AskForms::of_product(product, &t)).within(&owners, &t));
    let asks = requests::asks::of_record(&tx, &session, id.uuid(), forms, &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let last = narrow::last(&mut moves, |entry| entry.id.to_string());
    let lines = moves.iter().map(|entry| MoveLine::new(entry, session.class(), &t)).collect();
    let view = StockView {
        older: last.map(|last| url::further(&url::stock(*id), &last)),
        is_further: before.is_some(),
        ..StockView::new(product, &siblings, lines, &t)
    };
    let may = |action| allowed(&session, Area::Inventory, action) && !is_gone;
    let live = url::live("stock", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&StockPage {
        frame: Frame::new(&request, &session, url::INVENTORY, now, &t).under(alerts).following(live),
        stock: view,
        adjust: AdjustForm::of(product).filter(|_| may(Action::Edit)),
        level: LevelForm::of(&row).filter(|_| may(Action::SetThreshold)),
        owners: OwnersView::of_stock(owners, &t),
        asks,
        intents,
        stale: Stale::of(store.as_ref().map(stores::StoreGlance::from).as_slice(), None, session.class(), now, &t),
        t,
    })
}
