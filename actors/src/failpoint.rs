//! Named places where a test makes the engine panic, wait or die. Absent from release builds, names and all.

/// Passes a named place: `failpoint!("store.before_apply")`, or with the store's id as the argument that a test may pick by.
#[macro_export]
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        ::fail::fail_point!($name);
    };
    ($name:literal, $store:expr) => {
        #[cfg(debug_assertions)]
        if $crate::failpoint::is_meant($store) {
            ::fail::fail_point!($name);
        }
    };
}

/// Whether failpoints that name a store are meant for this one: `STOREWIRE_FAIL_STORE` holds its id, or is not set.
#[cfg(debug_assertions)]
#[must_use]
pub fn is_meant(store: storewire_domain::StoreId) -> bool {
    std::env::var("STOREWIRE_FAIL_STORE").map_or(true, |wanted| wanted == store.to_string())
}
