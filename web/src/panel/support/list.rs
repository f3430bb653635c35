//! `GET /support`: tickets, those first that were spoken in last. A merchant's users see their own.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::tickets::{self, TicketFilter};
use storewire_domain::TicketId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        cards::{self, Around, Beside, List},
        frame::words,
        narrow::{self, ListQuery, PAGE, split_key},
        respond, url,
        view::{self, TicketView, TicketsPage},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Support, Action::View)?;
    let narrowing = query.narrowing()?;
    let wanted = cards::state(&narrowing)?;
    let filter = TicketFilter {
        store: narrowing.store,
        state: wanted,
        own: session.own(),
        before: before(query.after.as_deref()),
        limit: PAGE + 1,
        ..TicketFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = tickets::list(&tx, &filter).await?;
    let ids: Vec<TicketId> = found.iter().map(|row| row.id).collect();
    let unread: HashSet<TicketId> = tickets::unread(&tx, session.user_id, &ids).await?.into_iter().collect();
    let beside = Beside::read(&tx, &session).await?;
    tx.commit().await?;

    let (t, now) = (words(&session), state.clock.now());
    let last = narrow::last(&mut found, |row| format!("{}_{}", row.last_message_at.as_microsecond(), row.id));
    let list = List { nav: url::SUPPORT, bar: view::filter::tickets(&t), live: "tickets" };
    let of = (&request, &session, state.get_ref());
    let Around { frame, filter, older } = Around::new(of, list, (&narrowing, beside), last.as_deref(), &t);
    respond::page(&TicketsPage {
        frame,
        filter,
        takes_new: !narrowing.is_further,
        rows: found
            .iter()
            .map(|row| TicketView::new(row, session.class(), unread.contains(&row.id), now, &t))
            .collect(),
        older,
        t,
    })
}

/// Where the page begins; garbage begins anew.
fn before(after: Option<&str>) -> Option<(Timestamp, TicketId)> {
    let (at, id) = split_key(after)?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}
