//! What slows password guessing down without locking anyone out: growing delays per account, per address, and per
//! account from one address, and a bound on how many passwords are hashed at a time.
//!
//! A device's address that logged in to an account before is not held up by what others did to that account. All of it
//! is memory only: a restart forgives, which costs an attacker nothing he did not have before.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use storewire_guard::digest;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Hashes at a time: each takes a core and 19 MiB.
const HASHES: usize = 2;
/// The longest wait for a turn to hash; then the caller is told to come back.
const TURN_TIMEOUT: Duration = Duration::from_secs(5);
/// Entries kept; the ones untouched for longest make room.
const MAX_ENTRIES: usize = 20_000;
/// After this long without a failure, an entry counts from zero again.
const FORGIVEN_AFTER: Duration = Duration::from_secs(15 * 60);

const PER_ACCOUNT: Rule = Rule { free: 8, longest: Duration::from_secs(30) };
const PER_ADDRESS: Rule = Rule { free: 30, longest: Duration::from_secs(60) };
const PER_PAIR: Rule = Rule { free: 5, longest: Duration::from_secs(60) };

/// How fast delays grow: `free` failures cost nothing, then 1 s, doubling up to `longest`.
struct Rule {
    free: u32,
    longest: Duration,
}

type Account = [u8; 32];

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Account(Account),
    Address(IpAddr),
    Pair(Account, IpAddr),
}

struct Failures {
    count: u32,
    last: Timestamp,
}

#[derive(Default)]
struct Ledger {
    failures: HashMap<Key, Failures>,
    /// Where an account logged in from, and when last.
    known: HashMap<(Account, IpAddr), Timestamp>,
}

/// The gate in front of every password check. One for the whole process.
pub struct LoginGate {
    hashing: Semaphore,
    ledger: Mutex<Ledger>,
}

impl Default for LoginGate {
    fn default() -> Self {
        Self { hashing: Semaphore::new(HASHES), ledger: Mutex::default() }
    }
}

/// One attempt's place in the ledger.
#[derive(Clone, Copy)]
pub struct Attempt {
    account: Account,
    address: IpAddr,
}

impl Attempt {
    /// An attempt on the account of `email` from `address`.
    #[must_use]
    pub fn new(email: &str, address: IpAddr) -> Self {
        Self { account: digest::sha256(email.as_bytes()), address: network(address) }
    }
}

impl LoginGate {
    /// How long this attempt must wait; `None` if it may go on now.
    #[must_use]
    pub fn delay(&self, attempt: Attempt, now: Timestamp) -> Option<Duration> {
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = rules(attempt).map(|(key, rule)| {
            let is_known =
                matches!(key, Key::Account(_)) && ledger.known.contains_key(&(attempt.account, attempt.address));
            let failures = ledger.failures.get(&key).filter(|_| !is_known)?;
            rule.wait(failures, now)
        });
        waits.into_iter().flatten().max()
    }

    /// Waits for a turn to hash; `None` if too many are waiting.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        tokio::time::timeout(TURN_TIMEOUT, self.hashing.acquire()).await.ok()?.ok()
    }

    /// Counts a wrong password.
    pub fn failed(&self, attempt: Attempt, now: Timestamp) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in rules(attempt) {
            make_room(&mut ledger.failures, |failures| failures.last);
            let entry = ledger.failures.entry(key).or_insert(Failures { count: 0, last: now });
            let is_forgiven = since(entry.last, now) > FORGIVEN_AFTER;
            entry.count = if is_forgiven { 1 } else { entry.count.saturating_add(1) };
            entry.last = now;
        }
    }

    /// Remembers where the account's owner logs in from. The address keeps its failures: an attacker may own an account too.
    pub fn succeeded(&self, attempt: Attempt, now: Timestamp) {
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        ledger.failures.remove(&Key::Pair(attempt.account, attempt.address));
        make_room(&mut ledger.known, |last| *last);
        ledger.known.insert((attempt.account, attempt.address), now);
    }
}

impl Rule {
    fn wait(&self, failures: &Failures, now: Timestamp) -> Option<Duration> {
        let over = failures.count.checked_sub(self.free)?;
        let passed = since(failures.last, now);
        if passed > FORGIVEN_AFTER {
            return None;
        }
        let delay = Duration::from_secs(1_u64.checked_shl(over).unwrap_or(u64::MAX)).min(self.longest);
        delay.checked_sub(passed).filter(|left| !left.is_zero())
    }
}

const fn rules(attempt: Attempt) -> [(Key, Rule); 3] {
    let Attempt { account, address } = attempt;
    [
        (Key::Account(account), PER_ACCOUNT),
        (Key::Address(address), PER_ADDRESS),
        (Key::Pair(account, address), PER_PAIR),
    ]
}

