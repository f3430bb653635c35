//! Connected stores: what they are, for staff how they are, and what staff do with them.

pub mod accept_source;
pub mod alerts;
pub mod budget;
pub mod change;
pub mod connect;
pub mod diary;
pub mod drift;
pub mod fields;
pub mod item;
pub mod list;
pub mod pause;
pub mod reconcile;
pub mod resume;
pub mod rotate_secret;
pub mod show;
pub mod sync;
pub mod test_connection;
pub mod walks;

use actix_web::web;
use storewire_db::{ReadTx, StoreRow, stores};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area};
use uuid::Uuid;

use crate::{
    api::{get_only, get_or_patch, get_or_post, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the store routes.
pub fn configure(cfg: &mut web::ServiceConfig) {
    let stores = web::resource("/stores")
        .route(web::get().to(list::handler))
        .route(web::post().to(connect::handler))
        .default_service(web::to(get_or_post));
    let one = web::resource("/stores/{id}")
        .route(web::get().to(show::handler))
        .route(web::patch().to(change::handler))
        .default_service(web::to(get_or_patch));
    let fields = web::resource("/stores/{id}/fields")
        .route(web::get().to(fields::show))
        .route(web::patch().to(fields::set))
        .default_service(web::to(get_or_patch));
    cfg.service(stores)
        .service(deed("/stores/test-connection").route(web::post().to(test_connection::handler)))
        .service(one)
        .service(fields)
        .service(deed("/stores/{id}/sync").route(web::post().to(sync::handler)))
        .service(deed("/stores/{id}/pause").route(web::post().to(pause::handler)))
        .service(deed("/stores/{id}/resume").route(web::post().to(resume::handler)))
        .service(deed("/stores/{id}/reconcile").route(web::post().to(reconcile::handler)))
        .service(deed("/stores/{id}/webhook-secret").route(web::post().to(rotate_secret::handler)))
        .service(deed("/stores/{id}/sources").route(web::post().to(accept_source::handler)))
        .service(look("/stores/{id}/diary").route(web::get().to(diary::handler)))
        .service(look("/stores/{id}/walks").route(web::get().to(walks::handler)))
        .service(look("/stores/{id}/drift").route(web::get().to(drift::handler)))
        .service(look("/stores/{id}/budget").route(web::get().to(budget::handler)))
        .service(look("/stores/{id}/alerts").route(web::get().to(alerts::handler)));
}

fn deed(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::to(post_only))
}

fn look(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::to(get_only))
}

/// The store, if it is there for this reader and they may do this: in that order, so that a foreign store is 404 for every role.
pub(super) async fn visible(tx: &ReadTx, session: &Session, id: Uuid, action: Action) -> Result<StoreRow, WebError> {
    let store = stores::find(tx, StoreId(id)).await?.ok_or(WebError::NotFound)?;
    session.require(Area::Stores, action)?;
    Ok(store)
}

/// The same, for a deed that needs no further look at the rows.
pub(super) async fn addressed(
    session: &Session,
    state: &AppState,
    id: Uuid,
    action: Action,
) -> Result<StoreRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let store = visible(&tx, session, id, action).await?;
    tx.commit().await?;
    Ok(store)
}
