//! One page of any listing of the store, as records or as glances, and what is on it that cannot be read.

use jiff::Timestamp;
use storewire_db::dead_letters::NewDeadLetter;
use storewire_domain::{Resource, StoreId, window::Window};
use storewire_guard::digest;
use storewire_woo::{CustomerQuery, Glance, Item, ListQuery, Listing, OrderBy, Page, Poison, WooError};
use uuid::Uuid;

use super::{context::StoreContext, record::Record};

/// A page to be asked for, in order of id: no other order is the same from one page to the next (products of one second come in any).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) resource: Resource,
    /// `any` or `trash`.
    pub(crate) listing: &'static str,
    /// Only what was modified inside; customers know no such thing.
    pub(crate) window: Option<Window>,
    /// From 1.
    pub(crate) page: u32,
    pub(crate) per_page: u32,
}

/// A page as read.
#[derive(Debug)]
pub(crate) struct Read<T> {
    pub(crate) items: Vec<T>,
    /// What could not be decoded.
    pub(crate) poison: Vec<Poison>,
    /// Rows of the whole listing, unless something took that out of the answer.
    pub(crate) total: Option<i64>,
    /// No page follows.
    pub(crate) is_last: bool,
    /// When it was asked for: what we saved later may be newer.
    pub(crate) asked_at: Timestamp,
}

/// Reads a page of whole records. Variations are listed by parent, not here.
pub(crate) async fn records(context: &StoreContext, ask: Ask) -> Result<Read<Record>, WooError> {
    let (client, asked_at) = (&context.client, context.now());
    Ok(match ask.resource {
        Resource::Orders => {
            let page = context.call_page(client.list_orders(&ask.query())).await?;
            read(context, ask, asked_at, page, |item| Record::Order(Box::new(item)))
        }
        Resource::Products | Resource::Variations => {
            let page = context.call_page(client.list_products(&ask.query())).await?;
            read(context, ask, asked_at, page, |item| Record::Product(Box::new(item)))
        }
        Resource::Coupons => {
            let page = context.call_page(client.list_coupons(&ask.query())).await?;
            read(context, ask, asked_at, page, |item| Record::Coupon(Box::new(item)))
        }
        Resource::Customers => {
            let page = context.call_page(client.list_customers(&ask.customers())).await?;
            read(context, ask, asked_at, page, |item| Record::Customer(Box::new(item)))
        }
    })
}

/// Reads a page of glances.
pub(crate) async fn glances(context: &StoreContext, ask: Ask) -> Result<Read<Glance>, WooError> {
    let (client, asked_at) = (&context.client, context.now());
    let page = match ask.resource {
        Resource::Orders => context.call_page(client.glance_orders(&ask.query())).await?,
        Resource::Products | Resource::Variations => context.call_page(client.glance_products(&ask.query())).await?,
        Resource::Coupons => context.call_page(client.glance_coupons(&ask.query())).await?,
        Resource::Customers => context.call_page(client.glance_customers(&ask.customers())).await?,
    };
    Ok(read(context, ask, asked_at, page, |item| item.value))
}

/// How many rows a listing holds, as far as its answer tells.
pub(crate) async fn count(
    context: &StoreContext,
    resource: Resource,
    listing: &'static str,
    window: Option<Window>,
) -> Result<Option<i64>, WooError> {
    let ask = Ask { resource, listing, window, page: 1, per_page: 1 };
    let read = glances(context, ask).await?;
    Ok(read.total.or_else(|| i64::try_from(read.items.len()).ok()))
}

impl Ask {
    fn query(self) -> ListQuery {
        ListQuery {
            window: self.window,
            status: if self.listing == "trash" { Listing::Trash } else { Listing::Any },
            order_by: OrderBy::Id,
            ascending: true,
            page: self.page,
            per_page: self.per_page,
            include: Vec::new(),
        }
    }

    fn customers(self) -> CustomerQuery {
        CustomerQuery { page: self.page, per_page: self.per_page, ..CustomerQuery::default() }
    }
}

fn read<T, R>(
    context: &StoreContext,
    ask: Ask,
    asked_at: Timestamp,
    page: Page<T>,
    wrap: impl Fn(Item<T>) -> R,
) -> Read<R> {
    context.learn_clock(page.store_now);
    context.set_dirty(page.dirty);
    let is_last = page.is_last(ask.page);
    let total = page.total.and_then(|total| i64::try_from(total).ok());
    let (mut items, mut poison) = (Vec::with_capacity(page.items.len()), Vec::new());
    for item in page.items {
        match item {
            Ok(item) => items.push(wrap(item)),
            Err(bad) => poison.push(bad),
        }
    }
    Read { items, poison, total, is_last, asked_at }
}

/// Sets aside an item of a page that could not be decoded. The same bytes are met again by every walk that passes them; they are set
/// aside once.
pub(crate) fn undecodable(
    store: StoreId,
    resource: Resource,
    bad: Poison,
    received_at: Timestamp,
) -> NewDeadLetter<'static> {
    metrics::counter!("storewire_dead_letters_total").increment(1);
    NewDeadLetter {
        id: content_id(store, bad.raw.as_bytes()),
        origin: "page",
        topic: resource.as_str(),
        remote_id: bad.remote_id.map(|id| id.0),
        cause: "undecodable",
        reason: bad.reason,
        body: bad.raw.into_bytes(),
        received_at,
    }
}

/// An id that the same content of the same store has again.
pub(crate) fn content_id(store: StoreId, content: &[u8]) -> Uuid {
    let mut bytes = store.uuid().into_bytes().to_vec();
    bytes.extend_from_slice(content);
    let mut id = [0; 16];
    id.copy_from_slice(&digest::sha256(&bytes)[..16]);
    Uuid::from_bytes(id)
}
