//! `POST /inventory/imports`: a file of counts is compared with what we hold, and then shown.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use storewire_actors::DeskError;
use storewire_db::stores;
use storewire_domain::StoreId;
use uuid::Uuid;

use super::require;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        propose::refuse,
        respond, upload,
        upload::{Caps, GivenFile},
        url,
    },
    state::AppState,
};

/// Ten thousand lines with room for columns that nobody asked for.
const CAPS: Caps = Caps { file_bytes: 5 * 1024 * 1024, files: 1 };

/// Handles the request. Nothing is written to a store by it.
pub async fn submit(session: Session, form: Multipart, state: web::Data<AppState>) -> Result<HttpResponse, WebError> {
    require(&session)?;
    let mut given: Option<GivenFile> = None;
    let texts = upload::read(form, CAPS, async |_, file| {
        given = Some(file);
        Ok(())
    })
    .await?;
    let deed: Uuid = texts.get("deed").parse().map_err(|_| WebError::BadRequest("deed is no id".to_owned()))?;
    let Ok(store) = texts.get("store").parse::<StoreId>() else { return Ok(refuse(url::IMPORT, "import_no_store")) };
    let tx = state.db.read(&session.scope()).await?;
    let store = stores::find(&tx, store).await?.ok_or(WebError::NotFound)?;
    tx.commit().await?;
    let chosen = url::with(url::IMPORT, &[("store", &store.id.to_string())]);
    let Some(file) = given else { return Ok(refuse(&chosen, "import_no_file")) };
    let at = (store.tenant_id, store.id);
    match state.engine.desk().preview(deed, session.hand(), at, file.name, file.bytes).await {
        Ok(row) => Ok(respond::see(&url::import(row.id))),
        Err(DeskError::Refused(refusal)) => Ok(refuse(&chosen, refusal.code)),
        Err(error) => Err(error.into()),
    }
}
