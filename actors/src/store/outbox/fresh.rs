//! The record that an intent is to change, as the store holds it at this moment.

use jiff::Timestamp;
use storewire_db::intents::OpenIntent;
use storewire_domain::{
    Edit, Product,
    intent::{Fields, TextField},
};
use storewire_woo::{Failure, Fetched, Item, OrderNote, WooError};

use super::{create, note, place, tracking};
use crate::store::{context::StoreContext, record::Record};

/// What one read found.
#[derive(Debug)]
pub(crate) enum Fresh {
    /// The record, and when it was asked for.
    Record(Record, Timestamp),
    /// The record as visitors see it, which is what our copy holds; and the same with its descriptions as they were typed, which is what a
    /// change of texts is compared with: what a shortcode puts in its place is never taken for a text.
    Typed { record: Record, typed: Box<Product>, asked_at: Timestamp },
    /// What the intent made, if it is there.
    Made {
        record: Option<Record>,
        /// The newest record of a store that does not have it, or has not told which it is.
        newest: Option<u64>,
        asked_at: Timestamp,
    },
    /// Every note of the order.
    Notes(Vec<OrderNote>),
    /// The store has no such record; a control request proved that it answers at all.
    Gone,
}

impl Fresh {
    /// What the record holds of the intent's fields.
    pub(crate) fn fields(&self, intent: &OpenIntent) -> Fields {
        match self {
            Self::Record(Record::Order(item), _) if matches!(intent.edit, Edit::Tracking { .. }) => {
                tracking::present(&item.raw, intent.id)
            }
            Self::Record(Record::Order(item), _) => intent.edit.in_order(&item.value),
            Self::Record(Record::Product(item), _) => intent.edit.in_product(&item.value),
            Self::Record(Record::Customer(item), _) => intent.edit.in_customer(&item.value),
            Self::Typed { typed, .. } => intent.edit.in_product(typed),
            Self::Made { record, newest, .. } => create::present(record.as_ref(), *newest),
            Self::Notes(notes) => note::present(notes, intent),
            Self::Record(Record::Coupon(_), _) | Self::Gone => Fields::default(),
        }
    }

    /// Why the edit cannot be carried out on the record, if it cannot.
    pub(super) fn obstacle(&self, edit: &Edit) -> Option<&'static str> {
        match self {
            Self::Gone => Some("gone"),
            Self::Record(record, _) | Self::Typed { record, .. } if record.is_trashed() && *edit != Edit::Trash => {
                Some("trashed")
            }
            _ => None,
        }
    }

    /// The record, if one was found.
    pub(super) const fn record(&self) -> Option<&Record> {
        match self {
            Self::Record(record, _) | Self::Typed { record, .. } => Some(record),
            Self::Made { record, .. } => record.as_ref(),
            Self::Notes(_) | Self::Gone => None,
        }
    }

    /// The record and when it was asked for, for our copy.
    pub(crate) fn into_record(self) -> Option<(Record, Timestamp)> {
        match self {
            Self::Record(record, asked_at) | Self::Typed { record, asked_at, .. } => Some((record, asked_at)),
            Self::Made { record, asked_at, .. } => record.map(|record| (record, asked_at)),
            Self::Notes(_) | Self::Gone => None,
        }
    }
}

/// Reads it.
pub(super) async fn read(context: &StoreContext, intent: &OpenIntent) -> Result<Fresh, WooError> {
    let (client, id, asked_at) = (&context.client, &intent.remote_id, context.now());
    let found = match (&intent.edit, intent.edit.noun(), &intent.parent_remote_id) {
        (Edit::PlaceOrder { .. }, ..) => Box::pin(place::find(context, intent)).await?,
        (edit, ..) if edit.creates() => Box::pin(create::find(context, intent)).await?,
        (Edit::OrderNote { .. }, ..) => match context.call_now(client.list_order_notes(id)).await {
            Ok(notes) => Some(Fresh::Notes(notes)),
            Err(error) if error.class == Failure::Gone => None,
            Err(error) => return Err(error),
        },
        (Edit::Text { fields }, ..) if fields.keys().copied().any(TextField::is_rendered) => {
            Box::pin(typed(context, intent)).await?
        }
        (_, "product", Some(parent)) => {
            wrap(context.call_now(client.get_variation(parent, id)).await?, asked_at, Record::Product)
        }
        (_, "product", None) => wrap(context.call_now(client.get_product(id)).await?, asked_at, Record::Product),
        (_, "order", _) => wrap(context.call_now(client.get_order(id)).await?, asked_at, Record::Order),
        _ => wrap(context.call_now(client.get_customer(id)).await?, asked_at, Record::Customer),
    };
    match found {
        Some(fresh) => Ok(fresh),
        None => {
            // A broken route says 404 too: it is believed only of a store that answers at all.
            context.ping().await?;
            Ok(Fresh::Gone)
        }
    }
}

/// Reads a product twice: as it is kept, and as its texts were typed.
async fn typed(context: &StoreContext, intent: &OpenIntent) -> Result<Option<Fresh>, WooError> {
    let (client, id, parent, asked_at) =
        (&context.client, &intent.remote_id, intent.parent_remote_id.as_ref(), context.now());
    let shown = match parent {
        Some(parent) => context.call_now(client.get_variation(parent, id)).await?,
        None => context.call_now(client.get_product(id)).await?,
    };
    let to_edit = context.call_now(client.get_product_to_edit(parent, id)).await?;
    let (Some(shown), Some(to_edit)) = (shown.found(), to_edit.found()) else { return Ok(None) };
    let Product { short_description, description, .. } = to_edit.value;
    let typed = Box::new(Product { short_description, description, ..shown.value.clone() });
    Ok(Some(Fresh::Typed { record: Record::Product(Box::new(shown)), typed, asked_at }))
}

fn wrap<T>(fetched: Fetched<T>, asked_at: Timestamp, wrap: fn(Box<Item<T>>) -> Record) -> Option<Fresh> {
    fetched.found().map(|item| Fresh::Record(wrap(Box::new(item)), asked_at))
}
