//! The end of what was approved: a request ends as its intent does, in the same transaction.

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    requests::{self, Ended},
};
use storewire_domain::{
    IntentState, Source,
    request::{RequestEvent, RequestState},
};
use uuid::Uuid;

use super::{
    super::{letters, outcome::EndedIntent},
    told::{self, Subject},
};

/// Ends the requests of these intents, tells those who asked, and answers what the change log is to say of it. Intents that no request
/// caused, and none at all, cost nothing worth naming.
pub(crate) async fn follow(
    tx: &TenantTx,
    intents: &[EndedIntent<'_>],
    source: Source,
    now: Timestamp,
) -> Result<Vec<NewChange>, DbError> {
    let ended: Vec<Ended<'_>> = intents.iter().map(ended).collect();
    let mut log = Vec::new();
    for row in requests::follow(tx, &ended, now).await? {
        let (event, kind, words) = match row.state {
            RequestState::Applied => {
                let words = letters::requests::applied(row.number, &row.about);
                ((RequestEvent::Applied, "request.apply"), "request-applied", words)
            }
            _ => {
                let words = letters::requests::failed(row.number, &row.about, row.reason.as_deref());
                ((RequestEvent::Failed, "request.fail"), "request-failed", words)
            }
        };
        let id = Uuid::now_v7();
        let of =
            Subject { id: row.id, store: row.store_id, entity: row.entity_id, number: row.number, about: &row.about };
        told::note_of_engine(tx, &of, id, event, json!({ "reason": row.reason }), now).await?;
        told::tell_end(tx, &of, row.asked_by, (kind, &words), id, now).await?;
        log.push(told::changed(row.id, Some(RequestState::Approved), row.state, source));
    }
    Ok(log)
}

fn ended<'a>(intent: &EndedIntent<'a>) -> Ended<'a> {
    let (state, reason) = match intent.state {
        // `already` says that nothing had to be sent: it is applied all the same.
        IntentState::Done => (RequestState::Applied, None),
        _ => (RequestState::Failed, intent.reason),
    };
    Ended { intent: intent.id, state, reason, result: intent.result }
}
