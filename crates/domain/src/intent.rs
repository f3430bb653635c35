//! A change that people want made in a store: what it is, whether it makes sense, and where it stands.

mod cause;
mod check;
mod customer_field;
mod fields;
mod new_order;
mod new_product;
mod text_field;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use cause::Cause;
pub use check::{EditFault, Rejected, readable};
pub use customer_field::CustomerField;
pub use fields::{FieldValue, Fields, made};
pub use new_order::{NewLine, NewOrder};
pub use new_product::{NewAttribute, NewChoice, NewKind, NewProduct, NewVariation};
pub use text_field::TextField;

use crate::{RemoteId, remote::text_enum};

text_enum! {
    /// Where an intent stands.
    pub enum IntentState {
        /// Nothing was sent, or what was sent certainly changed nothing.
        Waiting = "waiting",
        /// Being sent. One found so by a starting actor was cut off and is as good as unknown.
        Sending = "sending",
        /// Sent without a clear answer: the store is being read to find out.
        Unknown = "unknown",
        /// Read back from the store as wanted.
        Done = "done",
        /// Given up on, with a reason; a person decides again.
        Failed = "failed",
    }
}

impl IntentState {
    /// Whether nothing more will happen unless a person asks for it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// What is to change, as the values that shall be there afterwards: nothing here is relative, so that sending it twice does no
/// more than sending it once (but for a note, which is looked for before it is sent again).
///
/// The names of the fields that an edit is about, as they stand in preconditions, snapshots and results:
///
/// | Edit | Fields |
/// |---|---|
/// | `Stock` | `stock_quantity` |
/// | `Price` | `regular_price`, `sale_price` |
/// | `ProductStatus`, `OrderStatus` | `status` |
/// | `Categories` | `categories`: a list of ids |
/// | `Text` | each changed one by its own name, such as `description` |
/// | `Trash` | `status` |
/// | `Create`, `AddVariation`, `PlaceOrder` | `created` |
/// | `OrderNote` | `note` |
/// | `Tracking` | `tracking`: provider, number, address |
/// | `Customer` | each changed one by its own name, such as `billing.city` |
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum Edit {
    /// The stock of a product or of one variation.
    #[serde(rename = "product.stock")]
    Stock { quantity: Decimal },
    /// Both prices of a product or of one variation, in the store's currency; `None` for none. Who changes only one gives the
    /// other as it is and names it in the precondition, so that it is not overwritten unseen.
    #[serde(rename = "product.price")]
    Price { regular: Option<Decimal>, sale: Option<Decimal> },
    /// `publish`, `draft`, `pending` or `private`.
    #[serde(rename = "product.status")]
    ProductStatus { status: String },
    /// All the categories of a product, by the store's ids.
    #[serde(rename = "product.categories")]
    Categories { ids: Vec<RemoteId> },
    /// Single texts of a product or of one variation; those not named stay as they are.
    #[serde(rename = "product.text")]
    Text { fields: BTreeMap<TextField, String> },
    /// A product into the store's trash, from which only its own people bring it back.
    #[serde(rename = "product.trash")]
    Trash,
    /// A product that the store does not have yet.
    #[serde(rename = "product.create")]
    Create { product: Box<NewProduct> },
    /// One more variation of a variable product.
    #[serde(rename = "product.add_variation")]
    AddVariation { variation: Box<NewVariation> },
    /// An order that a merchant places for a buyer.
    #[serde(rename = "order.place")]
    PlaceOrder { order: Box<NewOrder> },
    /// One of the store's own statuses, without `wc-`.
    #[serde(rename = "order.status")]
    OrderStatus { status: String },
    /// A new note; `for_customer` has the store mail it.
    #[serde(rename = "order.note")]
    OrderNote { text: String, for_customer: bool },
    /// One more parcel, where the widespread shipment tracking plugins keep theirs.
    #[serde(rename = "order.tracking")]
    Tracking { provider: String, number: String, url: Option<String> },
    /// Single fields of a customer account; those not named stay as they are.
    #[serde(rename = "customer.fields")]
    Customer { fields: BTreeMap<CustomerField, String> },
}

impl Edit {
    /// The edit's name; the part before the dot is the kind of record.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Stock { .. } => "product.stock",
            Self::Price { .. } => "product.price",
            Self::ProductStatus { .. } => "product.status",
            Self::Categories { .. } => "product.categories",
            Self::Text { .. } => "product.text",
            Self::Trash => "product.trash",
            Self::Create { .. } => "product.create",
            Self::AddVariation { .. } => "product.add_variation",
            Self::PlaceOrder { .. } => "order.place",
            Self::OrderStatus { .. } => "order.status",
            Self::OrderNote { .. } => "order.note",
            Self::Tracking { .. } => "order.tracking",
            Self::Customer { .. } => "customer.fields",
        }
    }

    /// Whether it makes a record, so that the store's id of it is not known before it is done. What is made carries the intent's mark.
    #[must_use]
    pub const fn creates(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::AddVariation { .. } | Self::PlaceOrder { .. })
    }

    /// Whether it adds to what the store has instead of setting a value: written twice, it leaves two records, notes or parcels.
    #[must_use]
    pub const fn adds(&self) -> bool {
        self.creates() || matches!(self, Self::OrderNote { .. } | Self::Tracking { .. })
    }

    /// Whether it is about no record that the store has: then its intent, or request, is what it is known by until it is done.
    #[must_use]
    pub const fn stands_alone(&self) -> bool {
        matches!(self, Self::Create { .. } | Self::PlaceOrder { .. })
    }

    /// The kind of record that it changes: `product`, `order` or `customer`.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        self.kind().split_once('.').map_or("", |(noun, _)| noun)
    }
}
