//! `GET /api/v1/stores/{id}/budget`: how gently a store is treated at present, and why. For staff.

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::budgets::{self, Budget};
use storewire_guard::access::Action;
use utoipa::ToSchema;
use uuid::Uuid;

use super::visible;
use crate::{
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What a store is asked at most.
#[derive(Debug, Serialize, ToSchema)]
pub struct BudgetItem {
    /// From one request to the next.
    pub request_interval_ms: u64,
    /// Why, as a code.
    #[schema(example = "slow_answers")]
    pub reason: String,
    /// Records asked for per page.
    pub page_size: u32,
    /// How long the store takes to answer lately.
    pub latency_ms: Option<u64>,
    /// `closed`: requests go out; `open`: none does; `half_open`: one is to tell whether the store is well again.
    pub breaker: &'static str,
    /// No request goes out before this.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub rests_until: Option<Timestamp>,
    /// It asked for mercy: until then it is asked at half the pace at most.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub slower_until: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// Requests sent so far, over all times.
    pub requests: i64,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

/// Shows how gently a store is treated. 404 also before its actor first ran.
#[utoipa::path(get, path = "/api/v1/stores/{id}/budget", tag = "stores", operation_id = "showBudget",
    params(("id" = Uuid, Path, description = "The store's id")), security(("bearer" = []), ("cookie" = [])), responses(
        (status = 200, description = "Its budget", body = BudgetItem),
        (status = 403, description = "Your role may not see this", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    id: web::Path<Uuid>,
) -> Result<web::Json<BudgetItem>, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, &session, *id, Action::View).await?;
    let budget = budgets::of_store(&tx, store.tenant_id, store.id).await?;
    tx.commit().await?;
    budget.map(BudgetItem::from).map(web::Json).ok_or(WebError::NotFound)
}

impl From<Budget> for BudgetItem {
    fn from(budget: Budget) -> Self {
        let millis = |of: std::time::Duration| u64::try_from(of.as_millis()).unwrap_or(u64::MAX);
        Self {
            request_interval_ms: millis(budget.request_interval),
            reason: budget.reason,
            page_size: budget.page_size,
            latency_ms: budget.latency.map(millis),
            breaker: budget.breaker.as_str(),
            rests_until: budget.rests_until,
            slower_until: budget.slower_until,
            failures: budget.failures,
            requests: budget.requests,
            updated_at: budget.updated_at,
        }
    }
}
