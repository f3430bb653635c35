//! What is wrong with a store's webhooks that we cannot mend, as its state tells.

use std::sync::atomic::{AtomicU8, Ordering};

/// Why webhooks do not do their part; the pulls go on meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Trouble {
    /// The keys may read but not subscribe.
    Refused = 1,
    /// The user in whose name webhooks are delivered may not see what they deliver.
    Owner,
    /// They are in order, and nothing comes: the store does not work its queue off, or something keeps them from us.
    Silent,
}

/// The trouble with a store's webhooks, if any. Rebuilt by the next look.
#[derive(Debug, Default)]
pub(crate) struct Health(AtomicU8);

impl Health {
    pub(crate) fn set(&self, trouble: Option<Trouble>) {
        self.0.store(trouble.map_or(0, |trouble| trouble as u8), Ordering::Release);
    }

    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match self.0.load(Ordering::Acquire) {
            1 => Some(Trouble::Refused),
            2 => Some(Trouble::Owner),
            3 => Some(Trouble::Silent),
            _ => None,
        }
    }

    /// Why the store's state is not as good as it could be: a machine word, a key of the panel's advice.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        Some(match self.trouble()? {
            Trouble::Refused => "hooks_refused",
            Trouble::Owner => "webhook_owner",
            Trouble::Silent => "webhooks_silent",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_is_told_as_it_was_set() {
        let health = Health::default();
        assert_eq!(health.reason(), None);
        for trouble in [Trouble::Refused, Trouble::Owner, Trouble::Silent] {
            health.set(Some(trouble));
            assert_eq!(health.trouble(), Some(trouble));
        }
        health.set(None);
        assert_eq!(health.trouble(), None);
    }
}
