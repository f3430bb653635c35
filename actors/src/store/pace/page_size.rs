//! How many records a page of a store may hold: half as many after each that broke, slowly more after those that came. Pure.

/// Good pages in a row before a larger one is tried.
const TRIALS: u32 = 5;

/// Learned from listings only; at one record a page that breaks names the record that breaks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageSize {
    largest: u32,
    current: u32,
    good: u32,
}

impl PageSize {
    pub(crate) fn new(largest: u32) -> Self {
        let largest = largest.max(1);
        Self { largest, current: largest, good: 0 }
    }

    /// As it was before a restart.
    pub(crate) fn again(self, known: u32) -> Self {
        Self { current: known.clamp(1, self.largest), ..self }
    }

    pub(crate) const fn get(self) -> u32 {
        self.current
    }

    /// A page broke.
    pub(crate) fn broke(self) -> Self {
        Self { current: (self.current / 2).max(1), good: 0, ..self }
    }

    /// A page came.
    pub(crate) fn came(self) -> Self {
        if self.current == self.largest {
            return self;
        }
        let good = self.good + 1;
        if good < TRIALS {
            return Self { good, ..self };
        }
        let larger = self.current.saturating_add((self.current / 4).max(1));
        Self { current: larger.min(self.largest), good: 0, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_halves_down_to_one_and_grows_back_slowly() {
        let mut size = PageSize::new(100);
        let mut seen = Vec::new();
        for _ in 0..8 {
            seen.push(size.get());
            size = size.broke();
        }
        assert_eq!(seen, [100, 50, 25, 12, 6, 3, 1, 1]);
        let pages = (0..1_000).take_while(|_| {
            size = size.came();
            size.get() < 100
        });
        let pages = pages.count();
        assert!((60..120).contains(&pages), "{pages} pages");
    }

    proptest! {
        #[test]
        fn it_is_at_least_one_and_never_more_than_configured(largest in 0_u32..200, steps in prop::collection::vec(any::<bool>(), 0..200)) {
            let mut size = PageSize::new(largest);
            for came in steps {
                size = if came { size.came() } else { size.broke() };
                prop_assert!((1..=largest.max(1)).contains(&size.get()));
            }
        }
    }
}
