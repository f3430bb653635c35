//! `GET /stores/{id}`: one store's health, and what to do about it.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::stores;
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area, allowed};

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{StorePage, StoreView},
    },
    state::AppState,
};

/// What led here.
#[derive(Debug, Deserialize)]
pub struct StoreQuery {
    /// A sync was just asked for: `yes` if the store's actor took the wish.
    asked: Option<String>,
}

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    id: web::Path<StoreId>,
    query: web::Query<StoreQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::View)?;
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, *id).await?.ok_or(WebError::NotFound)?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let live = url::live("store", cursor.as_str(), &[("id", &id.to_string())]);
    respond::page(&StorePage {
        frame: Frame::new(&request, &session, url::STORES, state.clock.now(), &t).following(live),
        row: StoreView::new(&store, &t),
        can_sync: allowed(&session, Area::Stores, Action::Sync),
        answer: query.asked.as_deref().map(|asked| match asked {
            "yes" => t.get("store-synced"),
            _ => t.get("store-sync-asleep"),
        }),
        t,
    })
}
