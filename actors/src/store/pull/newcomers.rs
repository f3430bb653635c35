//! New customer accounts, newest first until a known one: customers cannot be asked for by date of change, and the webhook that tells of
//! them may be lost.

use storewire_db::{customers, sweeps};
use storewire_domain::{Purpose, RemoteId, Resource, Source};
use storewire_woo::{CustomerOrder, CustomerQuery, Failure};

use super::{
    super::{
        compare::compare,
        context::StoreContext,
        duty::Duty,
        judge::WorkError,
        keep::{Along, keep},
        listing::undecodable,
        record::Record,
    },
    versions,
};

/// Pages of newcomers that are read in one go. Where there are more, all customers are walked.
const MOST_PAGES: u32 = 5;

/// Reads and stores the newcomers, all or none: with some of them missing the next look would end at the others.
pub(super) async fn read(context: &StoreContext) -> Result<(), WorkError> {
    if !are_customers_known(context).await? {
        return Ok(());
    }
    let (mut records, mut dead) = (Vec::new(), Vec::new());
    let asked_at = context.now();
    let mut meets_known = false;
    for page_number in 1..=MOST_PAGES {
        let query = CustomerQuery {
            order_by: CustomerOrder::Registered,
            ascending: false,
            page: page_number,
            per_page: context.pace.page_size(),
            include: Vec::new(),
        };
        let page = match context.call_page(context.client.list_customers(&query)).await {
            Ok(page) => page,
            // Keys of a lesser user: what they may read is read all the same.
            Err(error) if error.class == Failure::Forbidden => {
                tracing::warn!(store.id = %context.store, %error, "customers cannot be read");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let is_last = page.is_last(page_number);
        let mut ids: Vec<RemoteId> = Vec::new();
        for item in page.items {
            match item {
                Ok(item) => {
                    ids.push(item.value.remote_id.clone());
                    records.push(Record::Customer(Box::new(item)));
                }
                Err(bad) => dead.push(undecodable(context.store, Resource::Customers, bad, context.now())),
            }
        }
        meets_known = is_last || is_any_known(context, &ids).await?;
        if meets_known {
            break;
        }
    }
    if !meets_known {
        let tx = context.write().await?;
        sweeps::want(&tx, context.store, Purpose::Sweep, None, context.now()).await?;
        tx.commit().await?;
        context.wake(Duty::Sweep);
    }
    let desk = context.desk().await;
    let plan = compare(context, &desk, versions(records, Source::Pull, asked_at, context.now())).await?;
    keep(context, &desk, &plan, Along { dead, ..Along::default() }).await
}

/// Whether all customers were walked once: before, none of them need be known.
async fn are_customers_known(context: &StoreContext) -> Result<bool, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let walks = sweeps::all(&tx, context.store).await?;
    tx.commit().await?;
    let ended = |walk: &sweeps::Sweep| walk.resource == Resource::Customers && walk.closed_at.is_some();
    Ok(walks.iter().any(ended))
}

async fn is_any_known(context: &StoreContext, ids: &[RemoteId]) -> Result<bool, WorkError> {
    let tx = context.shared.db.tenant(context.tenant).await?;
    let held = customers::versions(&tx, context.store, &ids.iter().collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(!held.is_empty())
}
