//! The requests that wait about a record, for its page.

use storewire_db::{
    DbError, ReadTx,
    requests::{self, RequestFilter},
};
use storewire_domain::request::RequestState;
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    extract::Session,
    panel::{
        view::{AskForms, Asks, RequestView},
        words::Words,
    },
};

/// As many are listed as wait about one record on a busy day.
const LISTED: u32 = 20;

/// What the page of a record says of requests; `forms` are for who may ask.
///
/// # Errors
/// As every statement.
pub async fn of_record(
    tx: &ReadTx,
    session: &Session,
    entity: Uuid,
    forms: Option<AskForms>,
    t: &Words,
) -> Result<Asks, DbError> {
    let may = |action| allowed(session, Area::Requests, action);
    let filter = RequestFilter {
        entity: Some(entity),
        state: Some(RequestState::Waiting),
        own: session.own(),
        limit: LISTED,
        ..RequestFilter::default()
    };
    let found = if may(Action::View) { requests::list(tx, &filter).await? } else { Vec::new() };
    let waiting = found.iter().map(|row| RequestView::new(row, t).for_class(row, session.class(), t));
    Ok(Asks { waiting: waiting.collect(), forms: forms.filter(|_| may(Action::Request)) })
}
