//! `GET /customers/{id}`: one customer account with its orders and timeline.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{customers, ownership, stores};
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        intents, respond, url,
        view::{CustomerForm, CustomerPage, CustomerView, OwnersView, Stale},
    },
    state::AppState,
};

/// Handles the request. Another tenant's customer is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let t = words(&session);
    let now = state.clock.now();
    let tx = state.db.read(&session.scope()).await?;
    let customer = customers::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let store = stores::find(&tx, customer.summary.store_id).await?;
    let owners = ownership::of_store(&tx, customer.summary.tenant_id, customer.summary.store_id).await?.owners;
    let intents = intents::of_record(&tx, &session, *id, &t).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let live = url::live("customer", cursor.as_str(), &[("id", &id.to_string())]);
    let may_edit = allowed(&session, Area::Customers, Action::Edit) && customer.summary.deleted_at.is_none();
    respond::page(&CustomerPage {
        frame: Frame::new(&request, &session, url::CUSTOMERS, now, &t)
            .under(alerts)
            .following(live)
            .at("customer", *id),
        stale: Stale::of(store.as_ref().map(stores::StoreGlance::from).as_slice(), None, session.class(), now, &t),
        form: may_edit.then(|| CustomerForm::new(&customer, &t)),
        customer: CustomerView::new(&customer, session.class(), now, &t),
        owners: OwnersView::of_customer(owners, &t),
        intents,
        t,
    })
}
