//! What becomes of a delivery on its way.

use std::time::Duration;

use crate::faults::{Faults, happens};

/// How often a delivery is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    SentTwice,
    Dropped,
}

impl Faults {
    /// How often the next delivery is sent.
    #[must_use]
    pub fn fate_of_delivery(&self) -> Fate {
        if happens(self.drop_webhooks) {
            Fate::Dropped
        } else if happens(self.duplicate_webhooks) {
            Fate::SentTwice
        } else {
            Fate::Sent
        }
    }

    /// Whether the next delivery lets the one behind it go first.
    #[must_use]
    pub fn swaps(&self) -> bool {
        happens(self.swap_webhooks)
    }

    /// Whether an older delivery is sent again after this one.
    #[must_use]
    pub fn repeats_an_old_one(&self) -> bool {
        happens(self.stale_webhooks)
    }

    /// Whether the shop remembers what it sends, to send it again later.
    #[must_use]
    pub fn remembers_deliveries(&self) -> bool {
        self.stale_webhooks > 0.0
    }

    /// Whether the next delivery tells of a lost right instead of the record.
    #[must_use]
    pub fn owner_lost_access(&self) -> bool {
        happens(self.error_object_webhooks)
    }

    /// How much later than usual a delivery is due.
    #[must_use]
    pub const fn delivery_delay(&self) -> Duration {
        Duration::from_millis(self.delay_webhooks_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_delivery_is_not_doubled() {
        let faults = Faults { drop_webhooks: 1.0, duplicate_webhooks: 1.0, ..Faults::default() };
        assert_eq!(faults.fate_of_delivery(), Fate::Dropped);
        assert_eq!(Faults::default().fate_of_delivery(), Fate::Sent);
    }
}
