//! Staff tag customers. The store knows nothing of it, so nothing is sent there.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use storewire_db::{
    DeskTx, audit,
    changes::{self, NewChange},
    customers::tags,
};
use storewire_domain::{ChangeKind, Source, TenantId, customer::tag};
use uuid::Uuid;

use super::{Desk, DeskError, DeskShared, Hand, Refusal, RefusalKind};

/// More would be a text.
const MOST_TAGS: usize = 20;

/// A customer of ours.
#[derive(Clone, Copy, Debug)]
pub struct AtCustomer {
    pub tenant: TenantId,
    pub customer: Uuid,
}

/// What becomes of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Add,
    Remove,
}

impl Desk {
    /// Tags a customer, and answers all its tags. One that it has already stays.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn tag(&self, by: Hand, of: AtCustomer, text: String) -> Result<Vec<String>, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { carry_out(&shared, &by, of, &text, Step::Add).await }).await
    }

    /// Takes a tag off a customer, and answers those that are left. One that it does not have is no fault.
    ///
    /// # Errors
    /// See [`DeskError`]; nothing was written then.
    pub async fn untag(&self, by: Hand, of: AtCustomer, text: String) -> Result<Vec<String>, DeskError> {
        let shared = self.shared.clone();
        self.whole(async move { carry_out(&shared, &by, of, &text, Step::Remove).await }).await
    }
}

async fn carry_out(
    shared: &DeskShared,
    by: &Hand,
    of: AtCustomer,
    text: &str,
    step: Step,
) -> Result<Vec<String>, DeskError> {
    let tag = tag(text)?;
    let tx = shared.db.desk(of.tenant).await?;
    let left = write(&tx, shared, by, of.customer, &tag, step).await?;
    tx.commit().await?;
    shared.feed.send();
    Ok(left)
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    by: &Hand,
    customer: Uuid,
    tag: &str,
    step: Step,
) -> Result<Vec<String>, DeskError> {
    let now = shared.clock.now();
    let store = tags::lock(tx, customer).await?.ok_or(DeskError::NotFound)?;
    let held = tags::of(tx, customer).await?;
    let moved = match step {
        Step::Add if held.len() >= MOST_TAGS && !held.iter().any(|one| one == tag) => return Err(too_many()),
        Step::Add => tags::add(tx, customer, tag, by.user, now).await?,
        Step::Remove => tags::remove(tx, customer, tag).await?,
    };
    if !moved {
        return Ok(held);
    }
    let told = Value::from(tag);
    let (action, pair) = match step {
        Step::Add => ("customer.tag", (Value::Null, told)),
        Step::Remove => ("customer.untag", (told, Value::Null)),
    };
    audit::write(tx, Some(by.user), action, Some(customer), &json!({ "tag": tag }), now).await?;
    let change = NewChange {
        kind: ChangeKind::CustomerChanged,
        entity_id: customer,
        source: Source::User,
        store_time: None,
        received_at: None,
        detail: BTreeMap::from([("tag", pair)]),
    };
    let left = tags::of(tx, customer).await?;
    changes::append_one(tx, store, change, now).await?;
    Ok(left)
}

fn too_many() -> DeskError {
    let words = "a customer has twenty tags at most";
    let (code, kind, detail) = ("too_many_tags", RefusalKind::Conflict, Value::Null);
    DeskError::Refused(Box::new(Refusal { code, kind, words, detail }))
}
