//! Changes on their way to stores: where each stands, and a person's second thoughts. For staff.

pub mod cancel;
pub mod list;
pub mod propose;
pub mod retry;
pub mod show;

use actix_web::web;
use jiff::Timestamp;
use serde::Serialize;
use storewire_db::{ReadTx, intents, intents::IntentRow};
use storewire_domain::{Edit, IntentState};
use storewire_guard::access::{Action, Area};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    api::{get_only, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the intent routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/intents").route(web::get().to(list::handler)).default_service(web::to(get_only)))
        .service(web::resource("/intents/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)))
        .service(
            web::resource("/intents/{id}/retry")
                .route(web::post().to(retry::handler))
                .default_service(web::to(post_only)),
        )
        .service(
            web::resource("/intents/{id}/cancel")
                .route(web::post().to(cancel::handler))
                .default_service(web::to(post_only)),
        );
}

/// One change on its way to a store. `expected`, `before` and `result` hold values by field name.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntentItem {
    pub id: Uuid,
    /// Where to ask how it stands.
    #[schema(example = "/api/v1/intents/0195f7a0-0000-7000-8000-000000000001")]
    pub href: String,
    pub store_id: Uuid,
    /// `product.stock`, `product.price`, `product.status`, `product.categories`, `product.text`, `product.trash`, `product.create`,
    /// `product.add_variation`, `order.place`, `order.status`, `order.note`, `order.tracking` or `customer.fields`.
    #[schema(example = "product.stock")]
    pub kind: String,
    /// Our id of the order, product or customer.
    pub entity_id: Uuid,
    pub remote_id: String,
    /// What is to change.
    #[schema(value_type = Object)]
    pub edit: Edit,
    /// `waiting`, `sending`, `unknown` (sent without a clear answer, being found out), `done` or `failed`.
    #[schema(value_type = String)]
    pub state: IntentState,
    /// Why it failed or waits, as a code; `already` for one that was so before anything was sent.
    pub reason: Option<String>,
    /// How often it was sent.
    pub attempts: i16,
    /// What the person saw: if the store holds something else, nothing is sent.
    #[schema(value_type = Option<Object>)]
    pub expected: Option<serde_json::Value>,
    /// What the store held right before it was sent.
    #[schema(value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    /// What the store held when it was last looked at.
    #[schema(value_type = Option<Object>)]
    pub result: Option<serde_json::Value>,
    pub user_name: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub sent_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
}

impl From<IntentRow> for IntentItem {
    fn from(row: IntentRow) -> Self {
        Self {
            href: format!("/api/v1/intents/{}", row.id),
            id: row.id,
            store_id: row.store_id.uuid(),
            kind: row.kind,
            entity_id: row.entity_id,
            remote_id: row.remote_id,
            edit: row.edit,
            state: row.state,
            reason: row.reason,
            attempts: row.attempts,
            expected: row.expected,
            before: row.before,
            result: row.result,
            user_name: row.user_name,
            created_at: row.created_at,
            sent_at: row.sent_at,
            updated_at: row.updated_at,
            finished_at: row.finished_at,
        }
    }
}

/// The intent, if it is there for this reader and they may change such a record: in that order, as for stores.
async fn visible(tx: &ReadTx, session: &Session, id: Uuid) -> Result<IntentRow, WebError> {
    let intent = intents::find(tx, id).await?.ok_or(WebError::NotFound)?;
    session.require(area(&intent.edit), Action::Edit)?;
    Ok(intent)
}

/// The same, for a deed that needs no further look at the rows.
async fn addressed(session: &Session, state: &AppState, id: Uuid) -> Result<IntentRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let intent = visible(&tx, session, id).await?;
    tx.commit().await?;
    Ok(intent)
}

fn area(edit: &Edit) -> Area {
    match edit {
        Edit::Stock { .. } => Area::Inventory,
        Edit::Price { .. }
        | Edit::ProductStatus { .. }
        | Edit::Categories { .. }
        | Edit::Text { .. }
        | Edit::Trash
        | Edit::Create { .. }
        | Edit::AddVariation { .. } => Area::Products,
        Edit::OrderStatus { .. } | Edit::OrderNote { .. } | Edit::Tracking { .. } | Edit::PlaceOrder { .. } => {
            Area::Orders
        }
        Edit::Customer { .. } => Area::Customers,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use utoipa::PartialSchema as _;

    use super::*;

    #[test]
    fn every_kind_of_change_is_named_to_callers() {
        let refused = serde_json::from_value::<Edit>(json!({"kind": "none"})).unwrap_err().to_string();
        let (_, kinds) = refused.split_once("expected one of ").unwrap();
        let kinds: Vec<&str> = kinds.split(", ").collect();
        assert!(kinds.len() >= 13, "{refused}");
        let schema = serde_json::to_value(IntentItem::schema()).unwrap();
        let described = schema["properties"]["kind"]["description"].as_str().unwrap();
        for kind in kinds {
            assert!(described.contains(kind), "{kind} is not in {described}");
        }
    }
}
