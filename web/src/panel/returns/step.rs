//! `POST /returns/{id}/step`: moves a return. For staff.

use actix_web::{HttpResponse, web};
use rust_decimal::Decimal;
use storewire_actors::desk::{ReturnAt, ReturnStep};
use storewire_domain::{
    ReturnId,
    returns::{ItemDecision, ReturnEvent, ReturnRefusal},
};
use uuid::Uuid;

use super::told;
use crate::{
    api::returns::addressed,
    error::WebError,
    extract::Session,
    panel::{amount, respond, url},
    state::AppState,
};

/// A form that says something of several items, by names such as `received-2`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [(String, String)]);

impl<'a> Fields<'a> {
    /// A field's text; empty if there is none.
    pub(super) fn get(self, name: &str) -> &'a str {
        self.0.iter().find(|(found, _)| found == name).map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// What follows `prefix` in the names of fields, with their texts.
    pub(super) fn named(self, prefix: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, text)| Some((name.strip_prefix(prefix)?, text.as_str())))
    }

    /// By which a form that is sent twice is known.
    pub(super) fn deed(self) -> Result<Uuid, WebError> {
        self.get("deed").parse().map_err(|_| no_form())
    }

    /// `None` if what was typed is no number.
    fn counts(self) -> Option<Vec<(i32, Decimal)>> {
        self.named("received-").map(|(position, typed)| Some((position.parse().ok()?, amount::read(typed)?))).collect()
    }

    /// Of the items of which something was chosen.
    fn decisions(self) -> Result<Vec<(i32, ItemDecision)>, WebError> {
        let chosen = self.named("decision-").filter(|(_, word)| !word.is_empty());
        let read = |(position, word): (&str, &str)| Some((position.parse().ok()?, word.parse().ok()?));
        chosen.map(|one| read(one).ok_or_else(no_form)).collect()
    }
}

/// Handles the request.
pub async fn submit(
    session: Session,
    id: web::Path<ReturnId>,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id).await?;
    let fields = Fields(&form);
    let version = fields.get("version").parse().map_err(|_| no_form())?;
    let of = ReturnAt { tenant: row.tenant_id, id: row.id, version };
    let step = match fields.get("step").parse().map_err(|_| no_form())? {
        ReturnEvent::Accept => ReturnStep::Accept,
        ReturnEvent::Decline => ReturnStep::Decline { reason: fields.get("reason").replace("\r\n", "\n") },
        ReturnEvent::Receive => match fields.counts() {
            Some(counts) => ReturnStep::Receive(counts),
            None => return Ok(unread(row.id)),
        },
        ReturnEvent::Decide => ReturnStep::Decide(fields.decisions()?),
        ReturnEvent::Close => ReturnStep::Close,
        ReturnEvent::Cancel => ReturnStep::Cancel,
    };
    let outcome = state.engine.desk().step_return(fields.deed()?, session.hand(), of, step).await;
    told(&row, outcome, "moved")
}

/// What was typed is no number.
fn unread(id: ReturnId) -> HttpResponse {
    let word = format!("return-{}", ReturnRefusal::BadQuantity.as_str());
    respond::see(&url::saying(&url::returned(id), &word))
}

fn no_form() -> WebError {
    WebError::BadRequest("this is no form of ours".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_by_their_positions_and_a_form_of_another_hand_is_none() {
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let read = form(&[("received-1", "2"), ("received-2", "0"), ("decision-1", "restock"), ("decision-2", "")]);
        let fields = Fields(&read);
        assert_eq!(fields.counts(), Some(vec![(1, Decimal::TWO), (2, Decimal::ZERO)]));
        assert_eq!(fields.decisions().unwrap(), [(1, ItemDecision::Restock)]);
        assert!(fields.deed().is_err() && fields.get("version").is_empty());
        let odd = form(&[("received-1", "some"), ("decision-x", "scrap")]);
        assert_eq!(Fields(&odd).counts(), None);
        assert!(Fields(&odd).decisions().is_err());
    }
}
