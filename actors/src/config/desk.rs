//! How the desk keeps time, and how much it keeps.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use storewire_domain::{business_hours::BusinessHours, ticket::Priority};

/// How long requests and tickets wait, when people are reminded of them, and what they may attach.
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
    /// When staff are at work: only then does the time count in which they are to answer.
    pub hours: BusinessHours,
    /// Within how much of their working time staff answer a ticket first, by its priority.
    pub answer: AnswerGoals,
    /// The largest file, in bytes; the schema takes none above 10 MiB.
    pub file_bytes: usize,
    /// Files that one message may carry.
    pub files_per_message: usize,
    /// All files of one tenant together, in bytes.
    pub upload_bytes_of_tenant: i64,
}

/// See [`DeskConfig::answer`].
#[derive(Clone, Debug)]
pub struct AnswerGoals {
    pub urgent: Duration,
    pub high: Duration,
    pub normal: Duration,
    pub low: Duration,
}

impl Default for DeskConfig {
    fn default() -> Self {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        let days = |days: u64| hours(days * 24);
        Self {
            interval: Duration::from_secs(5),
            idle: Duration::from_secs(300),
            request_expires: days(14),
            request_reminds: vec![days(1), days(2), days(4)],
            hours: BusinessHours::default(),
            answer: AnswerGoals { urgent: hours(1), high: hours(4), normal: hours(8), low: hours(16) },
            file_bytes: 10 << 20,
            files_per_message: 10,
            upload_bytes_of_tenant: 2 << 30,
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

    /// Until when staff are to have answered a ticket that was opened then.
    #[must_use]
    pub fn answer_due(&self, opened_at: Timestamp, priority: Priority) -> Timestamp {
        let goal = match priority {
            Priority::Urgent => self.answer.urgent,
            Priority::High => self.answer.high,
            Priority::Normal => self.answer.normal,
            Priority::Low => self.answer.low,
        };
        self.hours.after(opened_at, SignedDuration::try_from(goal).unwrap_or(SignedDuration::MAX))
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

    #[test]
    fn the_more_urgent_a_ticket_the_sooner_staff_answer_in_their_own_hours() {
        let config = DeskConfig::default();
        let friday: Timestamp = "2026-11-20T16:00:00Z".parse().unwrap();
        for (priority, due) in [
            (Priority::Urgent, "2026-11-20T17:00:00Z"),
            (Priority::High, "2026-11-23T12:00:00Z"),
            (Priority::Normal, "2026-11-23T16:00:00Z"),
            (Priority::Low, "2026-11-24T16:00:00Z"),
        ] {
            assert_eq!(config.answer_due(friday, priority).to_string(), due, "{priority}");
        }
    }
}
