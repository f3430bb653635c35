//! `GET /stores/new`: the form that connects a store.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::identity;
use storewire_domain::TenantId;
use storewire_guard::access::Action;

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Choice, ConnectForm, ConnectPage},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::Connect)?;
    let form = ConnectForm { tenants: tenants(&session, &state, None).await?, ..ConnectForm::default() };
    respond::page(&page(&request, &session, &state, form))
}

/// The page around a form.
pub fn page(request: &HttpRequest, session: &Session, state: &AppState, form: ConnectForm) -> ConnectPage {
    let t = words(session);
    ConnectPage { frame: Frame::new(request, session, url::STORES, state.clock.now(), &t), form, t }
}

/// The tenants to choose from; the only one is chosen already.
pub async fn tenants(session: &Session, state: &AppState, chosen: Option<TenantId>) -> Result<Vec<Choice>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let tenants = identity::list_tenants(&tx).await?;
    tx.commit().await?;
    let only = tenants.len() == 1;
    let choice = |tenant: identity::TenantRow| Choice {
        is_chosen: only || chosen == Some(tenant.id),
        value: tenant.id.to_string(),
        label: tenant.name,
    };
    Ok(tenants.into_iter().map(choice).collect())
}
