//! What is said of a deed in support, on the page that its form returns to.

use actix_web::HttpResponse;
use storewire_actors::DeskError;

use crate::{
    error::WebError,
    panel::{respond, url},
};

/// Back to `page`, where the deed's outcome is told and how things stand now is shown.
///
/// # Errors
/// What no page tells: that it is not there, or that it cannot be done now.
pub fn tell<T>(done: Result<T, DeskError>, page: &str, word: &str) -> Result<HttpResponse, WebError> {
    let word = match done {
        Ok(_) => word,
        Err(error) => why(&error).ok_or(error)?,
    };
    Ok(respond::see(&url::saying(page, word)))
}

/// The word of the panel for why it was not done; `None` for what no page tells.
pub fn why(error: &DeskError) -> Option<&'static str> {
    match error {
        DeskError::Refused(refusal) => Some(refused(refusal.code)),
        DeskError::Rejected(rejected) => Some(rejected.fault.as_str()),
        _ => None,
    }
}

/// The word of the panel for a refusal.
fn refused(code: &str) -> &'static str {
    match code {
        "changed" => "ticket_changed",
        "nothing_to_change" => "ticket_same",
        "empty" => "ticket_empty",
        "too_long" => "ticket_too_long",
        "bad_text" => "ticket_bad_text",
        "not_staff" => "ticket_not_staff",
        "full" => "ticket_full",
        "too_many_files" => "ticket_too_many",
        "four_eyes" => "ticket_four_eyes",
        "reason_needed" => "ticket_reason",
        "already_decided" => "ticket_decided",
        _ => "ticket_refused",
    }
}
