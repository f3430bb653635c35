//! `POST /here`: a page says that it is looked at, and is told by whom else.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::{Doing, Here, Part, Place};
use storewire_db::{ReadTx, customers, orders, products, returns};
use storewire_domain::{RoleClass, StoreId, TenantId};
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    api::{requests, tickets},
    error::WebError,
    extract::Session,
    panel::{
        frame::words,
        respond,
        view::{HereFragment, HereView},
    },
    state::AppState,
};

/// What the page says of itself.
#[derive(Debug, Deserialize)]
pub struct HereForm {
    /// The record, such as `order:<id>`.
    place: String,
    doing: Does,
    /// What is being edited, of pages that say so.
    #[serde(default)]
    part: Option<Part>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Does {
    Viewing,
    Editing,
    Typing,
}

/// Handles the request. What is not there for this reader has nobody on it.
pub async fn submit(
    session: Session,
    form: web::Form<HereForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let (noun, id) = form.place.split_once(':').ok_or(WebError::NotFound)?;
    let record: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let is_shared = noun == "ticket";
    // Outside of tickets staff are among themselves.
    if !is_shared && session.class() != RoleClass::Staff {
        return Err(WebError::NotFound);
    }
    let tx = state.db.read(&session.scope()).await?;
    let (tenant, store) = home(&tx, &session, noun, record).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    let doing = match form.doing {
        Does::Viewing => Doing::Viewing,
        Does::Editing => Doing::Editing(form.part),
        Does::Typing => Doing::Typing,
    };
    let others = state.engine.desk().here(&session.hand(), Place { tenant, store, record, is_shared }, doing);
    let t = words(&session);
    respond::page(&HereFragment {
        place: form.place.clone(),
        people: others.iter().map(|here: &Here| HereView::new(here, &t)).collect(),
    })
}

/// Whose the record is, if this reader sees it.
async fn home(tx: &ReadTx, session: &Session, noun: &str, id: Uuid) -> Result<Option<(TenantId, StoreId)>, WebError> {
    Ok(match noun {
        "order" => orders::summaries(tx, &[id]).await?.pop().map(|row| (row.tenant_id, row.store_id)),
        "product" => products::summaries(tx, &[id]).await?.pop().map(|row| (row.tenant_id, row.store_id)),
        "customer" => customers::summaries(tx, &[id]).await?.pop().map(|row| (row.tenant_id, row.store_id)),
        "return" => returns::find(tx, id.into()).await?.map(|row| (row.tenant_id, row.store_id)),
        "request" => {
            let row = requests::visible(tx, session, id.into()).await?;
            Some((row.tenant_id, row.store_id))
        }
        "ticket" => {
            session.require(Area::Support, Action::View)?;
            let row = tickets::visible(tx, session, id.into()).await?;
            Some((row.tenant_id, row.store_id))
        }
        _ => None,
    })
}
