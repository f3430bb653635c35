//! Words with files, as forms of support send them.

use actix_multipart::Multipart;
use storewire_actors::desk::Words;
use storewire_db::TicketRow;
use storewire_domain::TenantId;
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::upload::{self, Caps, GivenFile, Texts},
    state::AppState,
};

/// Files that one form takes at most; programs may send more.
const FILES: usize = 5;

/// What one form takes, within what the operator lets one message carry.
pub fn caps(state: &AppState) -> Caps {
    let limits = state.engine.desk().file_limits();
    Caps { file_bytes: limits.bytes, files: limits.files.min(FILES) }
}

/// What a form said, and the deed that its page gave it.
pub struct Said {
    pub deed: Uuid,
    pub words: Words,
    pub texts: Texts,
}

/// Reads a form whose page knows whose desk it is.
///
/// # Errors
/// See [`upload::read`]. Files that were kept before stay with nobody, and are swept up.
pub async fn read(form: Multipart, session: &Session, state: &AppState, row: &TicketRow) -> Result<Said, WebError> {
    read_for(form, session, state, async |_| Ok(row.tenant_id)).await
}

/// Reads a form that tells by its texts whose desk it is.
///
/// # Errors
/// As [`read`], and what `tenant` refused.
pub async fn read_for(
    form: Multipart,
    session: &Session,
    state: &AppState,
    tenant: impl AsyncFn(&Texts) -> Result<TenantId, WebError>,
) -> Result<Said, WebError> {
    let mut files = Vec::new();
    let keep = async |texts: &Texts, GivenFile { name, bytes }: GivenFile| {
        let tenant = tenant(texts).await?;
        files.push(state.engine.desk().upload(tenant, session.hand(), name, bytes).await?.id);
        Ok(())
    };
    let texts = upload::read(form, caps(state), keep).await?;
    let deed = texts.get("deed").parse().map_err(|_| WebError::BadRequest("the form has no deed".to_owned()))?;
    Ok(Said { deed, words: Words { text: texts.get("text").to_owned(), files }, texts })
}
