//! Which resource a path below `wc/v3` names, and what may be done there.

use hyper::Method;

use crate::model::profile::Profile;

/// The plain resources, which share list, one and batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    Orders,
    Products,
    Customers,
    Coupons,
    Webhooks,
}

/// A path understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    List(Resource),
    One(Resource, u64),
    Batch(Resource),
    RefundsOf(u64),
    RefundOf(u64, u64),
    AllRefunds,
    NotesOf(u64),
    NoteOf(u64, u64),
    VariationsOf(u64),
    VariationOf(u64, u64),
    BatchVariations(u64),
    AllVariations,
    Categories,
    SystemStatus,
    GeneralSettings,
    Currency,
    OrderTotals,
}

impl Route {
    /// Reads a path below `wc/v3/`. The collections of all refunds and all variations came with 9.0 and 10.3.
    #[must_use]
    pub fn parse(path: &str, profile: &Profile) -> Option<Self> {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let id = |text: &str| text.parse::<u64>().ok();
        match parts.as_slice() {
            ["refunds"] => profile.is_at_least(9, 0).then_some(Self::AllRefunds),
            ["variations"] => profile.is_at_least(10, 3).then_some(Self::AllVariations),
            ["system_status"] => Some(Self::SystemStatus),
            ["settings", "general"] => Some(Self::GeneralSettings),
            ["data", "currencies", "current"] => Some(Self::Currency),
            ["reports", "orders", "totals"] => Some(Self::OrderTotals),
            ["products", "categories"] => Some(Self::Categories),
            ["orders", order, "refunds"] => Some(Self::RefundsOf(id(order)?)),
            ["orders", order, "refunds", refund] => Some(Self::RefundOf(id(order)?, id(refund)?)),
            ["orders", order, "notes"] => Some(Self::NotesOf(id(order)?)),
            ["orders", order, "notes", note] => Some(Self::NoteOf(id(order)?, id(note)?)),
            ["products", product, "variations"] => Some(Self::VariationsOf(id(product)?)),
            ["products", product, "variations", "batch"] => Some(Self::BatchVariations(id(product)?)),
            ["products", product, "variations", variation] => Some(Self::VariationOf(id(product)?, id(variation)?)),
            [resource] => Some(Self::List(Resource::parse(resource)?)),
            [resource, "batch"] => Some(Self::Batch(Resource::parse(resource)?)),
            [resource, one] => Some(Self::One(Resource::parse(resource)?, id(one)?)),
            _ => None,
        }
    }

    /// The methods of the route, as `Allow` names them.
    #[must_use]
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::List(_) | Self::RefundsOf(_) | Self::NotesOf(_) | Self::VariationsOf(_) => "GET, POST",
            Self::One(..) | Self::VariationOf(..) => "GET, POST, PUT, PATCH, DELETE",
            Self::RefundOf(..) | Self::NoteOf(..) => "GET, DELETE",
            Self::Batch(_) | Self::BatchVariations(_) => "POST, PUT, PATCH",
            Self::Categories
            | Self::AllRefunds
            | Self::AllVariations
            | Self::SystemStatus
            | Self::GeneralSettings
            | Self::Currency
            | Self::OrderTotals => "GET",
        }
    }

    /// Whether the method exists here.
    #[must_use]
    pub fn allows(self, method: &Method) -> bool {
        let name = if method == Method::HEAD { "GET" } else { method.as_str() };
        method == Method::OPTIONS || self.allowed().split(", ").any(|allowed| allowed == name)
    }

    #[must_use]
    pub const fn is_batch(self) -> bool {
        matches!(self, Self::Batch(_) | Self::BatchVariations(_))
    }

    /// Whether it names one thing.
    #[must_use]
    pub const fn is_one(self) -> bool {
        matches!(self, Self::One(..) | Self::VariationOf(..) | Self::RefundOf(..) | Self::NoteOf(..))
    }

    /// Whether it is one of a resource's own routes.
    #[must_use]
    pub fn is_of(self, resource: Resource) -> bool {
        matches!(self, Self::List(own) | Self::One(own, _) | Self::Batch(own) if own == resource)
    }
}

impl Resource {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "orders" => Some(Self::Orders),
            "products" => Some(Self::Products),
            "customers" => Some(Self::Customers),
            "coupons" => Some(Self::Coupons),
            "webhooks" => Some(Self::Webhooks),
            _ => None,
        }
    }
}
