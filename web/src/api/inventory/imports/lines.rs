//! `GET /api/v1/inventory/imports/{id}/lines`: what each line of a file comes to. For staff.

use actix_web::web;
use serde::{Deserialize, Serialize};
use storewire_db::stock::{self, ImportLine, LineFilter};
use storewire_domain::{IntentState, stock::ImportFinding};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::addressed;
use crate::{
    api::{
        money::quantity,
        page::{self, Page},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LineQuery {
    /// Those that came to this only.
    #[param(value_type = Option<String>)]
    finding: Option<ImportFinding>,
    /// The `next` of the page before.
    after: Option<String>,
    /// Items per page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineItem {
    /// Its number in the file.
    pub line: i32,
    pub sku: String,
    /// The count as it is written there.
    pub given: String,
    /// The count, if it is one.
    #[schema(example = "20")]
    pub wanted: Option<String>,
    pub product_id: Option<Uuid>,
    pub product_name: Option<String>,
    /// What we held when it was looked at: nothing is written if the store holds something else by then.
    #[schema(example = "12")]
    pub present: Option<String>,
    /// `change` (to be written), `same`, `unknown`, `ambiguous`, `doubled`, `bad_number`, `not_counted` or `counted_by_parent`.
    #[schema(value_type = String, example = "change")]
    pub finding: ImportFinding,
    /// What writes it.
    pub intent_id: Option<Uuid>,
    #[schema(value_type = Option<String>)]
    pub intent_state: Option<IntentState>,
    /// Why it was not written.
    pub reason: Option<String>,
}

impl From<ImportLine> for LineItem {
    fn from(line: ImportLine) -> Self {
        Self {
            line: line.line,
            sku: line.sku,
            given: line.given,
            wanted: line.wanted.map(quantity),
            product_id: line.product_id.map(|id| id.uuid()),
            product_name: line.product_name,
            present: line.present.map(quantity),
            finding: line.finding,
            intent_id: line.intent_id,
            intent_state: line.intent_state,
            reason: line.reason,
        }
    }
}

/// Lists the lines of a file in their order.
#[utoipa::path(get, path = "/api/v1/inventory/imports/{id}/lines", tag = "inventory", operation_id = "listImportLines",
    params(("id" = Uuid, Path, description = "The file's id"), LineQuery),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "A page of lines", body = Page<LineItem>),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
    query: web::Query<LineQuery>,
) -> Result<web::Json<Page<LineItem>>, WebError> {
    let limit = page::limit(query.limit)?;
    let after = page::place::<(i32,)>(query.after.as_deref())?.map(|(line,)| line);
    let row = addressed(&session, &state, *id).await?;
    let filter = LineFilter { finding: query.finding, after, limit: limit + 1 };
    let tx = state.db.read(&session.scope()).await?;
    let rows = stock::lines_of(&tx, row.tenant_id, row.id, &filter).await?;
    tx.commit().await?;
    Ok(web::Json(Page::of(rows, limit, |row| page::mark(&(row.line,)), LineItem::from)))
}
