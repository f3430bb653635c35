//! Staff decide a request: what was approved is on its way to the store in the same transaction.

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DeskTx, RequestRow,
    changes::NewChange,
    requests::{self, Decided},
};
use storewire_domain::{
    Edit, RoleClass, Source, StoreId,
    intent::{Cause, Fields},
    request::{self, Decision, Meaning, RequestEvent, RequestRefusal, RequestState},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, letters, proof::Proof},
    At, find, lock, refused,
    told::{self, Subject, Told},
    words,
};
use crate::{
    ProposeError,
    engine::{self, Again, Wish, judge_edit, write_again, write_down},
    failpoint,
};

/// Decides, commits, and has the store's actor write what was approved.
pub(crate) async fn decide(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: At,
    decision: Decision,
    reason: &str,
) -> Result<RequestRow, DeskError> {
    let tx = shared.db.desk(of.tenant).await?;
    let approved = decide_in(&tx, shared, deed, by, of, decision, reason).await?;
    failpoint!("desk.before_commit");
    tx.commit().await?;
    failpoint!("desk.after_commit");
    match approved {
        Some(store) => shared.send_on_its_way(store),
        None => {
            shared.feed.send();
            shared.letters.send();
        }
    }
    find(shared, of.tenant, of.id).await
}

/// The same within a transaction that does more. Answers the store to which something is on its way, if it is.
pub(crate) async fn decide_in(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: At,
    decision: Decision,
    reason: &str,
) -> Result<Option<StoreId>, DeskError> {
    let now = shared.clock.now();
    if by.class != RoleClass::Staff {
        return Err(RequestRefusal::StaffOnly.into());
    }
    let reason = words("reason", reason)?;
    let row = lock(tx, of.id).await?;
    let (action, kind) = match decision {
        Decision::Approve(_) => ("request.approve", "request-approved"),
        Decision::Reject => ("request.reject", "request-rejected"),
    };
    let proof = Proof { deed, action, entity: row.entity_id };
    if proof.is_there(tx, Some(row.deed_id)).await? {
        return Ok(row.intent_id.map(|_| row.store_id));
    }
    let edit = request::decide(&row.standing(), by.user, of.version, decision).map_err(|why| refused(why, &row))?;
    if decision == Decision::Reject && reason.is_empty() {
        return Err(RequestRefusal::ReasonNeeded.into());
    }
    failpoint!("desk.before_decide");
    let (intent, mut log) = match &edit {
        Some(edit) => {
            let (intent, log) = write_approved(tx, deed, by, &row, edit, now).await?;
            (Some(intent), log)
        }
        None => (None, Vec::new()),
    };
    let (state, event) = match decision {
        Decision::Approve(_) => (RequestState::Approved, RequestEvent::Approved),
        Decision::Reject => (RequestState::Rejected, RequestEvent::Rejected),
    };
    let meaning = meaning(decision);
    let decided = Decided {
        state,
        by: by.user,
        by_name: &by.name,
        meaning,
        edit: edit.as_ref(),
        intent,
        reason: (decision == Decision::Reject).then_some(reason),
        deed,
    };
    // The row is locked, and says itself what it demands: whoever comes by another way is as late as by this one.
    if requests::decide(tx, row.id, of.version, &decided, now).await?.is_none() {
        return Err(refused(RequestRefusal::AlreadyDecided, &row));
    }
    let subject = Subject::from(&row);
    let detail = json!({ "edit": edit, "meaning": meaning, "current": row.current, "version": of.version });
    told::note(tx, &subject, Told { deed, by, event, text: reason, action, detail }, now).await?;
    if decision == Decision::Reject {
        let words = letters::requests::rejected(row.number, &row.about, &by.name, reason);
        told::tell_end(tx, &subject, row.asked_by, (kind, &words), deed, now).await?;
    } else {
        told::tell(tx, &subject, row.asked_by, kind, deed, now).await?;
    }
    log.push((row.store_id, told::changed(row.id, Some(row.state), state, Source::User)));
    engine::log(tx, log, now).await?;
    Ok(edit.map(|_| row.store_id))
}

/// What an approval has on its way: the intent, and what the log is to say of it.
type OnItsWay = (Uuid, Vec<(StoreId, NewChange)>);

/// A new intent has the deed's id and expects what the decider saw. What adds to the store is never written by a second one: an earlier
/// intent that failed may have made it all the same, and finds it by its own mark.
async fn write_approved(
    tx: &DeskTx,
    deed: Uuid,
    by: &Hand,
    row: &RequestRow,
    edit: &Edit,
    now: Timestamp,
) -> Result<OnItsWay, DeskError> {
    let earlier = if edit.adds() { requests::unwritten(tx, row.id).await? } else { None };
    if let Some(earlier) = earlier {
        judge_edit(tx, row.store_id, row.entity_id, edit).await.map_err(unwritable)?;
        let (entity, reason) = (earlier.entity_id, earlier.reason.as_deref());
        let again = Again { id: earlier.intent, entity, reason, request: Some(row.id) };
        let told = write_again(tx, again, by.user, now).await?.ok_or_else(|| refused(RequestRefusal::Changed, row))?;
        return Ok((earlier.intent, vec![(row.store_id, told)]));
    }
    let wish = Wish {
        store: row.store_id,
        entity: row.entity_id,
        edit: edit.clone(),
        expected: expected(&row.current),
        cause: Cause { request: Some(row.id), ..Cause::of(by.user) },
    };
    let told = write_down(tx, &[deed], vec![wish], now).await.map_err(unwritable)?;
    Ok((deed, told))
}

fn unwritable(why: ProposeError) -> DeskError {
    match why {
        ProposeError::NotFound => RequestRefusal::Gone.into(),
        other => other.into(),
    }
}

/// What adds to a record whatever it holds, such as a note, expects nothing.
fn expected(current: &Fields) -> Option<Value> {
    current.names().next()?;
    serde_json::to_value(current).ok()
}

const fn meaning(decision: Decision) -> Option<Meaning> {
    match decision {
        Decision::Approve(meaning) => Some(meaning),
        Decision::Reject => None,
    }
}
