//! `GET /stores/{id}`: one store's health, how it is treated, what was found out about it, and what to do.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{StoreRow, budgets, dead_letters, diary, drifts, ownership, stores, sweeps, webhook_gaps};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area, allowed};

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, url,
        view::{BudgetView, DiaryLine, DriftView, GapView, OwnersForm, RunView, Sources, StorePage, StoreView, When},
    },
    state::AppState,
};

/// Entries listed here; their own pages have the rest.
const LISTED: u32 = 10;

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<StoreId>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let tenant = store.tenant_id;
    let budget = budgets::of_store(&tx, tenant, *id).await?;
    let gaps = webhook_gaps::of_store(&tx, tenant, *id, LISTED).await?;
    let walks = sweeps::list_of(&tx, tenant, *id).await?;
    let mut drift = drifts::list(&tx, tenant, *id, None, LISTED + 1).await?;
    let mut diary = diary::list(&tx, tenant, *id, None, LISTED + 1).await?;
    let foreign = dead_letters::foreign_sources(&tx, tenant, *id).await?;
    let owners = ownership::of_store(&tx, tenant, *id).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let live = url::live("store", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&StorePage {
        frame: Frame::new(&request, &session, url::STORES, now, &t)
            .under(alerts)
            .following(live)
            .at("store", id.uuid()),
        row: StoreView::new(&store, now, &t),
        budget: budget.map(|budget| BudgetView::new(&budget, now, &t)),
        hooks_checked: store.hooks_checked_at.map(When::ago),
        gaps: gaps.iter().map(|gap| GapView::new(gap, &t)).collect(),
        runs: RunView::all(&walks, &t),
        has_more_drift: is_cut(&mut drift),
        drift: drift.iter().map(|drift| DriftView::new(drift, &t)).collect(),
        has_more_diary: is_cut(&mut diary),
        diary: diary.iter().map(|entry| DiaryLine::new(entry, &t).of(*id)).collect(),
        sources: sources(&store, foreign),
        can_edit: allowed(&session, Area::Stores, Action::Edit),
        owners: allowed(&session, Area::Stores, Action::SetOwner).then(|| OwnersForm::new(&owners, &t)),
        t,
    })
}

/// Cuts the row that only told whether there are more.
fn is_cut<T>(rows: &mut Vec<T>) -> bool {
    let is_cut = rows.len() > LISTED as usize;
    rows.truncate(LISTED as usize);
    is_cut
}

fn sources(store: &StoreRow, foreign: Vec<String>) -> Sources {
    let suspected = foreign.into_iter().filter(|source| !source.is_empty() && !store.known_sources.contains(source));
    Sources { suspected: suspected.collect(), known: store.known_sources.clone() }
}
