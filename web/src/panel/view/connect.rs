//! The form that connects a store. Secrets are never printed back.

use askama::Template;

use super::Choice;
use crate::panel::{filters, frame::Frame, words::Words};

/// The form's values and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct ConnectForm {
    pub tenants: Vec<Choice>,
    pub url: String,
    pub name: String,
    /// A shop without https: requests are signed, keys never sent.
    pub plain_http: bool,
    /// What the store or the engine said.
    pub problem: Option<String>,
    pub tenant_error: Option<String>,
    pub url_error: Option<String>,
    pub key_error: Option<String>,
    pub secret_error: Option<String>,
}

impl ConnectForm {
    /// Whether something must be corrected before the store is asked.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.tenant_error.is_some()
            || self.url_error.is_some()
            || self.key_error.is_some()
            || self.secret_error.is_some()
    }
}

/// `GET /stores/new`, and the answer to a form that needs correcting.
#[derive(Template)]
#[template(path = "stores/new.html")]
pub struct ConnectPage {
    pub t: Words,
    pub frame: Frame,
    pub form: ConnectForm,
}
