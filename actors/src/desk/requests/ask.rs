//! A merchant asks that a store be changed.

use serde_json::json;
use storewire_db::{
    DbError, DeskTx, RequestRow, changes, desk_numbers, requests,
    requests::{NewRequest, RequestFilter},
};
use storewire_domain::{
    Edit, ReadScope, RequestId, Source,
    intent::Fields,
    request::{self, RequestEvent, RequestRefusal, RequestState},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    Asked, find, perhaps,
    told::{self, Subject, Told},
    words,
};
use crate::engine::judge_edit;

/// Writes the wish down; the request's id is the deed's.
pub(crate) async fn ask(shared: &DeskShared, deed: Uuid, by: &Hand, wish: Asked) -> Result<RequestRow, DeskError> {
    let (tenant, id) = (wish.tenant, RequestId(deed));
    let edit = wish.edit.clone().tidied();
    if !request::may_be_asked(&edit) {
        return Err(RequestRefusal::NotAskable.into());
    }
    let note = words("note", &wish.note)?;
    // Asked before, it is answered whatever has become of it.
    if let Some(row) = perhaps(shared, tenant, id).await? {
        return if row.asked_by == by.user { Ok(row) } else { Err(DeskError::NotFound) };
    }
    let staff = shared.keepers_but(wish.store, by.user).await?;
    let tx = shared.db.desk(tenant).await?;
    match write(&tx, shared, deed, by, &wish, (&edit, note), &staff).await {
        Ok(()) => tx.commit().await?,
        Err(DeskError::Db(error)) if error.constraint() == Some("request_pkey") => drop(tx),
        Err(DeskError::Db(error)) if error.constraint() == Some("request_one_waiting") => {
            drop(tx);
            return already_asked(shared, deed, &wish, &edit).await;
        }
        Err(error) => return Err(error),
    }
    shared.feed.send();
    find(shared, tenant, id).await
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wish: &Asked,
    (edit, note): (&Edit, &str),
    staff: &[storewire_domain::UserId],
) -> Result<(), DeskError> {
    let now = shared.clock.now();
    // Held still before anything is written about it: a sale that is being stored is in this request's sight, or finds it.
    let record = requests::record(tx, wish.store, wish.entity, edit).await?.ok_or(DeskError::NotFound)?;
    judge_edit(tx, wish.store, wish.entity, edit).await?;
    check_seen(wish.seen.clone(), &record.held, edit)?;
    request::check(edit, wish.meaning, &record.held)?;
    let number = desk_numbers::next(tx, desk_numbers::Numbered::Request).await?;
    let expires_at = shared.config.expiry(now);
    let new = NewRequest {
        id: RequestId(deed),
        number,
        store: wish.store,
        entity: wish.entity,
        about: &record.about,
        edit,
        base: &record.held,
        meaning: wish.meaning,
        note,
        by: by.user,
        by_name: &by.name,
        deed,
        due_at: shared.config.next_look(now, 0, expires_at),
        expires_at,
    };
    requests::insert(tx, &new, now).await?;
    let of = Subject { id: new.id, store: wish.store, entity: wish.entity, number, about: &record.about };
    let entry = Told {
        deed,
        by,
        event: RequestEvent::Asked,
        text: new.note,
        action: "request.ask",
        detail: json!({ "edit": edit, "base": record.held, "meaning": wish.meaning }),
    };
    told::note(tx, &of, entry, now).await?;
    told::tell_staff(tx, &of, staff, "request-asked", deed, now).await?;
    let change = told::changed(new.id, None, RequestState::Waiting, Source::User);
    Ok(changes::append_one(tx, wish.store, change, now).await?)
}

/// Nobody asks on old numbers: what they saw must be what we hold.
fn check_seen(seen: Option<Fields>, held: &Fields, edit: &Edit) -> Result<(), DeskError> {
    let Some(seen) = seen.map(Fields::settled) else { return Ok(()) };
    if seen.are_in(held) {
        return Ok(());
    }
    let detail = json!({ "base": seen, "current": held, "proposed": edit.wanted() });
    Err(DeskError::refused(RequestRefusal::Changed, detail))
}

/// The same deed found itself, or another request stands in the way.
async fn already_asked(shared: &DeskShared, deed: Uuid, wish: &Asked, edit: &Edit) -> Result<RequestRow, DeskError> {
    let filter =
        RequestFilter { entity: Some(wish.entity), state: Some(RequestState::Waiting), ..RequestFilter::default() };
    let tx = shared.db.read(&ReadScope::Tenant(wish.tenant)).await?;
    let (waiting, ended) = tokio::join!(biased; requests::list(&tx, &filter), tx.end());
    ended?;
    let mut same = waiting?.into_iter().filter(|row| row.kind == edit.kind());
    match same.next() {
        Some(row) if row.id == RequestId(deed) => Ok(row),
        Some(row) => {
            let detail = json!({ "id": row.id, "number": row.number });
            Err(DeskError::refused(RequestRefusal::AlreadyAsked, detail))
        }
        // It was decided a moment ago: the same wish may now be asked.
        None => Err(DeskError::Db(DbError::Conflict { constraint: "request_one_waiting".to_owned() })),
    }
}