/// What one household or office has: an IPv4 address, or an IPv6 /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let prefix = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
        address @ IpAddr::V4(_) => address,
    }
}

fn since(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

/// Drops the older half once the map is full, so that the cost is spread thin.
fn make_room<K: Eq + Hash + Copy, V>(map: &mut HashMap<K, V>, age: impl Fn(&V) -> Timestamp) {
    if map.len() < MAX_ENTRIES {
        return;
    }
    let mut ages: Vec<Timestamp> = map.values().map(&age).collect();
    let middle = ages.len() / 2;
    let (_, cut, _) = ages.select_nth_unstable(middle);
    let cut = *cut;
    map.retain(|_, value| age(value) > cut);
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "owner@example.test";

    fn address(last: u8) -> IpAddr {
        IpAddr::from([203, 0, 113, last])
    }

    fn start() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn fail(gate: &LoginGate, attempt: Attempt, times: u32, now: Timestamp) {
        (0..times).for_each(|_| gate.failed(attempt, now));
    }

    #[test]
    fn delays_grow_and_end_and_a_quiet_quarter_of_an_hour_forgives() {
        let gate = LoginGate::default();
        let attempt = Attempt::new(OWNER, address(1));
        fail(&gate, attempt, 4, start());
        assert_eq!(gate.delay(attempt, start()), None);
        fail(&gate, attempt, 1, start());
        assert_eq!(gate.delay(attempt, start()), Some(Duration::from_secs(1)));
        fail(&gate, attempt, 2, start());
        assert_eq!(gate.delay(attempt, start()), Some(Duration::from_secs(4)));
        assert_eq!(gate.delay(attempt, start() + Duration::from_secs(4)), None);
        fail(&gate, attempt, 1000, start());
        assert_eq!(gate.delay(attempt, start()), Some(Duration::from_secs(60)));
        let later = start() + FORGIVEN_AFTER + Duration::from_secs(1);
        gate.failed(attempt, later);
        assert_eq!(gate.delay(attempt, later), None);
    }

    #[test]
    fn a_minute_of_guessing_at_one_account_from_everywhere_is_under_twenty_hashes() {
        let gate = LoginGate::default();
        let mut hashes = 0;
        for second in 0..60_u64 {
            let now = start() + Duration::from_secs(second);
            for last in 0..200 {
                let attempt = Attempt::new(OWNER, address(last));
                if gate.delay(attempt, now).is_none() {
                    hashes += 1;
                    gate.failed(attempt, now);
                }
            }
        }
        assert!(hashes <= 20, "{hashes} hashes");
    }

    #[test]
    fn the_owner_still_logs_in_from_a_known_address_while_others_guess() {
        let gate = LoginGate::default();
        let owner = Attempt::new(OWNER, address(1));
        gate.succeeded(owner, start());
        fail(&gate, Attempt::new(OWNER, address(2)), 100, start());
        assert_eq!(gate.delay(owner, start()), None);
        assert!(gate.delay(Attempt::new(OWNER, address(3)), start()).is_some());
    }

    #[test]
    fn one_address_that_tries_many_accounts_is_slowed_and_its_own_success_does_not_help_it() {
        let gate = LoginGate::default();
        for n in 0..40 {
            gate.failed(Attempt::new(&format!("someone{n}@example.test"), address(1)), start());
        }
        gate.succeeded(Attempt::new("attacker@example.test", address(1)), start());
        assert!(gate.delay(Attempt::new(OWNER, address(1)), start()).is_some());
        assert_eq!(gate.delay(Attempt::new(OWNER, address(2)), start()), None);
    }

    #[test]
    fn a_network_of_ipv6_addresses_counts_as_one() {
        let gate = LoginGate::default();
        for n in 0..40_u16 {
            let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, n, n, n, n);
            gate.failed(Attempt::new(&format!("someone{n}@example.test"), address.into()), start());
        }
        let neighbour = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 9, 9, 9, 9);
        assert!(gate.delay(Attempt::new(OWNER, neighbour.into()), start()).is_some());
    }

    #[test]
    fn a_flood_of_addresses_does_not_grow_the_memory() {
        let gate = LoginGate::default();
        for n in 0..60_000_u32 {
            let now = start() + Duration::from_millis(u64::from(n));
            gate.failed(Attempt::new(&format!("{n}@example.test"), IpAddr::from(n.to_be_bytes())), now);
        }
        assert!(gate.ledger.lock().unwrap().failures.len() <= MAX_ENTRIES);
    }
}
