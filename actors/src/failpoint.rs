//! Named places where a test makes the engine panic, wait or die. Absent from release builds, names and all.

/// Passes a named place: `failpoint!("store.before_apply")`, or with what a test may pick by: the store's id, and a delivery's.
#[macro_export]
macro_rules! failpoint {
    ($name:literal) => {
        #[cfg(debug_assertions)]
        $crate::failpoint::pass($name);
    };
    ($name:literal, $store:expr) => {
        #[cfg(debug_assertions)]
        if $crate::failpoint::is_meant($store) {
            $crate::failpoint::pass($name);
        }
    };
    ($name:literal, $store:expr, $delivery:expr) => {
        #[cfg(debug_assertions)]
        if $crate::failpoint::is_meant($store) && $crate::failpoint::is_delivery_meant($delivery) {
            $crate::failpoint::pass($name);
        }
    };
}

/// Does what `FAILPOINTS` has for this place. Besides the actions of the crate `fail` there is `return(kill)`: the process ends at once, as by
/// `kill -9`, with nothing unwound, flushed or said.
#[cfg(debug_assertions)]
pub fn pass(name: &str) {
    ::fail::fail_point!(name, |deed| {
        if deed.as_deref() == Some("kill") {
            std::process::abort();
        }
    });
}

/// Whether failpoints that name a store are meant for this one: `STOREWIRE_FAIL_STORE` holds its id, or is not set.
#[cfg(debug_assertions)]
#[must_use]
pub fn is_meant(store: storewire_domain::StoreId) -> bool {
    std::env::var("STOREWIRE_FAIL_STORE").map_or(true, |wanted| wanted == store.to_string())
}

/// Whether failpoints that name a delivery are meant for this one: `STOREWIRE_FAIL_DELIVERY` holds its `X-WC-Webhook-Delivery-ID`, or is
/// not set.
#[cfg(debug_assertions)]
#[must_use]
pub fn is_delivery_meant(delivery_id: &str) -> bool {
    std::env::var("STOREWIRE_FAIL_DELIVERY").map_or(true, |wanted| wanted == delivery_id)
}
