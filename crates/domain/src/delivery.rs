//! What a webhook claims to be about. A claim only: the actor asks the store before it believes a delete.

use crate::remote::{UnknownText, text_enum};
use serde::{Deserialize, Serialize};

text_enum! {
    /// The second half of a webhook topic.
    pub enum TopicEvent {
        Created = "created",
        Updated = "updated",
        Deleted = "deleted",
        Restored = "restored",
        Published = "published",
    }
}

text_enum! {
    /// What became of a delivery.
    pub enum DeliveryState {
        /// It waits for its store's actor.
        Pending = "pending",
        Applied = "applied",
        /// It told nothing new, or only the store can tell.
        Ignored = "ignored",
        /// It was given up on.
        Dead = "dead",
    }
}

/// A webhook topic, `resource.event`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryTopic {
    /// `order`, `product`, `customer`, `coupon` or `action`.
    pub resource: String,
    pub event: TopicEvent,
}

impl std::str::FromStr for DeliveryTopic {
    type Err = UnknownText;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (resource, event) =
            text.split_once('.').ok_or_else(|| UnknownText { kind: "DeliveryTopic", text: text.to_owned() })?;
        Ok(Self { resource: resource.to_owned(), event: event.parse()? })
    }
}

/// The topics that we ask every store to deliver.
pub const TOPICS: &[&str] = &[
    "order.created",
    "order.updated",
    "order.deleted",
    "order.restored",
    "product.created",
    "product.updated",
    "product.deleted",
    "product.restored",
    "customer.created",
    "customer.updated",
    "customer.deleted",
    "coupon.created",
    "coupon.updated",
    "coupon.deleted",
];
