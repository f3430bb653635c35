//! A merchant takes a request back.

use serde_json::json;
use storewire_db::{RequestRow, changes, requests};
use storewire_domain::{
    Source,
    request::{RequestEvent, RequestRefusal, RequestState},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    At, find, lock, refused,
    told::{self, Subject, Told},
};

/// Withdraws a request that waits and is as it was seen.
pub(crate) async fn withdraw(shared: &DeskShared, deed: Uuid, by: &Hand, of: At) -> Result<RequestRow, DeskError> {
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let proof = Proof { deed, action: "request.withdraw", entity: row.entity_id };
    if proof.is_there(&tx, Some(row.deed_id)).await? {
        tx.commit().await?;
        return find(shared, of.tenant, of.id).await;
    }
    if row.state.after(RequestEvent::Withdrawn).is_none() {
        return Err(refused(RequestRefusal::NotWaiting, &row));
    }
    if requests::withdraw(&tx, row.id, of.version, deed, now).await?.is_none() {
        return Err(refused(RequestRefusal::Changed, &row));
    }
    let entry = Told {
        deed,
        by,
        event: RequestEvent::Withdrawn,
        text: "",
        action: proof.action,
        detail: json!({ "version": of.version }),
    };
    told::note(&tx, &Subject::from(&row), entry, now).await?;
    let change = told::changed(row.id, Some(row.state), RequestState::Withdrawn, Source::User);
    changes::append_one(&tx, row.store_id, change, now).await?;
    tx.commit().await?;
    shared.feed.send();
    find(shared, of.tenant, of.id).await
}
