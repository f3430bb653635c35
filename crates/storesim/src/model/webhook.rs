//! A shop's webhooks: topics, states and the count that disables them.

/// The topics a shop offers and the hooks its answer names.
pub const TOPICS: &[(&str, &[&str])] = &[
    ("coupon.created", &["woocommerce_process_shop_coupon_meta", "woocommerce_new_coupon"]),
    ("coupon.updated", &["woocommerce_process_shop_coupon_meta", "woocommerce_update_coupon"]),
    ("coupon.deleted", &["wp_trash_post"]),
    ("coupon.restored", &["untrashed_post"]),
    ("customer.created", &["user_register", "woocommerce_created_customer", "woocommerce_new_customer"]),
    ("customer.updated", &["profile_update", "woocommerce_update_customer"]),
    ("customer.deleted", &["delete_user"]),
    ("order.created", &["woocommerce_new_order"]),
    ("order.updated", &["woocommerce_update_order", "woocommerce_order_refunded"]),
    ("order.deleted", &["wp_trash_post", "woocommerce_trash_order"]),
    ("order.restored", &["untrashed_post", "woocommerce_untrash_order"]),
    (
        "product.created",
        &["woocommerce_process_product_meta", "woocommerce_new_product", "woocommerce_new_product_variation"],
    ),
    (
        "product.updated",
        &["woocommerce_process_product_meta", "woocommerce_update_product", "woocommerce_update_product_variation"],
    ),
    ("product.deleted", &["wp_trash_post"]),
    ("product.restored", &["untrashed_post"]),
];

/// Failures in a row before the next one disables a webhook.
const TOLERATED_FAILURES: u32 = 5;

/// A webhook's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Active,
    Paused,
    Disabled,
}

impl Status {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Paused, Self::Disabled].into_iter().find(|status| status.as_str() == text)
    }
}

/// A webhook.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub id: u64,
    pub name: String,
    pub status: Status,
    pub topic: &'static str,
    pub delivery_url: String,
    pub secret: String,
    pub created: i64,
    pub modified: Option<i64>,
    pub failures: u32,
}

impl Webhook {
    /// The shop's own spelling of a topic, if it has it.
    #[must_use]
    pub fn topic(text: &str) -> Option<&'static str> {
        TOPICS.iter().map(|(topic, _)| *topic).find(|topic| *topic == text)
    }

    /// The hooks of its topic.
    #[must_use]
    pub fn hooks(&self) -> &'static [&'static str] {
        TOPICS.iter().find(|(topic, _)| *topic == self.topic).map_or(&[], |(_, hooks)| hooks)
    }

    /// What it tells about: `order` of `order.updated`.
    #[must_use]
    pub fn resource(&self) -> &'static str {
        self.topic.split_once('.').map_or("", |(resource, _)| resource)
    }

    /// What happened to it: `updated` of `order.updated`.
    #[must_use]
    pub fn event(&self) -> &'static str {
        self.topic.split_once('.').map_or("", |(_, event)| event)
    }

    /// Counts the end of a delivery. A success clears the count; a failure beyond what is tolerated disables, and leaves the count as it
    /// is, so that after a manual re-activation a single failure disables again.
    pub fn delivered(&mut self, succeeded: bool, now: i64) {
        if succeeded {
            self.failures = 0;
        } else if self.failures > TOLERATED_FAILURES {
            self.status = Status::Disabled;
        } else {
            self.failures += 1;
        }
        self.modified = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> Webhook {
        Webhook {
            id: 1,
            name: String::new(),
            status: Status::Active,
            topic: "order.updated",
            delivery_url: String::new(),
            secret: String::new(),
            created: 0,
            modified: None,
            failures: 0,
        }
    }

    #[test]
    fn the_seventh_failure_in_a_row_disables_and_reactivating_forgives_nothing() {
        let mut hook = webhook();
        for _ in 0..6 {
            hook.delivered(false, 1);
            assert_eq!(hook.status, Status::Active);
        }
        hook.delivered(false, 1);
        assert_eq!(hook.status, Status::Disabled);
        hook.status = Status::Active;
        hook.delivered(false, 2);
        assert_eq!(hook.status, Status::Disabled, "one more failure is enough");
        hook.status = Status::Active;
        hook.delivered(true, 3);
        hook.delivered(false, 4);
        assert_eq!(hook.status, Status::Active, "one success clears the count");
    }
}
