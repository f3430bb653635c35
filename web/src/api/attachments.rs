//! Files that people attach to tickets and returns. Who may have one is decided by what carries it.

pub mod show;
pub mod upload;

use actix_web::web;
use storewire_db::{AttachmentRow, ReadTx, attachments, returns};
use storewire_domain::{AttachmentId, RoleClass};
use storewire_guard::access::{Action, Area};

use crate::{
    api::{get_only, post_only, tickets},
    error::WebError,
    extract::Session,
};

/// What the largest file takes, and a little for who sends a byte too many: that is refused with words.
const MAX_BODY_BYTES: usize = (10 << 20) + (64 << 10);

/// Mounts the routes of files.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/attachments")
            .app_data(web::PayloadConfig::default().limit(MAX_BODY_BYTES))
            .route(web::post().to(upload::handler))
            .default_service(web::to(post_only)),
    )
    .service(web::resource("/attachments/{id}").route(web::get().to(show::handler)).default_service(web::to(get_only)));
}

/// The file, if it is there for this reader: of a ticket or return that they see, or one that they uploaded and nothing carries yet.
async fn visible(tx: &ReadTx, session: &Session, id: AttachmentId) -> Result<AttachmentRow, WebError> {
    let file = attachments::find(tx, id).await?.ok_or(WebError::NotFound)?;
    if file.for_staff && session.class() != RoleClass::Staff {
        return Err(WebError::NotFound);
    }
    match (file.ticket_id, file.return_id) {
        (Some(ticket), _) => {
            session.require(Area::Support, Action::View)?;
            tickets::visible(tx, session, ticket).await?;
        }
        (None, Some(returned)) => {
            session.require(Area::Returns, Action::View)?;
            returns::find(tx, returned).await?.ok_or(WebError::NotFound)?;
        }
        (None, None) if file.uploaded_by == session.user_id => {}
        (None, None) => return Err(WebError::NotFound),
    }
    Ok(file)
}
