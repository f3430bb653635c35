//! `POST /orders/bulk` and `GET /orders/bulk/{id}`: one status for the orders that were ticked, and what became of each.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_actors::DeskError;
use storewire_db::orders;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    api::orders::bulk,
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        propose::refuse,
        respond, url,
        view::{BulkPage, BulkRow},
    },
    state::AppState,
};

/// Handles the form. Each ticked order comes as `order` with its id and the status that its row showed, told apart by a colon.
pub async fn submit(
    session: Session,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Orders, Action::Edit)?;
    let of = |wanted: &str| form.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let (status, deed) = (of("status").unwrap_or_default(), of("deed").and_then(|deed| deed.parse().ok()));
    let deed = deed.unwrap_or_else(Uuid::now_v7);
    let ticked = form.iter().filter(|(name, _)| name == "order").map(|(_, value)| {
        let (id, seen) = value.split_once(':').unwrap_or((value, ""));
        let id = id.parse().map_err(|_| WebError::NotFound)?;
        Ok((id, (!seen.is_empty()).then(|| seen.to_owned())))
    });
    let ticked: Vec<(Uuid, Option<String>)> = ticked.collect::<Result<_, WebError>>()?;
    if ticked.is_empty() || status.is_empty() {
        return Ok(refuse(url::ORDERS, "bulk_nothing"));
    }
    let wishes = bulk::named(&session, &state, ticked).await?;
    match state.engine.desk().change_orders(deed, session.hand(), wishes, status.to_owned()).await {
        Ok(()) => Ok(respond::see(&url::bulk(deed))),
        Err(DeskError::Rejected(rejected)) => Ok(refuse(url::ORDERS, rejected.fault.as_str())),
        Err(error) => Err(error.into()),
    }
}

/// Handles the look at it.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Orders, Action::Edit)?;
    let t = words(&session);
    let tx = state.db.read(&session.scope()).await?;
    let (rows, mut written) = bulk::read(&tx, *id).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.entity_id).collect();
    let found = orders::summaries(&tx, &ids).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let row = |row: &storewire_db::bulks::BulkRow| {
        let order = found.iter().find(|order| order.id.uuid() == row.entity_id);
        let intent = row.intent_id.and_then(|id| written.remove(&id));
        BulkRow::new(row, order, intent.as_ref(), &t)
    };
    let rows: Vec<BulkRow> = rows.iter().map(row).collect();
    let live = url::live("changes", cursor.as_str(), &[]);
    respond::page(&BulkPage {
        frame: Frame::new(&request, &session, url::ORDERS, state.clock.now(), &t).under(alerts).following(live),
        counts: BulkRow::counts(&rows, &t),
        rows,
        t,
    })
}
