//! `POST /stores/{id}/fields`: says who owns the fields of a store.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use storewire_actors::OwnersError;
use storewire_domain::{
    StoreId,
    owner::{OwnedField, Owner},
};
use storewire_guard::access::Action;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{respond, url},
    state::AppState,
};

/// Handles the request. Each owner comes by its field's name, and as `version` what the page showed.
pub async fn submit(
    session: Session,
    id: web::Path<StoreId>,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let store = addressed(&session, &state, *id, Action::SetOwner).await?;
    let (wanted, version) = read(&form)?;
    let word = match state.engine.set_owners(&store, &wanted, version, session.user_id).await {
        Ok(_) => "owners",
        Err(OwnersError::Changed(_)) => "owners_changed",
        Err(OwnersError::Db(error)) => return Err(error.into()),
    };
    Ok(respond::see(&url::saying(&url::store(store.id), word)))
}

/// The owners that a form names, and the version that it saw.
fn read(form: &[(String, String)]) -> Result<(BTreeMap<OwnedField, Owner>, i64), WebError> {
    let bad = |_| WebError::BadRequest("an owner or the version cannot be read".to_owned());
    let version = form.iter().find(|(name, _)| name == "version").map_or("", |(_, version)| version);
    let version = version.parse().map_err(|_| WebError::BadRequest("version is no number".to_owned()))?;
    let named = form.iter().filter_map(|(name, owner)| Some((name.parse().ok()?, owner)));
    let wanted = named.map(|(field, owner)| owner.parse().map(|owner| (field, owner))).collect::<Result<_, _>>();
    Ok((wanted.map_err(bad)?, version))
}
