//! How the notifier paces itself.

use std::time::Duration;

/// How letters are looked for and how long one is kept in hand.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// From one look for letters to the next.
    pub interval: Duration,
    /// Nobody else takes a letter for so long that somebody has in hand. Longer than any try to send one takes; a letter whose sender died
    /// waits for so long.
    pub in_hand: Duration,
    /// Letters on their way at once.
    pub at_once: usize,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self { interval: Duration::from_secs(2), in_hand: Duration::from_secs(120), at_once: 4 }
    }
}
