//! Many orders are given one status: row by row a write, or the reason why not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, DeskTx, audit,
    bulks::{self, NewBulkRow},
    changes::NewChange,
};
use storewire_domain::{Edit, StoreId, TenantId, UserId, intent::Cause};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    BulkOrder, staff_only,
};
use crate::{
    ProposeError,
    engine::{Wish, log, overtaken, write_down},
    failpoint,
};

/// One order with its place in the bulk.
type Placed<'a> = (i32, &'a BulkOrder);

/// Tenant by tenant, each in a transaction of its own.
pub(super) async fn change(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    wishes: &[BulkOrder],
    status: &str,
) -> Result<(), DeskError> {
    staff_only(by)?;
    let edit = Edit::OrderStatus { status: status.to_owned() }.tidied();
    let mut of_tenants: BTreeMap<TenantId, Vec<Placed<'_>>> = BTreeMap::new();
    for placed in (0..).zip(wishes) {
        of_tenants.entry(placed.1.tenant).or_default().push(placed);
    }
    for (tenant, mut wishes) in of_tenants {
        // Two bulks that meet lock orders and logs in the same order.
        wishes.sort_unstable_by_key(|(_, wish)| (wish.store, wish.order));
        let tx = shared.db.desk(tenant).await?;
        let written = match bulks::is_written(&tx, deed).await? {
            true => Ok(()),
            false => write(&tx, deed, by.user, &wishes, &edit, shared.clock.now()).await,
        };
        match written {
            Ok(()) => {
                failpoint!("desk.before_commit");
                tx.commit().await?;
            }
            // The same command was carried out a moment ago by somebody who did not wait for us.
            Err(DeskError::Db(error)) if matches!(error.constraint(), Some("intent_pkey" | "bulk_row_pkey")) => {}
            Err(error) => return Err(error),
        }
        failpoint!("desk.after_commit");
        let stores: BTreeSet<StoreId> = wishes.iter().map(|(_, wish)| wish.store).collect();
        stores.into_iter().for_each(|store| shared.send_on_its_way(store));
    }
    Ok(())
}

async fn write(
    tx: &DeskTx,
    deed: Uuid,
    by: UserId,
    wishes: &[Placed<'_>],
    edit: &Edit,
    now: Timestamp,
) -> Result<(), DeskError> {
    // Orders before logs, as everywhere: whoever stores one of them holds it before it holds its store's log.
    let mut is_overtaken = Vec::with_capacity(wishes.len());
    for (_, wish) in wishes {
        let fields = overtaken(tx, wish.store, wish.order.uuid(), edit, seen(wish).as_ref()).await?;
        is_overtaken.push(!fields.is_empty());
    }
    let detail = json!({ "bulk": deed, "edit": edit, "orders": wishes.len() });
    audit::write(tx, Some(by), "order.bulk", None, &detail, now).await?;
    let (mut rows, mut told) = (Vec::with_capacity(wishes.len()), Vec::with_capacity(wishes.len()));
    for ((position, wish), is_overtaken) in wishes.iter().zip(is_overtaken) {
        let placed = (*position, *wish);
        let outcome =
            if is_overtaken { Err("changed") } else { write_one(tx, deed, by, placed, edit, &mut told, now).await? };
        rows.push(NewBulkRow { position: *position, store: wish.store, entity: wish.order.uuid(), edit, outcome });
    }
    bulks::insert(tx, deed, by, &rows, now).await?;
    Ok(log(tx, told, now).await?)
}

/// Why it is not written is known before anything is; what the log is to say of what is goes to `told`.
async fn write_one(
    tx: &DeskTx,
    deed: Uuid,
    by: UserId,
    (position, wish): Placed<'_>,
    edit: &Edit,
    told: &mut Vec<(StoreId, NewChange)>,
    now: Timestamp,
) -> Result<Result<Uuid, &'static str>, DbError> {
    let place = u128::from(position.unsigned_abs());
    let id = Uuid::from_u128(deed.as_u128().wrapping_add(place));
    let written = Wish {
        store: wish.store,
        entity: wish.order.uuid(),
        edit: edit.clone(),
        expected: seen(wish),
        cause: Cause { bulk: Some(deed), ..Cause::of(by) },
    };
    match write_down(tx, &[id], vec![written], now).await {
        Ok(written) => {
            told.extend(written);
            Ok(Ok(id))
        }
        Err(ProposeError::NotFound) => Ok(Err("gone")),
        Err(ProposeError::Rejected(rejected)) => Ok(Err(rejected.fault.as_str())),
        Err(ProposeError::Faster(_)) => Ok(Err("changed")),
        Err(ProposeError::Db(error)) => Err(error),
    }
}

fn seen(wish: &BulkOrder) -> Option<Value> {
    wish.seen.as_ref().map(|seen| json!({ "status": seen }))
}
