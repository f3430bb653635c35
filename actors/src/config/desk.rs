//! How the desk keeps time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How long requests wait, and when people are reminded of them.
#[derive(Clone, Debug)]
pub struct DeskConfig {
    /// From one look for what is due to the next.
    pub interval: Duration,
    /// A tenant's actor that is asked for nothing for so long ends.
    pub idle: Duration,
    /// A request that nobody decides for so long expires.
    pub request_expires: Duration,
    /// From the last word about a request to the first reminder, from there to the second, and so on; then there are no more.
    pub request_reminds: Vec<Duration>,
}

impl Default for DeskConfig {
    fn default() -> Self {
        let days = |days: u64| Duration::from_secs(days * 86_400);
        Self {
            interval: Duration::from_secs(5),
            idle: Duration::from_secs(300),
            request_expires: days(14),
            request_reminds: vec![days(1), days(2), days(4)],
        }
    }
}

impl DeskConfig {
    /// When a request that is asked for now expires.
    #[must_use]
    pub fn expiry(&self, now: Timestamp) -> Timestamp {
        later(now, self.request_expires)
    }

    /// When a request is looked at again of which people were reminded so often.
    #[must_use]
    pub fn next_look(&self, now: Timestamp, reminders: i16, expires_at: Timestamp) -> Timestamp {
        let wait = usize::try_from(reminders).ok().and_then(|sent| self.request_reminds.get(sent));
        wait.map_or(expires_at, |wait| later(now, *wait).min(expires_at))
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    SignedDuration::try_from(wait).ok().and_then(|wait| now.checked_add(wait).ok()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_reminded_ever_more_seldom_and_never_after_the_end() {
        let (config, now) = (DeskConfig::default(), Timestamp::UNIX_EPOCH);
        let day = |number: i64| Timestamp::from_second(number * 86_400).unwrap();
        let expires_at = config.expiry(now);
        assert_eq!(expires_at, day(14));
        assert_eq!(config.next_look(now, 0, expires_at), day(1));
        assert_eq!(config.next_look(day(1), 1, expires_at), day(3));
        assert_eq!(config.next_look(day(3), 2, expires_at), day(7));
        assert_eq!(config.next_look(day(7), 3, expires_at), expires_at);
        assert_eq!(config.next_look(day(12), 2, expires_at), expires_at, "a reminder after the end is none");
    }
}
