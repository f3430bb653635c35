//! `GET /inventory/imports/{id}`: what a file of counts would change, and afterwards what became of each line.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::stock::{self, LineFilter};
use storewire_domain::stock::ImportFinding;
use uuid::Uuid;

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{ImportLineView, ImportPage, ImportView, import},
    },
    state::AppState,
};

/// Lines on a page.
const LINES: u32 = 200;

/// Which lines. Each may be absent or empty.
#[derive(Debug, Deserialize)]
pub struct LinesQuery {
    finding: Option<String>,
    after: Option<String>,
}

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    query: web::Query<LinesQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session)?;
    let finding = query.finding.as_deref().filter(|word| !word.is_empty());
    let finding: Option<ImportFinding> = finding.map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
    let after = query.after.as_deref().and_then(|line| line.parse().ok());
    let tx = state.db.read(&session.scope()).await?;
    let row = stock::find_import(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let totals = stock::totals(&tx, row.tenant_id, row.id).await?;
    let filter = LineFilter { finding, after, limit: LINES + 1 };
    let mut lines = stock::lines_of(&tx, row.tenant_id, row.id, &filter).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let has_more = lines.len() > LINES as usize;
    lines.truncate(LINES as usize);
    let last = lines.last().map(|line| line.line.to_string()).unwrap_or_default();
    let further = [("finding", finding.map(ImportFinding::as_str).unwrap_or_default()), ("after", &last)];
    let live = url::live("import", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&ImportPage {
        frame: Frame::new(&request, &session, url::INVENTORY, state.clock.now(), &t).following(live),
        import: ImportView::new(&row, &t),
        totals: import::totals(&totals, &t),
        tabs: import::tabs(row.id, &totals, finding, &t),
        rows: lines.iter().map(|line| ImportLineView::new(line, &t)).collect(),
        next: has_more.then(|| url::with(&url::import(row.id), &further)),
        t,
    })
}
