//! `GET /api/v1/support/tickets`: tickets, those first that were spoken in last. For everyone: a merchant's users see their own.

use std::collections::HashSet;

use actix_web::web;
use serde::{Deserialize, Serialize};
use storewire_db::{
    TicketRow,
    tickets::{self, TicketFilter},
};
use storewire_domain::{
    StoreId, TicketId, UserId,
    ticket::{Priority, TicketState},
};
use storewire_guard::access::{Action, Area};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::TicketItem;
use crate::{
    api::page::{self, Page},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Which tickets.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketQuery {
    /// Of this store only.
    store: Option<Uuid>,
    /// `open`, `answered` or `closed` only.
    #[param(value_type = Option<String>)]
    state: Option<TicketState>,
    /// `low`, `normal`, `high` or `urgent` only.
    #[param(value_type = Option<String>)]
    priority: Option<Priority>,
    /// Given to this one of the platform's people only.
    assignee: Option<Uuid>,
    /// About this record only.
    about: Option<Uuid>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// A ticket on a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketEntry {
    #[serde(flatten)]
    pub ticket: TicketItem,
    /// It says something that you have not read.
    pub is_unread: bool,
}

/// Lists tickets by their newest message.
#[utoipa::path(get, path = "/api/v1/support/tickets", tag = "support", operation_id = "listTickets", params(TicketQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of tickets", body = Page<TicketEntry>)))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<TicketQuery>,
) -> Result<web::Json<Page<TicketEntry>>, WebError> {
    session.require(Area::Support, Action::View)?;
    let limit = page::limit(query.limit)?;
    let filter = TicketFilter {
        store: query.store.map(StoreId),
        state: query.state,
        priority: query.priority,
        assignee: query.assignee.map(UserId),
        own: session.own(),
        about: query.about,
        before: page::place(query.after.as_deref())?.map(|(at, id): (_, Uuid)| (at, TicketId(id))),
        limit: limit + 1,
    };
    let tx = state.db.read(&session.scope()).await?;
    let rows = tickets::list(&tx, &filter).await?;
    let ids: Vec<TicketId> = rows.iter().map(|row| row.id).collect();
    let unread: HashSet<TicketId> = tickets::unread(&tx, session.user_id, &ids).await?.into_iter().collect();
    tx.commit().await?;
    let entry = |row: TicketRow| TicketEntry {
        is_unread: unread.contains(&row.id),
        ticket: TicketItem::of(row, session.class()),
    };
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.last_message_at, row.id)), entry)))
}
