//! `POST /requests`: asks that a product or an order be changed in its store. For merchants.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde_json::Value;
use storewire_actors::{DeskError, desk::Asked};
use storewire_db::{ReadTx, orders, products};
use storewire_domain::{StoreId, TenantId, intent::Fields, request::RequestRefusal};
use storewire_guard::access::{Action, Area};

use super::wish::{AskForm, Wish};
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        propose::refuse,
        respond, url,
        view::{Again, FasterLine, FasterPage},
    },
    state::AppState,
};

/// Handles the request, and goes to the new one's page.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let form = AskForm::read(&form)?;
    let tx = state.db.read(&session.scope()).await?;
    let (tenant, store) = find(&tx, &form).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    session.require(Area::Requests, Action::Request)?;
    let back = match form.wish {
        Wish::OrderNote => url::order(form.entity.into()),
        _ => url::product(form.entity.into()),
    };
    let edit = match form.edit() {
        Ok(edit) => edit,
        Err(word) => return Ok(refuse(&back, word)),
    };
    let wanted = edit.wanted();
    let asked = Asked {
        tenant,
        store,
        entity: form.entity,
        edit,
        meaning: form.meaning(),
        note: form.note.replace("\r\n", "\n"),
        seen: form.seen()?,
    };
    match state.engine.desk().ask(form.deed, session.hand(), asked).await {
        Ok(row) => Ok(respond::see(&url::saying(&url::request(row.id), "asked"))),
        Err(DeskError::Refused(refusal)) if refusal.code == RequestRefusal::Changed.as_str() => {
            let t = words(&session);
            let now = fields(&refusal.detail, "current");
            let page = FasterPage {
                frame: Frame::new(&request, &session, url::REQUESTS, state.clock.now(), &t),
                by: None,
                at: None,
                lines: FasterLine::each(&form.seen()?.unwrap_or_default(), &now, &wanted, &t),
                again: vec![Again {
                    action: url::REQUESTS.to_owned(),
                    fields: form.again(&now),
                    label: t.get("request-ask-again"),
                }],
                back,
                t,
            };
            respond::page_with(StatusCode::PRECONDITION_FAILED, &page)
        }
        Err(DeskError::Refused(refusal)) => Ok(refuse(&back, refusal.code)),
        Err(DeskError::Rejected(rejected)) => Ok(refuse(&back, rejected.fault.as_str())),
        Err(error) => Err(error.into()),
    }
}

/// Whose record it is, if it is in the reader's sight.
async fn find(tx: &ReadTx, form: &AskForm) -> Result<Option<(TenantId, StoreId)>, WebError> {
    Ok(match form.wish {
        Wish::OrderNote => {
            orders::summaries(tx, &[form.entity]).await?.pop().map(|order| (order.tenant_id, order.store_id))
        }
        _ => products::summaries(tx, &[form.entity]).await?.pop().map(|product| (product.tenant_id, product.store_id)),
    })
}

fn fields(detail: &Value, name: &str) -> Fields {
    detail.get(name).and_then(|fields| serde_json::from_value(fields.clone()).ok()).unwrap_or_default()
}
