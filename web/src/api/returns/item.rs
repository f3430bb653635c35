//! A return as the API tells of it.

use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{ReturnRow, returns::ItemRow};
use storewire_domain::{
    IntentState, RoleClass,
    returns::{ItemDecision, ReturnReason, ReturnState},
};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::money::quantity;

/// One return.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnItem {
    pub id: Uuid,
    /// By which people call it, counted within the merchant.
    #[schema(example = 3)]
    pub number: i64,
    /// Where to ask how it stands.
    #[schema(example = "/api/v1/returns/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub store_id: Uuid,
    pub store_name: String,
    pub order_id: Uuid,
    #[schema(example = "1041")]
    pub order_number: String,
    /// `asked`, `accepted`, `declined`, `received`, `decided`, `closed` or `cancelled`.
    #[schema(value_type = String, example = "asked")]
    pub state: ReturnState,
    /// Give it as `If-Match` with a step; it moves with every step.
    pub version: i64,
    /// `damaged`, `wrong_item`, `not_as_described`, `unwanted`, `late` or `other`.
    #[schema(value_type = String, example = "damaged")]
    pub reason: ReturnReason,
    /// What was said when it was opened.
    pub note: String,
    pub opened_by_name: String,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    pub buyer_name: String,
    /// As the order had it; empty if there is nowhere to write to.
    pub buyer_email: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    pub items: Vec<ReturnedItem>,
}

/// What comes back of one line of the order.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedItem {
    /// By which steps name it, from 1.
    pub position: i32,
    /// The store's id of the order's line.
    #[schema(example = "7")]
    pub line: String,
    pub product_id: Option<Uuid>,
    pub name: String,
    pub sku: String,
    /// How many are to come.
    #[schema(example = "2")]
    pub quantity: String,
    /// How many came; null until they are counted.
    #[schema(example = "2")]
    pub received: Option<String>,
    /// `restock`, `scrap` or `send_back`.
    #[schema(value_type = Option<String>, example = "restock")]
    pub decision: Option<ItemDecision>,
    /// How far its way back to the shelf has come, as the `state` of an intent.
    #[schema(value_type = Option<String>, example = "done")]
    pub restock: Option<IntentState>,
    /// Why that failed, or waits, as a code.
    pub restock_reason: Option<String>,
    /// What writes it. For staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent_id: Option<Uuid>,
}

impl ReturnItem {
    /// As readers of this class see it.
    #[must_use]
    pub fn of(row: ReturnRow, class: RoleClass) -> Self {
        Self {
            href: format!("/api/v1/returns/{}", row.id),
            id: row.id.uuid(),
            number: row.number,
            store_id: row.store_id.uuid(),
            store_name: row.store_name,
            order_id: row.order_id.uuid(),
            order_number: row.order_number,
            state: row.state,
            version: row.version,
            reason: row.reason,
            note: row.note,
            opened_by_name: row.opened_name,
            opened_at: row.opened_at,
            buyer_name: row.buyer_name,
            buyer_email: row.buyer_email,
            ended_at: row.ended_at,
            items: row.items.into_iter().map(|item| ReturnedItem::of(item, class)).collect(),
        }
    }
}

impl ReturnedItem {
    fn of(item: ItemRow, class: RoleClass) -> Self {
        Self {
            position: item.position,
            line: item.line_remote_id,
            product_id: item.product_id.map(|id| id.uuid()),
            name: item.name,
            sku: item.sku,
            quantity: quantity(item.quantity),
            received: item.received.map(quantity),
            decision: item.decision,
            restock: item.restock,
            restock_reason: item.restock_reason,
            intent_id: item.intent_id.filter(|_| class == RoleClass::Staff),
        }
    }
}
