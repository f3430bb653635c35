//! `POST /api/v1/support/tickets`: opens a ticket. For everyone.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use storewire_actors::desk::{NewTicket, Words};
use storewire_db::{ReadTx, returns, stores};
use storewire_domain::{
    AttachmentId, RoleClass, StoreId, TenantId,
    ticket::{AboutKind, Priority, TicketRefusal},
};
use storewire_guard::access::{Action, Area, allowed};
use utoipa::ToSchema;
use uuid::Uuid;

use super::TicketItem;
use crate::{
    api::{once::Reply, requests, write::Write},
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// A ticket to open, with its first message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTicket {
    /// One line of at most 200 characters.
    #[schema(example = "Two boxes are wet")]
    subject: String,
    /// At most 10,000 characters; both sides read it.
    text: String,
    store_id: Uuid,
    about: Option<AboutRecord>,
    /// `low`, `normal`, `high` or `urgent`. Staff choose it; a merchant's ticket is a normal one.
    #[schema(value_type = Option<String>, example = "high")]
    priority: Option<Priority>,
    /// Files that you uploaded for it: their ids.
    #[serde(default)]
    attachments: Vec<Uuid>,
}

/// A record of the store.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AboutRecord {
    /// `order`, `product`, `customer`, `store`, `request` or `return`.
    #[schema(value_type = String, example = "order")]
    kind: AboutKind,
    /// Our id of it.
    id: Uuid,
}

/// Opens a ticket. Staff have to answer one that a merchant opened.
#[utoipa::path(post, path = "/api/v1/support/tickets", tag = "support", operation_id = "openTicket",
    request_body = OpenTicket, security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It is open", body = TicketItem),
        (status = 403, description = "Your role may not do this", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such store of yours, or no such record of the store", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    Write { body, once, .. }: Write<OpenTicket>,
) -> Result<HttpResponse, WebError> {
    let store = StoreId(body.store_id);
    let about = body.about.map(|about| (about.kind, about.id));
    let tenant = home(&state, &session, store, about).await?;
    require(&session)?;
    if body.priority.is_some() && session.class() == RoleClass::Merchant {
        return Err(TicketRefusal::StaffOnly.into());
    }
    let wish = NewTicket {
        tenant,
        store,
        subject: body.subject,
        words: Words { text: body.text, files: body.attachments.into_iter().map(AttachmentId).collect() },
        priority: body.priority.unwrap_or(Priority::Normal),
        about,
    };
    let work = async |deed| {
        let row = state.engine.desk().open(deed, session.hand(), wish).await?;
        let item = TicketItem::of(row, session.class());
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}

/// Refuses who may not open tickets: merchants request help, staff have the whole of support.
pub(crate) fn require(session: &Session) -> Result<(), WebError> {
    let may = allowed(session, Area::Support, Action::Request) || allowed(session, Area::Support, Action::Edit);
    if may { Ok(()) } else { Err(WebError::Forbidden("your role may not do this")) }
}

/// Whose the store is, if this reader sees it and the record that the ticket is to be about.
pub(crate) async fn home(
    state: &AppState,
    session: &Session,
    store: StoreId,
    about: Option<(AboutKind, Uuid)>,
) -> Result<TenantId, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let found = stores::find(&tx, store).await?;
    let is_there = match about {
        Some(about) => sees(&tx, session, store, about).await?,
        None => true,
    };
    tx.commit().await?;
    found.filter(|_| is_there).map(|row| row.tenant_id).ok_or(WebError::NotFound)
}

/// Requests have readers of their own. That a record is the store's, the desk looks up.
async fn sees(tx: &ReadTx, session: &Session, store: StoreId, (kind, id): (AboutKind, Uuid)) -> Result<bool, WebError> {
    match kind {
        AboutKind::Request => match requests::visible(tx, session, id.into()).await {
            Ok(_) => Ok(true),
            Err(WebError::NotFound) => Ok(false),
            Err(error) => Err(error),
        },
        AboutKind::Return => Ok(returns::find(tx, id.into()).await?.is_some()),
        AboutKind::Store => Ok(id == store.uuid()),
        AboutKind::Order | AboutKind::Product | AboutKind::Customer => Ok(true),
    }
}
