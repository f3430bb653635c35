//! Somebody says something about a request.

use serde_json::json;
use storewire_db::{
    RequestRow, audit, changes,
    requests::{self, NewEvent},
};
use storewire_domain::{
    RequestId, RoleClass, Source, TenantId,
    intent::{EditFault, Rejected},
    request::RequestEvent,
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    find, lock,
    told::{self, Subject},
    words,
};

/// Adds a comment, whose id is the deed's. A request that waits is not reminded of until some time after it.
pub(crate) async fn comment(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    tenant: TenantId,
    id: RequestId,
    text: &str,
) -> Result<RequestRow, DeskError> {
    let text = words("text", text)?;
    if text.is_empty() {
        return Err(Rejected { field: "text", fault: EditFault::Empty }.into());
    }
    let now = shared.clock.now();
    let by_staff = by.class == RoleClass::Staff;
    let seen = find(shared, tenant, id).await?;
    let staff = if by_staff { Vec::new() } else { shared.keepers_but(seen.store_id, by.user).await? };
    let tx = shared.db.desk(tenant).await?;
    let row = lock(&tx, id).await?;
    let event = NewEvent {
        request: id,
        id: deed,
        by: Some((by.user, &by.name)),
        by_staff,
        kind: RequestEvent::Commented,
        text,
        detail: json!({}),
    };
    if requests::event(&tx, &event, now).await? {
        let of = Subject::from(&row);
        let proof = audit::with_deed(json!({}), deed);
        told::prove(&tx, &of, Some(by.user), "request.comment", &proof, now).await?;
        if row.state.is_open() {
            requests::postpone(&tx, id, shared.config.next_look(now, 0, row.expires_at), 0, now).await?;
        }
        if by_staff {
            told::tell(&tx, &of, row.asked_by, "request-commented", deed, now).await?;
        } else {
            told::tell_staff(&tx, &of, &staff, "request-commented", deed, now).await?;
        }
        let change = told::changed(id, Some(row.state), row.state, Source::User);
        changes::append_one(&tx, row.store_id, change, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, tenant, id).await
}
