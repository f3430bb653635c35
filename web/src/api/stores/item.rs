//! A store as JSON: as much of it as the reader's role may know.

use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{ReadTx, StoreRow, budgets, budgets::Budget, stores};
use storewire_domain::{RoleClass, StoreId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::budget::BudgetItem;
use crate::{api::once::Reply, error::WebError, extract::Session, state::AppState};

/// A store, as much of it as the reader's role may know.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum StoreItem {
    Staff(Box<StaffStore>),
    Merchant(MerchantStore),
}

/// A store as its own merchant sees it: its troubles are the staff's work.
#[derive(Debug, Serialize, ToSchema)]
pub struct MerchantStore {
    pub id: Uuid,
    pub name: String,
    #[schema(example = "TRY")]
    pub currency: String,
    /// Everything up to here has been read; null before the first import ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// `as_of` is further back than it should be.
    pub is_stale: bool,
}

/// A store as staff see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffStore {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub tenant_name: String,
    pub name: String,
    #[schema(example = "https://shop.example.com/")]
    pub url: String,
    /// `new`, `importing`, `live`, `degraded`, `needs_attention`, `paused` or `parked`.
    pub state: &'static str,
    /// Why, as a code.
    #[schema(example = "auth_failed")]
    pub state_reason: Option<String>,
    #[schema(example = "Europe/Istanbul")]
    pub timezone: String,
    #[schema(example = "TRY")]
    pub currency: String,
    /// Digits after the point in the store's prices.
    pub decimals: i32,
    pub woo_version: Option<String>,
    /// Everything up to here has been read; null before the first import ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Timestamp>,
    /// `as_of` is further back than the goal allows.
    pub is_stale: bool,
    /// How old its numbers may be before people are warned.
    pub freshness_goal_seconds: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_ok_at: Option<Timestamp>,
    pub last_error: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_error_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_webhook_at: Option<Timestamp>,
    /// When its webhooks were last found or put in order.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub hooks_checked_at: Option<Timestamp>,
    /// Other addresses under which this very store sends webhooks.
    pub known_sources: Vec<String>,
    /// A person chose to reach it without TLS.
    pub plain_http: bool,
    /// Deliveries received and not yet applied.
    pub inbox_pending: i64,
    /// Records that are to be asked of the store again.
    pub rechecks: i64,
    /// Changes on their way to the store.
    pub intents: i64,
    /// What was given up on and waits for a person.
    pub dead_letters: i64,
    /// How gently it is treated at present; null before its actor first ran.
    pub budget: Option<BudgetItem>,
    pub orders: i64,
    pub products: i64,
    /// Rows read by the first import so far.
    pub backfill_done: i64,
    /// Rows that the store announced for it.
    pub backfill_total: Option<i64>,
    /// How long the first import will take yet, once enough of it is done to tell.
    pub eta_seconds: Option<u64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

impl StoreItem {
    pub(super) fn for_class(row: StoreRow, budget: Option<Budget>, class: RoleClass, now: Timestamp) -> Self {
        match class {
            RoleClass::Staff => Self::Staff(Box::new(StaffStore::new(row, budget, now))),
            RoleClass::Merchant => Self::Merchant(MerchantStore {
                is_stale: row.is_stale(now),
                id: row.id.uuid(),
                name: row.name,
                currency: row.currency,
                as_of: row.as_of,
            }),
        }
    }

    /// The store as it is now, if this reader sees it.
    pub(super) async fn find(tx: &ReadTx, session: &Session, id: Uuid, now: Timestamp) -> Result<Self, WebError> {
        let row = stores::find(tx, StoreId(id)).await?.ok_or(WebError::NotFound)?;
        let budget = budgets::of_store(tx, row.tenant_id, row.id).await?;
        Ok(Self::for_class(row, budget, session.class(), now))
    }

    /// What a deed is answered: the store as it is after it.
    pub(super) async fn after(session: &Session, state: &AppState, id: Uuid) -> Result<Reply, WebError> {
        let tx = state.db.read(&session.scope()).await?;
        let store = Self::find(&tx, session, id, state.clock.now()).await?;
        tx.commit().await?;
        Reply::done(&store)
    }
}

impl StaffStore {
    fn new(row: StoreRow, budget: Option<Budget>, now: Timestamp) -> Self {
        Self {
            is_stale: row.is_stale(now),
            eta_seconds: row.import_left(now).map(|left| left.as_secs()),
            id: row.id.uuid(),
            tenant_id: row.tenant_id.uuid(),
            tenant_name: row.tenant_name,
            name: row.name,
            url: row.home_url,
            state: row.state.as_str(),
            state_reason: row.state_reason,
            timezone: row.timezone,
            currency: row.currency,
            decimals: row.decimals,
            woo_version: row.woo_version,
            as_of: row.as_of,
            freshness_goal_seconds: row.freshness_goal.as_secs(),
            last_ok_at: row.last_ok_at,
            last_error: row.last_error,
            last_error_at: row.last_error_at,
            last_webhook_at: row.last_webhook_at,
            hooks_checked_at: row.hooks_checked_at,
            known_sources: row.known_sources,
            plain_http: row.plain_http,
            inbox_pending: row.inbox_pending,
            rechecks: row.rechecks,
            intents: row.intents,
            dead_letters: row.dead_letters,
            budget: budget.map(BudgetItem::from),
            orders: row.orders,
            products: row.products,
            backfill_done: row.backfill_done,
            backfill_total: row.backfill_total,
            created_at: row.created_at,
        }
    }
}
