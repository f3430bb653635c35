//! A record of any kind, as the comparison needs to see it.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use storewire_db::{
    coupons::CouponVersion, customers::CustomerVersion, orders::OrderVersion, products::ProductVersion,
    rechecks::RecheckKind,
};
use storewire_domain::{ChangeKind, Coupon, Customer, ManageStock, Order, Product, RemoteId, Resource};
use storewire_guard::digest;
use storewire_woo::Item;
use uuid::Uuid;

use super::decide::Holding;

/// Kinds of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Noun {
    Order,
    Product,
    Customer,
    Coupon,
}

impl Noun {
    /// The noun of a webhook topic's resource.
    pub(crate) fn of_resource(resource: &str) -> Option<Self> {
        match resource {
            "order" => Some(Self::Order),
            "product" => Some(Self::Product),
            "customer" => Some(Self::Customer),
            "coupon" => Some(Self::Coupon),
            _ => None,
        }
    }
}

impl From<Resource> for Noun {
    fn from(resource: Resource) -> Self {
        match resource {
            Resource::Orders => Self::Order,
            Resource::Products | Resource::Variations => Self::Product,
            Resource::Coupons => Self::Coupon,
            Resource::Customers => Self::Customer,
        }
    }
}

impl From<Noun> for RecheckKind {
    fn from(noun: Noun) -> Self {
        match noun {
            Noun::Order => Self::Order,
            Noun::Product => Self::Product,
            Noun::Customer => Self::Customer,
            Noun::Coupon => Self::Coupon,
        }
    }
}

/// Which record: its kind and the store's own id.
pub(crate) type Key = (Noun, RemoteId);

/// A decoded record of any kind, with its own JSON.
#[derive(Clone, Debug)]
pub(crate) enum Record {
    Order(Box<Item<Order>>),
    Product(Box<Item<Product>>),
    Customer(Box<Item<Customer>>),
    Coupon(Box<Item<Coupon>>),
}

/// What we hold of a record.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: Uuid,
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) content_hash: Vec<u8>,
    /// Of an order.
    pub(crate) lines_hash: Option<Vec<u8>>,
    /// When our copy was last written.
    pub(crate) saved_at: Timestamp,
    /// When the store was last asked for what was then written.
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) is_trashed: bool,
    pub(crate) is_deleted: bool,
    /// The fields that a timeline shows.
    pub(crate) fields: BTreeMap<&'static str, Value>,
    /// An order's refunds; `true` for those whose lines were read.
    pub(crate) refunds: HashMap<String, bool>,
    /// Of a product.
    pub(crate) has_variations: bool,
    /// Of a product that counts its own stock.
    pub(crate) count: Option<Decimal>,
}

impl Held {
    pub(crate) fn holding(&self) -> Holding<'_> {
        Holding {
            modified_at: self.modified_at,
            content_hash: &self.content_hash,
            saved_at: self.saved_at,
            read_at: self.read_at,
            is_trashed: self.is_trashed,
            is_deleted: self.is_deleted,
        }
    }
}

impl Record {
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Order(item) => (Noun::Order, item.value.remote_id.clone()),
            Self::Product(item) => (Noun::Product, item.value.remote_id.clone()),
            Self::Customer(item) => (Noun::Customer, item.value.remote_id.clone()),
            Self::Coupon(item) => (Noun::Coupon, item.value.remote_id.clone()),
        }
    }

    /// The store's own JSON of it.
    pub(crate) fn raw(&self) -> &str {
        match self {
            Self::Order(item) => &item.raw,
            Self::Product(item) => &item.raw,
            Self::Customer(item) => &item.raw,
            Self::Coupon(item) => &item.raw,
        }
    }

    pub(crate) fn modified_at(&self) -> Option<Timestamp> {
        match self {
            Self::Order(item) => item.value.modified_at,
            Self::Product(item) => item.value.modified_at,
            Self::Customer(item) => item.value.modified_at,
            Self::Coupon(item) => item.value.modified_at,
        }
    }

    pub(crate) fn created_at(&self) -> Option<Timestamp> {
        match self {
            Self::Order(item) => item.value.created_at,
            Self::Product(item) => item.value.created_at,
            Self::Customer(item) => item.value.created_at,
            Self::Coupon(item) => item.value.created_at,
        }
    }

    pub(crate) fn is_trashed(&self) -> bool {
        match self {
            Self::Order(item) => item.value.is_trashed(),
            Self::Product(item) => item.value.is_trashed(),
            Self::Customer(_) => false,
            Self::Coupon(item) => item.value.is_trashed(),
        }
    }

    /// Whether it is a checkout that was never placed; such orders are not kept.
    pub(crate) fn is_draft(&self) -> bool {
        matches!(self, Self::Order(item) if item.value.is_draft())
    }

    pub(crate) fn content_hash(&self) -> [u8; 32] {
        let canonical = match self {
            Self::Order(item) => item.value.canonical(),
            Self::Product(item) => item.value.canonical(),
            Self::Customer(item) => item.value.canonical(),
            Self::Coupon(item) => item.value.canonical(),
        };
        digest::sha256(canonical.as_bytes())
    }

    pub(crate) fn fields(&self) -> BTreeMap<&'static str, Value> {
        match self {
            Self::Order(item) => order_fields(&item.value.status, item.value.total),
            Self::Product(item) => {
                let product = &item.value;
                product_fields(&product.status, product.price, product.stock_quantity, &product.stock_status)
            }
            Self::Customer(_) | Self::Coupon(_) => BTreeMap::new(),
        }
    }

    /// What a change log says of this record replacing `held`.
    pub(crate) fn change_kind(&self, held: Option<&Held>) -> ChangeKind {
        let was_gone = held.is_some_and(|held| held.is_trashed || held.is_deleted);
        match self {
            Self::Order(_) if self.is_trashed() => ChangeKind::OrderTrashed,
            Self::Order(_) if held.is_none() => ChangeKind::OrderCreated,
            Self::Order(_) if was_gone => ChangeKind::OrderRestored,
            Self::Order(_) => ChangeKind::OrderUpdated,
            Self::Product(_) if self.is_trashed() => ChangeKind::ProductTrashed,
            Self::Product(_) if held.is_none() => ChangeKind::ProductCreated,
            Self::Product(_) => ChangeKind::ProductUpdated,
            Self::Customer(_) => ChangeKind::CustomerChanged,
            Self::Coupon(_) => ChangeKind::CouponChanged,
        }
    }
}

