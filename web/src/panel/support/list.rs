//! `GET /support`: tickets, those first that were spoken in last. A merchant's users see their own.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use storewire_db::{
    stores,
    tickets::{self, TicketFilter},
};
use storewire_domain::TicketId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more, split_key},
        respond, url,
        view::{Filter, TicketView, TicketsPage, filter},
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
    let wanted = narrowing.choice.as_deref().map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
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
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let (t, now) = (words(&session), state.clock.now());
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let choice = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(|row| format!("{}_{}", row.last_message_at.as_microsecond(), row.id));
    let last = last.unwrap_or_default();
    let further = [("state", choice), ("store", store.as_str()), ("after", &last)];
    let live = url::live("tickets", cursor.as_str(), &[("state", choice), ("store", store.as_str())]);
    respond::page(&TicketsPage {
        frame: Frame::new(&request, &session, url::SUPPORT, now, &t).under(alerts).following(live),
        filter: Filter::new(filter::tickets(&t), &narrowing, &stores),
        takes_new: !narrowing.is_further,
        rows: found
            .iter()
            .map(|row| TicketView::new(row, session.class(), unread.contains(&row.id), now, &t))
            .collect(),
        older: has_more.then(|| url::with(url::SUPPORT, &further)),
        t,
    })
}

/// Where the page begins; garbage begins anew.
fn before(after: Option<&str>) -> Option<(Timestamp, TicketId)> {
    let (at, id) = split_key(after)?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}
