//! What templates may do to a value besides printing it.

use askama::Values;

use super::{assets, view::Icon};

/// The icon of that name from the sprite.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> askama::Result<Icon> {
    Ok(Icon::new(name))
}

/// The address of an embedded file.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(assets::href(name))
}
