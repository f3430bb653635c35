//! A short message above a page.

/// A message with its tone and icon.
#[derive(Clone, Debug)]
pub struct Notice {
    /// `good`, `warn`, `bad`, `info` or `calm`.
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
}