/// Of an order's lines, to tell whether they are the ones we hold.
pub(crate) fn lines_hash(order: &Order) -> [u8; 32] {
    digest::sha256(order.canonical_lines().as_bytes())
}

/// Fields that differ, before and after.
pub(crate) fn difference(
    before: Option<&BTreeMap<&'static str, Value>>,
    after: BTreeMap<&'static str, Value>,
) -> BTreeMap<&'static str, (Value, Value)> {
    after
        .into_iter()
        .filter_map(|(name, now)| {
            let was = before.and_then(|fields| fields.get(name)).cloned().unwrap_or(Value::Null);
            (was != now).then_some((name, (was, now)))
        })
        .collect()
}

fn order_fields(status: &str, total: Decimal) -> BTreeMap<&'static str, Value> {
    BTreeMap::from([("status", Value::from(status)), ("total", Value::from(total.normalize().to_string()))])
}

fn product_fields(
    status: &str,
    price: Option<Decimal>,
    stock_quantity: Option<Decimal>,
    stock_status: &str,
) -> BTreeMap<&'static str, Value> {
    let number = |value: Option<Decimal>| value.map_or(Value::Null, |value| value.normalize().to_string().into());
    BTreeMap::from([
        ("status", Value::from(status)),
        ("price", number(price)),
        ("stock_quantity", number(stock_quantity)),
        ("stock_status", Value::from(stock_status)),
    ])
}

/// How many there are, where the product counts them itself: a variation that leaves it to its parent shows the parent's.
pub(crate) fn count(counts: ManageStock, quantity: Option<Decimal>) -> Option<Decimal> {
    quantity.filter(|_| counts == ManageStock::Yes)
}

impl From<OrderVersion> for Held {
    fn from(version: OrderVersion) -> Self {
        Self {
            id: version.id.uuid(),
            modified_at: version.modified_at,
            content_hash: version.content_hash,
            lines_hash: version.lines_hash,
            saved_at: version.saved_at,
            read_at: version.read_at,
            is_trashed: version.trashed_at.is_some(),
            is_deleted: version.deleted_at.is_some(),
            fields: order_fields(&version.status, version.total),
            refunds: version.refunds,
            has_variations: false,
            count: None,
        }
    }
}

impl From<ProductVersion> for Held {
    fn from(version: ProductVersion) -> Self {
        Self {
            id: version.id.uuid(),
            modified_at: version.modified_at,
            content_hash: version.content_hash,
            lines_hash: None,
            saved_at: version.saved_at,
            read_at: version.read_at,
            is_trashed: version.trashed_at.is_some(),
            is_deleted: version.deleted_at.is_some(),
            fields: product_fields(&version.status, version.price, version.stock_quantity, &version.stock_status),
            refunds: HashMap::new(),
            has_variations: version.has_variations,
            count: count(version.manage_stock, version.stock_quantity),
        }
    }
}

impl From<CustomerVersion> for Held {
    fn from(version: CustomerVersion) -> Self {
        Self {
            id: version.id,
            modified_at: version.modified_at,
            content_hash: version.content_hash,
            lines_hash: None,
            saved_at: version.saved_at,
            read_at: version.read_at,
            is_trashed: false,
            is_deleted: version.deleted_at.is_some(),
            fields: BTreeMap::new(),
            refunds: HashMap::new(),
            has_variations: false,
            count: None,
        }
    }
}

impl From<CouponVersion> for Held {
    fn from(version: CouponVersion) -> Self {
        Self {
            id: version.id,
            modified_at: version.modified_at,
            content_hash: version.content_hash,
            lines_hash: None,
            saved_at: version.saved_at,
            read_at: version.read_at,
            is_trashed: version.trashed_at.is_some(),
            is_deleted: version.deleted_at.is_some(),
            fields: BTreeMap::new(),
            refunds: HashMap::new(),
            has_variations: false,
            count: None,
        }
    }
}
