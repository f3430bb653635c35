//! The end of what was to go back on the shelf: it is told in the return's timeline, and to people, in the same transaction.

use jiff::Timestamp;
use serde_json::json;
use storewire_db::{
    DbError, TenantTx,
    changes::NewChange,
    returns::{self, NewEvent},
};
use storewire_domain::{Source, returns::ReturnEntry};
use uuid::Uuid;

use super::{super::outcome::EndedIntent, news, told};

/// Tells of these intents in the timelines of the returns that caused them, and answers what the change log is to say of it. Others are
/// passed by.
pub(crate) async fn follow(
    tx: &TenantTx,
    intents: &[EndedIntent<'_>],
    source: Source,
    now: Timestamp,
) -> Result<Vec<NewChange>, DbError> {
    let mut log = Vec::new();
    for intent in intents {
        let Some(of) = intent.cause.returned else { continue };
        let EndedIntent { id, state, reason, result, .. } = intent;
        let detail = json!({ "intent": id, "state": state, "reason": reason, "result": result });
        let (id, kind) = (Uuid::now_v7(), ReturnEntry::Restock);
        let event = NewEvent { of, id, by: None, kind, text: "", detail: &detail, letter: None };
        returns::event(tx, &event, now).await?;
        news::tell_end(tx, of, intent, now).await?;
        log.push(told::changed(of, None, source));
    }
    Ok(log)
}
