//! A list as pages hold it: rendered once for all who ask for it together.

use askama::Template;

use super::Alerts;
use crate::error::WebError;

/// The body of a page that lists records, and what its frame takes from the same reading.
#[derive(Clone, Debug)]
pub struct Listing {
    pub html: String,
    /// Where the page's socket connects; `None` for a list that is not followed.
    pub live: Option<String>,
    /// For who keeps stores.
    pub alerts: Option<Alerts>,
}

impl Listing {
    /// # Errors
    /// If the template fails.
    pub fn new(list: &impl Template, live: Option<String>, alerts: Option<Alerts>) -> Result<Self, WebError> {
        let html = list.render().map_err(|error| WebError::Internal(Box::new(error)))?;
        Ok(Self { html, live, alerts })
    }
}
