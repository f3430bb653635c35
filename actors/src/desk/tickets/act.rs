//! Staff do something about what a ticket is about, without leaving its thread.

use serde_json::{Value, json};
use storewire_db::{
    DeskTx, TicketRow, changes, rechecks,
    rechecks::{NewRecheck, RecheckKind},
    requests, tickets,
    tickets::{About, NewMessage},
};
use storewire_domain::{
    Edit, RequestId, Source, StoreId,
    intent::Cause,
    request::{Decision, Meaning},
    ticket::{AboutKind, MessageKind},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, requests as asked, requests::At},
    Thread, find, lock, moment, staff_only,
    told::{self, Subject},
};
use crate::{
    engine::{self, Wish, write_down},
    failpoint,
    store::Duty,
};

/// What is to be done.
#[derive(Clone, Debug)]
pub enum TicketAct {
    /// Approve a request that the ticket is about, or that is about the same record.
    Approve { request: RequestId, version: i64, meaning: Meaning },
    /// Reject it.
    Reject { request: RequestId, version: i64, reason: String },
    /// Set the status of the order that the ticket is about; it expects the one that was seen.
    OrderStatus { status: String, seen: String },
    /// Ask the store again for what the ticket is about.
    Resync,
}

impl TicketAct {
    const fn name(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::OrderStatus { .. } => "order_status",
            Self::Resync => "resync",
        }
    }

    /// What its entry in the thread says. The deed's id is that of a new intent; which one an approval has on its way, its request tells.
    fn detail(&self, deed: Uuid) -> Value {
        let action = self.name();
        match self {
            Self::Approve { request, .. } | Self::Reject { request, .. } => {
                json!({ "action": action, "request": request })
            }
            Self::OrderStatus { status, .. } => json!({ "action": action, "status": status, "intent": deed }),
            Self::Resync => json!({ "action": action }),
        }
    }
}

/// Does it, and says so in the thread, in one transaction.
pub(in crate::desk) async fn act(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: Thread,
    act: TicketAct,
) -> Result<TicketRow, DeskError> {
    staff_only(by)?;
    let tx = shared.db.desk(of.tenant).await?;
    let row = lock(&tx, of.id).await?;
    let now = moment(shared, &row);
    let detail = act.detail(deed);
    let message = NewMessage {
        ticket: row.id,
        id: deed,
        at: now,
        by: by.user,
        by_name: &by.name,
        by_staff: true,
        kind: MessageKind::Action,
        text: "",
        detail: detail.clone(),
    };
    let duty = if tickets::message(&tx, &message).await? {
        told::prove(&tx, Subject::from(&row), by, (deed, "ticket.act"), detail, now).await?;
        let duty = carry_out(&tx, shared, deed, by, &row, act).await?;
        changes::append_one(&tx, row.store_id, told::moved(row.id, Some(row.state), row.state), now).await?;
        duty
    } else {
        None
    };
    failpoint!("ticket.before_commit");
    tx.commit().await?;
    failpoint!("ticket.after_commit");
    shared.feed.send();
    shared.letters.send();
    if let Some(duty) = duty {
        // An actor that does not run finds it when it starts.
        let _ = shared.registry.hurry(row.store_id, duty);
    }
    find(shared, of.tenant, of.id).await
}

/// Answers what the store's actor is to look at.
async fn carry_out(
    tx: &DeskTx,
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    row: &TicketRow,
    act: TicketAct,
) -> Result<Option<Duty>, DeskError> {
    let about = row.about.as_ref().ok_or(DeskError::NotFound)?;
    match act {
        TicketAct::Approve { request, version, meaning } => {
            let at = related(tx, row, about, request, version).await?;
            let on_its_way = asked::decide_in(tx, shared, deed, by, at, Decision::Approve(meaning), "").await?;
            Ok(on_its_way.map(|_| Duty::Outbox))
        }
        TicketAct::Reject { request, version, reason } => {
            let at = related(tx, row, about, request, version).await?;
            asked::decide_in(tx, shared, deed, by, at, Decision::Reject, &reason).await?;
            Ok(None)
        }
        TicketAct::OrderStatus { status, seen } => {
            if about.kind != AboutKind::Order {
                return Err(DeskError::NotFound);
            }
            let wish = Wish {
                store: row.store_id,
                entity: about.id,
                edit: Edit::OrderStatus { status },
                expected: Some(json!({ "status": seen })),
                cause: Cause::of(by.user),
            };
            let now = shared.clock.now();
            let told = write_down(tx, &[deed], vec![wish], now).await?;
            engine::log(tx, told, now).await?;
            Ok(Some(Duty::Outbox))
        }
        TicketAct::Resync => resync(tx, shared, row.store_id, about).await.map(Some),
    }
}

/// A request, if it is about what the ticket is about: who may see one of the two may see the other.
async fn related(tx: &DeskTx, row: &TicketRow, about: &About, id: RequestId, version: i64) -> Result<At, DeskError> {
    let request = requests::lock(tx, id).await?.ok_or(DeskError::NotFound)?;
    let is_related = about.id == id.uuid() || about.id == request.entity_id;
    if request.store_id != row.store_id || !is_related {
        return Err(DeskError::NotFound);
    }
    Ok(At { tenant: row.tenant_id, id, version })
}

async fn resync(tx: &DeskTx, shared: &DeskShared, store: StoreId, about: &About) -> Result<Duty, DeskError> {
    let kind = match about.kind {
        AboutKind::Order => RecheckKind::Order,
        AboutKind::Product => RecheckKind::Product,
        AboutKind::Customer => RecheckKind::Customer,
        AboutKind::Store => return Ok(Duty::Pull),
        AboutKind::Request | AboutKind::Return => return Err(DeskError::NotFound),
    };
    let named = tickets::about(tx, store, about.kind, about.id).await?;
    let remote_id = named.and_then(|named| named.remote_id).ok_or(DeskError::NotFound)?;
    let now = shared.clock.now();
    let wish = NewRecheck { kind, remote_id, reason: "click", source: Source::User, received_at: None, due_at: now };
    rechecks::want(tx, store, &[wish], now).await?;
    Ok(Duty::Rechecks)
}
