//! What can be wrong with a shop, and with the network before it.

use std::time::Duration;

use rand::Rng as _;
use rand::rngs::StdRng;
use storesim::{Damage, Faults, Redirect, Throttle};
use storewire_testkit::fault_proxy::{self, CutRule, Place, Way};

use super::plan::one_of;

/// The type and the list of all its values, from one list of names.
macro_rules! faults {
    ($($name:ident),* $(,)?) => {
        /// A shop's trouble. Which record is broken is decided when it happens.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Fault {
            $($name),*
        }

        const ALL: &[Fault] = &[$(Fault::$name),*];
    };
}

faults! {
    Down,
    Refusing,
    Frozen,
    Slow,
    TooMany,
    TooManyUntilADate,
    Maintenance,
    Crashing,
    Moved,
    Firewall,
    PageInsteadOfJson,
    Nothing,
    NoPut,
    CutBeforeWrites,
    CutAfterWrites,
    CrashAfterWrites,
    LateWrites,
    KeysRevoked,
    KeysMayOnlyRead,
    NoWooCommerce,
    Notice,
    ByteOrderMark,
    Truncated,
    BrokenRecord,
    UndecodableRecord,
    SmallPages,
    EmptyLists,
    NoWebhookRights,
    WebhooksLost,
    WebhooksDoubled,
    WebhooksStale,
    WebhooksSwapped,
    WebhooksLate,
    WebhooksWithoutOwner,
}

impl Fault {
    pub fn draw(rng: &mut StdRng) -> Self {
        one_of(rng, ALL, Self::Down)
    }

    /// The simulator's switches. `record` is what a fault of a single record strikes.
    #[must_use]
    pub fn switches(self, record: u64) -> Faults {
        let off = Faults::default();
        let throttle = Throttle::default();
        match self {
            Self::Down => Faults { down: true, ..off },
            Self::Refusing => Faults { refuse: true, ..off },
            Self::Frozen => Faults { freeze: true, ..off },
            Self::Slow => Faults { slow_ms: 400, ..off },
            Self::TooMany => Faults { status_429: Some(Throttle { retry_after: Some(1), ..throttle }), ..off },
            Self::TooManyUntilADate => {
                Faults { status_429: Some(Throttle { retry_date_seconds: Some(2), part: 0.5, ..throttle }), ..off }
            }
            Self::Maintenance => Faults { status_503: Some(throttle), ..off },
            Self::Crashing => Faults { status_500_part: 0.5, ..off },
            Self::Moved => {
                // Nobody listens there, and nobody must even try: keys are never carried elsewhere.
                let to = "https://127.0.0.1:9".to_owned();
                Faults { redirect_to: Some(Redirect { to, status: 302 }), ..off }
            }
            Self::Firewall => Faults { html_403: true, ..off },
            Self::PageInsteadOfJson => Faults { html_200: true, ..off },
            Self::Nothing => Faults { empty_200: true, ..off },
            Self::NoPut => Faults { block_put: true, ..off },
            Self::CutBeforeWrites => Faults { cut_before_apply_part: 0.6, ..off },
            Self::CutAfterWrites => Faults { cut_after_apply_part: 0.6, ..off },
            Self::CrashAfterWrites => Faults { crash_after_apply_part: 0.6, ..off },
            // Within the time that the product is told to wait for such writes.
            Self::LateWrites => Faults { late_apply_ms: 800, ..off },
            Self::KeysRevoked => Faults { status_401: true, ..off },
            Self::KeysMayOnlyRead => Faults { read_only_key: true, ..off },
            Self::NoWooCommerce => Faults { no_route: true, ..off },
            Self::Notice => Faults { junk_before_json: true, ..off },
            Self::ByteOrderMark => Faults { bom: true, ..off },
            Self::Truncated => Faults { truncate_json: true, ..off },
            Self::BrokenRecord => Faults { broken_records: [record].into(), ..off },
            Self::UndecodableRecord => Faults { undecodable_records: [(record, Damage::Amount)].into(), ..off },
            Self::SmallPages => Faults { max_page: Some(5), ..off },
            Self::EmptyLists => Faults { empty_list: true, ..off },
            Self::NoWebhookRights => Faults { webhook_status: Some(403), ..off },
            Self::WebhooksLost => Faults { drop_webhooks: 1.0, ..off },
            Self::WebhooksDoubled => Faults { duplicate_webhooks: 0.7, ..off },
            Self::WebhooksStale => Faults { stale_webhooks: 0.7, ..off },
            Self::WebhooksSwapped => Faults { swap_webhooks: 0.7, ..off },
            Self::WebhooksLate => Faults { delay_webhooks_ms: 1_500, ..off },
            Self::WebhooksWithoutOwner => Faults { error_object_webhooks: 0.5, ..off },
        }
    }
}

/// A network that can be in trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Road {
    /// To the shops of one host.
    Host(usize),
    /// To the binary's own address, on which shops deliver.
    Door,
    /// Between the binary and PostgreSQL.
    Database,
}

/// A network's trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Late,
    Narrow,
    Silent,
    Refusing,
    Cutting,
    /// Transactions are committed, and nobody hears of it.
    CommitsUnheard,
}

impl Line {
    /// Anything on the way to shops; before our own door never silence, in which shops would wait for a minute, one delivery at a time.
    pub fn draw(rng: &mut StdRng, road: Road) -> Self {
        match (rng.random_range(0..8), road) {
            (0, _) => Self::Late,
            (1, _) => Self::Narrow,
            (2, Road::Host(_) | Road::Database) => Self::Silent,
            (3, _) => Self::Refusing,
            (4..6, Road::Database) => Self::CommitsUnheard,
            _ => Self::Cutting,
        }
    }

    #[must_use]
    pub fn switches(self, road: Road) -> fault_proxy::Faults {
        let off = fault_proxy::Faults::default();
        // A page costs one exchange with a shop and a dozen with the database, one after the other.
        let is_near = road == Road::Database;
        match self {
            Self::Late => fault_proxy::Faults { latency: Duration::from_millis(if is_near { 10 } else { 150 }), ..off },
            Self::Narrow => fault_proxy::Faults { bandwidth: if is_near { 400_000 } else { 40_000 }, ..off },
            Self::Silent => fault_proxy::Faults { black_hole: true, ..off },
            Self::Refusing => fault_proxy::Faults { refuse: true, ..off },
            Self::Cutting => fault_proxy::Faults {
                cut: CutRule {
                    part: if is_near { 0.02 } else { 0.3 },
                    places: vec![
                        Place::BeforeRequest,
                        Place::InRequest(1..600),
                        Place::AfterRequest,
                        Place::InAnswer(1..4_000),
                    ],
                    ways: WAYS.to_vec(),
                    ..CutRule::default()
                },
                ..off
            },
            Self::CommitsUnheard => fault_proxy::Faults {
                cut: CutRule {
                    part: 0.3,
                    holding: b"COMMIT".to_vec(),
                    places: vec![Place::BeforeRequest, Place::AfterRequest],
                    ways: WAYS.to_vec(),
                },
                ..off
            },
        }
    }
}

const WAYS: [Way; 3] = [Way::Close, Way::Reset, Way::HalfClose];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_one_that_the_simulator_takes_and_changes_something() {
        for fault in ALL {
            let switches = fault.switches(7);
            assert_eq!(switches.validate(), Ok(()), "{fault:?}");
            assert_ne!(switches, Faults::default(), "{fault:?}");
        }
    }
}
