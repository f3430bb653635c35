//! Reads the change log and the rows that its entries speak of.

use std::{collections::HashMap, sync::Arc};

use storewire_db::{
    ChangeRow, Db, DbError, OrderSummary, ProductSummary, ReadTx, RequestRow, ReturnRow, StoreRow, TicketRow,
    changes::{self, Cursor, Missed},
    intents::{self, IntentRow},
    orders, products, requests, returns, stores, tickets,
};
use storewire_domain::{ProductId, ReadScope, ReturnId, UserId};
use uuid::Uuid;

use super::{View, seen::Seen};

/// A change with the row it speaks of, as that row is now, if somebody is shown it.
#[derive(Clone, Debug)]
pub struct FeedEvent {
    pub change: ChangeRow,
    pub subject: Subject,
}

/// The row that a change speaks of.
#[derive(Clone, Debug)]
pub enum Subject {
    Order(Box<OrderSummary>),
    Product(Box<ProductSummary>),
    Store(Box<StoreRow>),
    Intent(Box<IntentRow>),
    Request(Box<RequestRow>),
    Ticket(Box<TicketRow>),
    /// Without its items.
    Return(Box<ReturnRow>),
    /// Kinds that no page shows, and rows that nobody who listens is shown.
    None,
}

impl FeedEvent {
    /// For those who are shown no rows.
    pub(super) const fn bare(change: ChangeRow) -> Self {
        Self { change, subject: Subject::None }
    }

    /// The variable product that a changed variation belongs to.
    pub(super) fn parent(&self) -> Option<ProductId> {
        match &self.subject {
            Subject::Product(product) => product.parent_id,
            _ => None,
        }
    }

    /// The file of counts that an intent is a line of.
    pub(super) fn import(&self) -> Option<Uuid> {
        match &self.subject {
            Subject::Intent(intent) => intent.cause.import,
            _ => None,
        }
    }

    /// Whose own the row is.
    pub(super) fn author(&self) -> Option<UserId> {
        match &self.subject {
            Subject::Request(request) => Some(request.asked_by),
            Subject::Ticket(ticket) => Some(ticket.opened_by),
            _ => None,
        }
    }

    /// The return whose goods an intent puts back on the shelf.
    pub(super) fn restocks(&self) -> Option<ReturnId> {
        match &self.subject {
            Subject::Intent(intent) => intent.cause.returned,
            _ => None,
        }
    }

    /// Whether it is a change of this record, or of a request or an intent to change it.
    pub(super) fn is_about(&self, id: Uuid) -> bool {
        let is_meant = match &self.subject {
            Subject::Intent(intent) => intent.entity_id == id,
            Subject::Request(request) => request.entity_id == id,
            _ => false,
        };
        is_meant || self.change.entity_id == id
    }
}

/// What one read of the log found.
pub(super) struct Read {
    /// `None`: more than the limit.
    pub(super) events: Option<Vec<FeedEvent>>,
    /// The horizon of this read: resume from here.
    pub(super) cursor: Cursor,
}

/// Reads everything that a holder of `since` may lack, within `scope`, but for what `seen` says it has. The rows behind it are read as
/// far as one of `views` shows them.
pub(super) async fn read(
    db: &Db,
    scope: &ReadScope,
    since: Option<&Cursor>,
    limit: u32,
    seen: &mut Seen,
    views: &[Arc<View>],
) -> Result<Read, DbError> {
    let tx = db.read(scope).await?;
    let Some(since) = since else {
        let (cursor, ended) = tokio::join!(biased; tx.cursor(), tx.end());
        ended?;
        return Ok(Read { events: Some(Vec::new()), cursor: cursor? });
    };
    if !views.iter().any(|view| view.shows_rows()) {
        // Nothing can follow, so the end goes along: one wait for all.
        let (missed, ended) = tokio::join!(biased; changes::follow(&tx, since, limit), tx.end());
        ended?;
        let Missed { changes, cursor } = missed?;
        let events = changes.map(|changes| seen.unseen(changes).into_iter().map(FeedEvent::bare).collect());
        return Ok(Read { events, cursor });
    }
    let Missed { changes, cursor } = changes::follow(&tx, since, limit).await?;
    let (events, ended) = match changes {
        Some(changes) => with_subjects(&tx, seen.unseen(changes), views).await,
        None => (Ok(None), tx.end().await),
    };
    ended?;
    Ok(Read { events: events?, cursor })
}

/// The transaction's last look: one wait for the rows of every kind and for its end.
async fn with_subjects(
    tx: &ReadTx,
    changes: Vec<ChangeRow>,
    views: &[Arc<View>],
) -> (Result<Option<Vec<FeedEvent>>, DbError>, Result<(), DbError>) {
    let shown: Vec<&ChangeRow> =
        changes.iter().filter(|change| views.iter().any(|view| view.shows_row_of(change))).collect();
    let of = |noun: &str| -> Vec<Uuid> {
        let mut ids: Vec<Uuid> =
            shown.iter().filter(|change| change.kind.subject() == noun).map(|change| change.entity_id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let (order_ids, product_ids, store_ids) = (of("order"), of("product"), of("store"));
    let (intent_ids, request_ids) = (of("intent"), of("request"));
    let (ticket_ids, return_ids) = (of("ticket"), of("return"));
    let (orders, products, stores, intents, requests, tickets, returns, ended) = tokio::join!(
        biased;
        orders::summaries(tx, &order_ids),
        products::summaries(tx, &product_ids),
        stores::by_ids(tx, &store_ids),
        intents::by_ids(tx, &intent_ids),
        requests::by_ids(tx, &request_ids),
        tickets::by_ids(tx, &ticket_ids),
        returns::heads(tx, &return_ids),
        tx.end(),
    );
    let events = || {
        let mut subjects: HashMap<Uuid, Subject> = HashMap::new();
        subjects.extend(orders?.into_iter().map(|order| (order.id.uuid(), Subject::Order(Box::new(order)))));
        subjects.extend(products?.into_iter().map(|product| (product.id.uuid(), Subject::Product(Box::new(product)))));
        subjects.extend(stores?.into_iter().map(|store| (store.id.uuid(), Subject::Store(Box::new(store)))));
        subjects.extend(intents?.into_iter().map(|intent| (intent.id, Subject::Intent(Box::new(intent)))));
        subjects.extend(requests?.into_iter().map(|request| (request.id.uuid(), Subject::Request(Box::new(request)))));
        subjects.extend(tickets?.into_iter().map(|ticket| (ticket.id.uuid(), Subject::Ticket(Box::new(ticket)))));
        subjects.extend(returns?.into_iter().map(|row| (row.id.uuid(), Subject::Return(Box::new(row)))));
        let with_subject = |change: ChangeRow| {
            let subject = subjects.get(&change.entity_id).cloned().unwrap_or(Subject::None);
            FeedEvent { change, subject }
        };
        Ok(Some(changes.into_iter().map(with_subject).collect()))
    };
    (events(), ended)
}
