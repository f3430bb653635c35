//! `GET /support/{id}`: one ticket: its thread, what it is about, and what can be done.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    OrderDetail, ReadTx, TicketRow, attachments, identity, orders,
    requests::{self, RequestFilter},
    tickets,
};
use storewire_domain::{
    ReadScope, RoleClass, TicketId,
    request::RequestState,
    ticket::{AboutKind, Side, TicketState},
};
use storewire_guard::access::{Action, Area, allowed};

use super::{about, notice, words::caps};
use crate::{
    api::tickets::visible,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        intents, letters, respond, url,
        view::{
            Choice, OrderForms, RequestView, TicketActs, TicketPage, TicketTools, TicketView, Typed, files_hint,
            priorities, show_seen, thread,
        },
        words::Words,
    },
    state::AppState,
};

/// Of those who may be given a ticket, as many as a list can show.
const MOST_STAFF: u32 = 200;
/// Of the requests that wait and are about the same record.
const MOST_REQUESTS: u32 = 10;

/// Handles the request. Another's ticket is not there.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<TicketId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    respond::page(&page(&session, &request, *id, &state, Typed::default()).await?)
}

/// The page, with what was typed into its forms and not taken.
pub(super) async fn page(
    session: &Session,
    request: &HttpRequest,
    id: TicketId,
    state: &AppState,
    typed: Typed,
) -> Result<TicketPage, WebError> {
    session.require(Area::Support, Action::View)?;
    let (t, now) = (words(session), state.clock.now());
    let is_staff = session.class() == RoleClass::Staff;
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, session, id).await?;
    let messages = tickets::messages(&tx, row.tenant_id, row.id).await?;
    // Who watches a rehearsal reads as its tenant does, and no tenant reads notes.
    let reads_notes = is_staff && !matches!(session.scope(), ReadScope::Tenant(_));
    let notes = if reads_notes { tickets::notes(&tx, row.tenant_id, row.id).await? } else { Vec::new() };
    let files = attachments::of_ticket(&tx, row.tenant_id, row.id).await?;
    let is_unread = !tickets::unread(&tx, session.user_id, &[row.id]).await?.is_empty();
    let seen = tickets::seen(&tx, row.tenant_id, row.id).await?;
    let record = row.about.as_ref().map(|about| (about.kind, about.id));
    let found = match record {
        Some(record) => about::find(&tx, session, record, now, &t).await?,
        None => None,
    };
    let (card, order) = found.map(|found| (found.card, found.order)).unzip();
    let acts = if is_staff { acts(&tx, session, &row, order.flatten(), &t).await? } else { None };
    let intents = match record {
        Some((_, record)) => intents::of_record(&tx, session, record, &t).await?,
        None => None,
    };
    let letters = letters::of(&tx, session, row.id.uuid(), now, &t).await?;
    let alerts = alerts::of(&tx, session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;
    let tools = if is_staff { Some(tools(state, &row, &t).await?) } else { None };

    let live = url::live("ticket", cursor.as_str(), &[("id", &id.to_string())]);
    let mut frame =
        Frame::new(request, session, url::SUPPORT, now, &t).under(alerts).following(live).at("ticket", row.id.uuid());
    if let Some(why) = typed.why {
        frame.said = notice(why, &t);
    }
    let caps = caps(state);
    let mut entries = thread(&messages, &notes, &files, session.user_id, &t);
    show_seen(&mut entries, &messages, Side::from(session.class()), seen, &t);
    Ok(TicketPage {
        frame,
        ticket: TicketView::new(&row, session.class(), is_unread, now, &t),
        entries,
        card,
        acts,
        intents,
        letters,
        tools,
        is_closed: row.state == TicketState::Closed,
        version: row.version,
        files_hint: files_hint(caps.files, caps.file_bytes, &t),
        typed,
        t,
    })
}

/// Who may be given it, and how soon it may have to be answered. Only the staff's scope sees who they are.
async fn tools(state: &AppState, row: &TicketRow, t: &Words) -> Result<TicketTools, WebError> {
    let tx = state.db.staff().await?;
    let people = identity::staff_of(&tx, row.store_id, MOST_STAFF).await?;
    tx.commit().await?;
    let choice = |person: identity::Person| Choice {
        is_chosen: row.assignee == Some(person.id),
        value: person.id.to_string(),
        label: person.name,
    };
    Ok(TicketTools {
        assignees: people.into_iter().map(choice).collect(),
        priorities: priorities(Some(row.priority), t),
    })
}

/// What can be done about the record from here: about `order`, if it is one.
async fn acts(
    tx: &ReadTx,
    session: &Session,
    row: &TicketRow,
    order: Option<OrderDetail>,
    t: &Words,
) -> Result<Option<TicketActs>, WebError> {
    let Some(about) = &row.about else { return Ok(None) };
    let is_here = |order: &OrderDetail| order.summary.trashed_at.or(order.summary.deleted_at).is_none();
    let order = order.filter(|order| allowed(session, Area::Orders, Action::Edit) && is_here(order));
    let order = match &order {
        Some(order) => {
            let statuses = orders::statuses(tx, row.tenant_id, row.store_id).await?;
            Some(OrderForms::new(order, &statuses, t))
        }
        None => None,
    };
    let requests = match about.kind {
        AboutKind::Request => requests::by_ids(tx, &[about.id]).await?,
        _ => {
            let filter = RequestFilter {
                entity: Some(about.id),
                state: Some(RequestState::Waiting),
                limit: MOST_REQUESTS,
                ..RequestFilter::default()
            };
            requests::list(tx, &filter).await?
        }
    };
    let waiting = requests.iter().filter(|request| request.state == RequestState::Waiting);
    let may_sync = !matches!(about.kind, AboutKind::Request | AboutKind::Return);
    Ok(Some(TicketActs {
        order,
        requests: waiting
            .map(|request| {
                let view = RequestView::new(request, t).for_class(request, RoleClass::Staff, t);
                (view, request.id.to_string(), request.version)
            })
            .collect(),
        may_sync: may_sync && allowed(session, Area::Stores, Action::Sync),
    }))
}
