//! Staff bring a request that failed back, to be decided on what the store holds by now.

use serde_json::json;
use storewire_db::{
    RequestRow, changes,
    requests::{self, Reopened},
};
use storewire_domain::{
    RoleClass, Source,
    request::{RequestEvent, RequestRefusal, RequestState},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    At, find, lock, refused,
    told::{self, Subject, Told},
};

/// Reopens a request that failed and is as it was seen.
pub(crate) async fn reopen(shared: &DeskShared, deed: Uuid, by: &Hand, of: At) -> Result<RequestRow, DeskError> {
    if by.class != RoleClass::Staff {
        return Err(RequestRefusal::StaffOnly.into());
    }
    let now = shared.clock.now();
    let seen = find(shared, of.tenant, of.id).await?;
    let tx = shared.db.desk(of.tenant).await?;
    // The record before the request, as always: what is stored meanwhile is in sight here, or finds the request waiting again.
    let record = requests::record(&tx, seen.store_id, seen.entity_id, &seen.edit).await?;
    let row = lock(&tx, of.id).await?;
    let proof = Proof { deed, action: "request.reopen", entity: row.entity_id };
    if proof.is_there(&tx, Some(row.deed_id)).await? {
        tx.commit().await?;
        return find(shared, of.tenant, of.id).await;
    }
    if row.asked_by == by.user {
        return Err(RequestRefusal::FourEyes.into());
    }
    if row.state.after(RequestEvent::Reopened).is_none() {
        return Err(refused(RequestRefusal::NotFailed, &row));
    }
    let record = record.ok_or_else(|| refused(RequestRefusal::Gone, &row))?;
    let expires_at = shared.config.expiry(now);
    let due_at = shared.config.next_look(now, 0, expires_at);
    let with = Reopened { current: &record.held, deed, due_at, expires_at };
    match requests::reopen(&tx, row.id, of.version, &with, now).await {
        Ok(Some(_)) => {}
        Ok(None) => return Err(refused(RequestRefusal::Changed, &row)),
        Err(error) if error.constraint() == Some("request_one_waiting") => {
            return Err(RequestRefusal::AlreadyAsked.into());
        }
        Err(error) => return Err(error.into()),
    }
    let entry = Told {
        deed,
        by,
        event: RequestEvent::Reopened,
        text: "",
        action: proof.action,
        detail: json!({ "version": of.version, "reason": row.reason, "current": record.held }),
    };
    told::note(&tx, &Subject::from(&row), entry, now).await?;
    let change = told::changed(row.id, Some(row.state), RequestState::Waiting, Source::User);
    changes::append_one(&tx, row.store_id, change, now).await?;
    tx.commit().await?;
    shared.feed.send();
    find(shared, of.tenant, of.id).await
}
