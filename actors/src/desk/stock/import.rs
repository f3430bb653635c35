//! Files of counts: looked at first, then written line by line, each on the count that was seen. A sale meanwhile spares its line.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storewire_db::{
    DbError, DeskTx, audit,
    changes::NewChange,
    stock::{self, Ended, ImportRow, NewImport, Pending},
};
use storewire_domain::{
    Edit, RoleClass, StoreId, TenantId, UserId,
    intent::{Cause, FieldValue, Fields},
    request::RequestRefusal,
    stock::{ImportState, file::judge},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    AtImport,
    file::{self, MOST_LINES},
    refusal::StockRefusal,
};
use crate::{
    ProposeError,
    engine::{Wish, log, write_down},
    failpoint,
};

/// A preview compares with what we held: after so long it is looked at again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// Lines in one transaction: what the store's actor stores meanwhile waits for no more than these.
const AT_ONCE: u32 = 100;
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 120;

/// Compares a file with what we hold, and keeps what was found.
pub(super) async fn preview(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    (tenant, store): (TenantId, StoreId),
    name: &str,
    bytes: &[u8],
) -> Result<ImportRow, DeskError> {
    check_staff(by)?;
    let counts = file::read(bytes).map_err(|why| why.with(json!({ "most_lines": MOST_LINES })))?;
    let now = shared.clock.now();
    let skus: HashSet<&str> = counts.lines.iter().map(|line| line.sku.trim()).filter(|sku| !sku.is_empty()).collect();
    let skus: Vec<&str> = skus.into_iter().collect();
    let tx = shared.db.desk(tenant).await?;
    let held = stock::held(&tx, store, &skus).await?;
    let findings = judge(&counts.lines, &held);
    let name: String = name.trim().chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let new = NewImport {
        id: deed,
        store,
        name: &name,
        encoding: counts.encoding,
        ignored: &counts.ignored,
        by: by.user,
        by_name: &by.name,
        expires_at: now.checked_add(KEPT).unwrap_or(Timestamp::MAX),
    };
    match stock::insert_import(&tx, &new, &counts.lines, &findings, now).await {
        Ok(()) => {
            let detail = json!({ "import": deed, "name": name, "lines": counts.lines.len() });
            audit::write(&tx, Some(by.user), "stock.preview", Some(store.uuid()), &detail, now).await?;
            tx.commit().await?;
        }
        // Looked at before by the same deed.
        Err(error) if error.constraint() == Some("stock_import_pkey") => drop(tx),
        // No such store of this tenant.
        Err(error) if error.constraint().is_some_and(|name| name.ends_with("_fkey")) => {
            return Err(DeskError::NotFound);
        }
        Err(error) => return Err(error.into()),
    }
    find(shared, tenant, deed).await
}

/// Has the lines written that change something: says so in the file's own row first, from which whoever comes goes on.
pub(super) async fn write(shared: &DeskShared, by: &Hand, of: AtImport) -> Result<ImportRow, DeskError> {
    check_staff(by)?;
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let import = stock::lock_import(&tx, of.id).await?.ok_or(DeskError::NotFound)?;
    check_writable(&import, of.version, now)?;
    if import.state == ImportState::Previewed {
        let detail = json!({ "import": import.id, "name": import.name, "changes": import.num_changes });
        audit::write(&tx, Some(by.user), "stock.import", Some(import.store_id.uuid()), &detail, now).await?;
        stock::step_import(&tx, of.id, ImportState::Writing, Some((by.user, &by.name)), now).await?;
    }
    tx.commit().await?;
    go_on(shared, of.tenant, of.id).await?;
    find(shared, of.tenant, of.id).await
}

/// Writes what is left of a file that is being written, some lines at a time, in the name of who had it written. Any number may do so at
/// once: each line is written by who holds the file, and once.
pub(in crate::desk) async fn go_on(shared: &DeskShared, tenant: TenantId, id: Uuid) -> Result<(), DbError> {
    loop {
        let tx = shared.db.desk(tenant).await?;
        let import = stock::lock_import(&tx, id).await?.filter(|import| import.state == ImportState::Writing);
        let Some((by, import)) = import.and_then(|import| import.written_by.zip(Some(import))) else {
            return tx.commit().await;
        };
        write_some(&tx, by, &import, shared.clock.now()).await?;
        failpoint!("desk.before_commit");
        tx.commit().await?;
        failpoint!("desk.after_commit");
        shared.send_on_its_way(import.store_id);
    }
}

