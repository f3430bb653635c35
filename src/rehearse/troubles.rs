//! What goes wrong with the twins: every few seconds each trouble that was wished for strikes some of them, and leaves the others.

use std::collections::BTreeMap;

use storesim::{Faults, Throttle};
use storewire_domain::rehearsal::Trouble;
use uuid::Uuid;

use super::shops::Shops;

/// Of all twins, one in so many is struck by a trouble at a time.
const ONE_IN: usize = 10;

/// The simulator's switches for a trouble.
fn switches(trouble: Trouble) -> Faults {
    let off = Faults::default();
    match trouble {
        Trouble::Slow => Faults { slow_ms: 800, ..off },
        Trouble::Throttled => {
            let throttle = Throttle { retry_after: Some(1), part: 0.5, ..Throttle::default() };
            Faults { status_429: Some(throttle), ..off }
        }
        Trouble::Unavailable => Faults { status_503: Some(Throttle::default()), ..off },
        Trouble::Crashing => Faults { status_500_part: 0.33, ..off },
        Trouble::WebhooksLost => Faults { drop_webhooks: 0.5, ..off },
        Trouble::WebhooksDoubled => Faults { duplicate_webhooks: 0.5, ..off },
        Trouble::WebhooksStale => Faults { stale_webhooks: 0.5, ..off },
        Trouble::WebhooksLate => Faults { delay_webhooks_ms: 2_000, ..off },
    }
}

/// Lets every twin be well, then strikes some anew; no twin is struck twice at a time while there are others.
pub fn strike(shops: &Shops, twins: usize, troubles: &[Trouble], struck: &mut BTreeMap<Trouble, u32>) {
    heal(shops, twins);
    for (twin, trouble) in draw(twins, troubles) {
        shops.set_faults(twin, switches(trouble));
        *struck.entry(trouble).or_default() += 1;
    }
}

/// Lets every twin be well.
pub fn heal(shops: &Shops, twins: usize) {
    for twin in 1..=twins {
        shops.set_faults(twin, Faults::default());
    }
}

/// Who is struck by what; twins count from 1.
fn draw(twins: usize, troubles: &[Trouble]) -> Vec<(usize, Trouble)> {
    let mut order: Vec<usize> = (1..=twins).collect();
    order.sort_by_cached_key(|_| Uuid::new_v4());
    let each = twins.div_ceil(ONE_IN);
    let struck = troubles.iter().flat_map(|trouble| std::iter::repeat_n(*trouble, each));
    order.into_iter().zip(struck).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_trouble_is_one_that_the_simulator_takes_and_changes_something() {
        for trouble in Trouble::ALL {
            let switches = switches(*trouble);
            assert_eq!(switches.validate(), Ok(()), "{trouble}");
            assert_ne!(switches, Faults::default(), "{trouble}");
        }
    }

    #[test]
    fn each_trouble_strikes_a_tenth_and_nobody_twice() {
        let struck = draw(40, &[Trouble::Slow, Trouble::Crashing]);
        assert_eq!(struck.iter().filter(|(_, trouble)| *trouble == Trouble::Slow).count(), 4);
        assert_eq!(struck.iter().map(|(twin, _)| twin).collect::<HashSet<_>>().len(), 8);
        assert!(struck.iter().all(|(twin, _)| (1..=40).contains(twin)));
        assert_eq!(draw(2, Trouble::ALL).len(), 2, "two twins are struck once each, whatever is wished for");
        assert!(draw(40, &[]).is_empty());
    }
}
