//! The last deliveries as they were sent, for the fault that sends an old one again.

use std::collections::VecDeque;
use std::sync::Arc;

use rand::seq::IndexedRandom as _;

/// Deliveries kept.
const NUM_KEPT: usize = 64;

/// A delivery that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    pub webhook_id: u64,
    pub resource_id: u64,
    pub body: Arc<str>,
}

/// The last deliveries, oldest first.
#[derive(Debug, Default)]
pub struct Memory(VecDeque<Sent>);

impl Memory {
    pub fn keep(&mut self, sent: Sent) {
        if self.0.len() == NUM_KEPT {
            self.0.pop_front();
        }
        self.0.push_back(sent);
    }

    /// Any delivery before the last; rather an older state of the record that was told last.
    #[must_use]
    pub fn older(&self) -> Option<Sent> {
        let last = self.0.back()?;
        let before: Vec<&Sent> = self.0.iter().take(self.0.len() - 1).collect();
        let of_the_same: Vec<&Sent> = before
            .iter()
            .copied()
            .filter(|sent| (sent.webhook_id, sent.resource_id) == (last.webhook_id, last.resource_id))
            .collect();
        let among = if of_the_same.is_empty() { before } else { of_the_same };
        among.choose(&mut rand::rng()).map(|sent| (*sent).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_state_of_the_same_record_is_preferred() {
        let sent = |resource_id, body: &str| Sent { webhook_id: 1, resource_id, body: body.into() };
        let mut memory = Memory::default();
        memory.keep(sent(7, "first"));
        assert!(memory.older().is_none(), "there is nothing before the first");
        memory.keep(sent(8, "other"));
        memory.keep(sent(7, "second"));
        assert_eq!(&*memory.older().unwrap().body, "first");
    }
}
