//! Returns: what buyers send back. Staff work on those of their stores; merchants look at their own.

pub mod comment;
pub mod item;
pub mod list;
pub mod message;
pub mod open;
pub mod photos;
pub mod restock;
pub mod show;
pub mod step;

use actix_web::web;
use storewire_db::{ReadTx, ReturnRow, returns};
use storewire_domain::ReturnId;
use storewire_guard::access::{Action, Area};

pub use item::{ReturnItem, ReturnedItem};

use crate::{
    api::{get_or_patch, get_or_post, post_only},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// Mounts the routes of returns.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/returns")
            .route(web::get().to(list::handler))
            .route(web::post().to(open::handler))
            .default_service(web::to(get_or_post)),
    )
    .service(
        web::resource("/returns/{id}")
            .route(web::get().to(show::handler))
            .route(web::patch().to(step::handler))
            .default_service(web::to(get_or_patch)),
    )
    .service(
        web::resource("/returns/{id}/messages")
            .route(web::post().to(message::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/returns/{id}/comments")
            .route(web::post().to(comment::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/returns/{id}/photos")
            .route(web::post().to(photos::handler))
            .default_service(web::to(post_only)),
    )
    .service(
        web::resource("/returns/{id}/items/{position}/restock")
            .route(web::post().to(restock::handler))
            .default_service(web::to(post_only)),
    );
}

/// The return, if it is there for this reader.
pub(crate) async fn visible(tx: &ReadTx, id: ReturnId) -> Result<ReturnRow, WebError> {
    returns::find(tx, id).await?.ok_or(WebError::NotFound)
}

/// The return that somebody would do something about: one that they see, and they may.
pub(crate) async fn addressed(session: &Session, state: &AppState, id: ReturnId) -> Result<ReturnRow, WebError> {
    let tx = state.db.read(&session.scope()).await?;
    let row = visible(&tx, id).await?;
    tx.commit().await?;
    session.require(Area::Returns, Action::Edit)?;
    Ok(row)
}