/// Puts a file away of which nothing was written.
pub(super) async fn put_away(shared: &DeskShared, by: &Hand, of: AtImport) -> Result<ImportRow, DeskError> {
    check_staff(by)?;
    let now = shared.clock.now();
    let tx = shared.db.desk(of.tenant).await?;
    let import = stock::lock_import(&tx, of.id).await?.ok_or(DeskError::NotFound)?;
    match import.state {
        ImportState::Dropped => {}
        ImportState::Previewed if import.version == of.version => {
            stock::step_import(&tx, of.id, ImportState::Dropped, None, now).await?;
            let detail = json!({ "import": of.id, "name": import.name });
            audit::write(&tx, Some(by.user), "stock.drop_import", Some(import.store_id.uuid()), &detail, now).await?;
        }
        ImportState::Previewed => return Err(StockRefusal::Changed.with(standing(&import))),
        ImportState::Writing | ImportState::Written => return Err(StockRefusal::NotPreviewed.with(standing(&import))),
    }
    tx.commit().await?;
    find(shared, of.tenant, of.id).await
}

/// Who began to write a file may go on, whatever version they name; nobody begins with one that they did not see.
fn check_writable(import: &ImportRow, version: i64, now: Timestamp) -> Result<(), DeskError> {
    let refusal = match import.state {
        ImportState::Writing | ImportState::Written => return Ok(()),
        ImportState::Dropped => StockRefusal::NotPreviewed,
        ImportState::Previewed if import.version != version => StockRefusal::Changed,
        ImportState::Previewed if import.expires_at < now => StockRefusal::Expired,
        ImportState::Previewed => return Ok(()),
    };
    Err(refusal.with(standing(import)))
}

/// The next lines: each becomes a write that expects the count that was looked at, or says why it does not.
async fn write_some(tx: &DeskTx, by: UserId, import: &ImportRow, now: Timestamp) -> Result<(), DbError> {
    let lines = stock::pending(tx, import.id, AT_ONCE).await?;
    let (mut ended, mut told) = (Vec::with_capacity(lines.len()), Vec::with_capacity(lines.len()));
    for line in &lines {
        ended.push(Ended { line: line.line, outcome: write_line(tx, by, import, line, &mut told, now).await? });
    }
    stock::end_lines(tx, import.id, &ended).await?;
    let is_last = lines.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
    let to = if is_last { ImportState::Written } else { ImportState::Writing };
    stock::step_import(tx, import.id, to, None, now).await?;
    log(tx, told, now).await
}

/// What the log is to say of a line that is written goes to `told`.
async fn write_line(
    tx: &DeskTx,
    by: UserId,
    import: &ImportRow,
    line: &Pending,
    told: &mut Vec<(StoreId, NewChange)>,
    now: Timestamp,
) -> Result<Result<Uuid, &'static str>, DbError> {
    let id = Uuid::now_v7();
    let seen = Fields::of("stock_quantity", FieldValue::number(line.present));
    let wish = Wish {
        store: import.store_id,
        entity: line.product.uuid(),
        edit: Edit::Stock { quantity: line.wanted },
        // Texts are always JSON.
        expected: Some(serde_json::to_value(&seen).unwrap_or_default()),
        cause: Cause { import: Some(import.id), ..Cause::of(by) },
    };
    match write_down(tx, &[id], vec![wish], now).await {
        Ok(written) => {
            told.extend(written);
            Ok(Ok(id))
        }
        Err(ProposeError::NotFound) => Ok(Err("gone")),
        Err(ProposeError::Faster(_)) => Ok(Err("conflict")),
        Err(ProposeError::Rejected(rejected)) => Ok(Err(rejected.fault.as_str())),
        Err(ProposeError::Db(error)) => Err(error),
    }
}

fn check_staff(by: &Hand) -> Result<(), DeskError> {
    if by.class == RoleClass::Staff { Ok(()) } else { Err(RequestRefusal::StaffOnly.into()) }
}

fn standing(import: &ImportRow) -> Value {
    json!({ "state": import.state, "version": import.version, "expires_at": import.expires_at })
}

/// A file as it stands, as the platform sees it.
async fn find(shared: &DeskShared, tenant: TenantId, id: Uuid) -> Result<ImportRow, DeskError> {
    let tx = shared.db.platform().await?;
    let (found, ended) = tokio::join!(biased; stock::find_import(&tx, id), tx.end());
    ended?;
    found?.filter(|row| row.tenant_id == tenant).ok_or(DeskError::NotFound)
}
