//! What an HTTP caller is told when something fails: one enum, answered as RFC 9457 problem details.
//!
//! The panel shows people a page instead: the [`Problem`] travels in the response's extensions, so that a
//! middleware which knows the request can render it.

use std::time::Duration;

use actix_web::{HttpResponse, ResponseError, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::{Map, Value};
use storewire_actors::{DeskError, desk::RefusalKind};
use storewire_db::DbError;
use storewire_domain::{request::RequestRefusal, ticket::TicketRefusal};
use utoipa::ToSchema;

/// A refused or failed request.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("the request is malformed: {0}")]
    BadRequest(String),
    /// No live login. The API's answer.
    #[error("log in first")]
    Unauthorized,
    /// Deliberately one answer for a wrong e-mail, a wrong password and a disabled login.
    #[error("e-mail or password is wrong")]
    WrongPassword,
    /// No live login. The panel's answer: the login page, then back to `next`.
    #[error("log in first")]
    LogIn { next: String, is_fragment: bool },
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// Not there, or not this reader's to know of.
    #[error("there is nothing here")]
    NotFound,
    #[error("this address takes {0} only")]
    MethodNotAllowed(&'static str),
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String },
    #[error("the body is larger than allowed")]
    TooLarge,
    #[error("send JSON, uncompressed, as application/json")]
    UnsupportedMedia,
    /// Well-formed, but it cannot be done as asked.
    #[error("{detail}")]
    Unprocessable { code: &'static str, detail: String },
    /// A rule of the desk speaks against it.
    #[error("{detail}")]
    Refused {
        status: StatusCode,
        code: &'static str,
        detail: &'static str,
        /// What helps to understand it, by names of its own.
        more: Map<String, Value>,
    },
    #[error("too many attempts; try again later")]
    TooManyRequests { retry_after: Duration },
    /// Nothing was done; waiting helps.
    #[error("not available at the moment")]
    Unavailable,
    /// A fault of ours. The cause goes to the log, never to the caller.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An error as the API reports it (`application/problem+json`).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; stable.
    #[serde(rename = "type")]
    #[schema(example = "urn:storewire:problem:not_found")]
    pub kind: String,
    /// The status code's own words.
    pub title: &'static str,
    /// The HTTP status code.
    pub status: u16,
    /// What happened, for a person.
    pub detail: String,
    /// The last part of `type`, for programs.
    pub code: &'static str,
    /// What helps to understand some of them: how the thing stands now, or who was faster.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl WebError {
    /// A write that sets something does not say what was seen of it: it would overwrite what others did meanwhile. `detail` says how to say it,
    /// `more` what there is.
    #[must_use]
    pub const fn unseen(detail: &'static str, more: Map<String, Value>) -> Self {
        Self::Refused { status: StatusCode::PRECONDITION_REQUIRED, code: "version_needed", detail, more }
    }

    /// The machine's word for it; stable.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadRequest(_) => "bad_request",
            Self::Unauthorized | Self::LogIn { .. } => "unauthorized",
            Self::WrongPassword => "wrong_password",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed(_) => "method_not_allowed",
            Self::Conflict { code, .. } | Self::Unprocessable { code, .. } | Self::Refused { code, .. } => code,
            Self::TooLarge => "too_large",
            Self::UnsupportedMedia => "unsupported_media",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Unavailable => "unavailable",
            Self::Internal(_) => "internal",
        }
    }

    /// The problem details that a caller may see.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let status = self.status_code();
        Problem {
            kind: format!("urn:storewire:problem:{}", self.code()),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.to_string(),
            code: self.code(),
            more: match self {
                Self::Refused { more, .. } => more.clone(),
                _ => Map::new(),
            },
        }
    }
}

impl From<DeskError> for WebError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Refused(refusal) => Self::Refused {
                status: match refusal.kind {
                    RefusalKind::Forbidden => StatusCode::FORBIDDEN,
                    RefusalKind::Conflict => StatusCode::CONFLICT,
                    RefusalKind::Outdated => StatusCode::PRECONDITION_FAILED,
                    RefusalKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
                    RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                    RefusalKind::BadType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                },
                code: refusal.code,
                detail: refusal.words,
                more: match refusal.detail {
                    Value::Object(more) => more,
                    _ => Map::new(),
                },
            },
            DeskError::Rejected(rejected) => {
                Self::Unprocessable { code: rejected.fault.as_str(), detail: rejected.to_string() }
            }
            DeskError::Busy => Self::Unavailable,
            DeskError::Db(error) => error.into(),
            DeskError::Files(error) => {
                tracing::error!(%error, "a file cannot be had");
                Self::Unavailable
            }
        }
    }
}

impl From<RequestRefusal> for WebError {
    fn from(why: RequestRefusal) -> Self {
        DeskError::from(why).into()
    }
}

impl From<TicketRefusal> for WebError {
    fn from(why: TicketRefusal) -> Self {
        DeskError::from(why).into()
    }
}

impl From<DbError> for WebError {
    fn from(error: DbError) -> Self {
        if error.is_unavailable() {
            tracing::warn!(error = %causes(&error), "database not available for a request");
            return Self::Unavailable;
        }
        Self::Internal(Box::new(error))
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::WrongPassword | Self::LogIn { is_fragment: true, .. } => {
                StatusCode::UNAUTHORIZED
            }
            Self::LogIn { is_fragment: false, .. } => StatusCode::SEE_OTHER,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused { status, .. } => *status,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::LogIn { next, is_fragment } => {
                // A fragment's request would follow a redirect and swap the login page into the middle of the page.
                let name = if *is_fragment { "hx-redirect" } else { "location" };
                return answer.insert_header((name, login_url(next))).finish();
            }
            Self::Unauthorized | Self::WrongPassword => {
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"storewire\""));
            }
            Self::MethodNotAllowed(allowed) => {
                answer.insert_header((header::ALLOW, *allowed));
            }
            Self::TooManyRequests { retry_after } => {
                answer.insert_header((header::RETRY_AFTER, retry_after.as_secs().max(1).to_string()));
            }
            Self::Unavailable => {
                answer.insert_header((header::RETRY_AFTER, "5"));
            }
            Self::Internal(cause) => tracing::error!(error = %causes(&**cause), "request failed"),
            _ => {}
        }
        let problem = self.problem();
        let body = serde_json::to_string(&problem).unwrap_or_default();
        let mut response = answer.content_type("application/problem+json").body(body);
        response.extensions_mut().insert(problem);
        response
    }
}

/// Where a stranger logs in before going on to `next`.
fn login_url(next: &str) -> String {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    format!("/login?{query}")
}

/// An error and its causes in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_cause_is_not_told_to_the_caller() {
        let error = WebError::Internal("password authentication failed for user x".into());
        let told = serde_json::to_string(&error.problem()).unwrap();
        assert!(!told.contains("password"), "{told}");
        assert_eq!(error.status_code(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_refusal_of_the_desk_tells_how_things_stand_beside_its_code() {
        let refused = |why: RequestRefusal| {
            let problem = WebError::from(why).problem();
            (problem.status, problem.code)
        };
        assert_eq!(refused(RequestRefusal::FourEyes), (403, "four_eyes"));
        assert_eq!(refused(RequestRefusal::DecideAgain), (409, "decide_again"));
        assert_eq!(refused(RequestRefusal::Changed), (412, "changed"));
        assert_eq!(refused(RequestRefusal::BelowZero), (422, "below_zero"));
        let more = serde_json::json!({"version": 3}).as_object().cloned().unwrap();
        let error = WebError::Refused { status: StatusCode::PRECONDITION_FAILED, code: "changed", detail: "x", more };
        let told = serde_json::to_value(error.problem()).unwrap();
        assert_eq!((&told["version"], &told["code"]), (&3.into(), &"changed".into()));
        assert_eq!(WebError::from(DeskError::Busy).error_response().headers().get("retry-after").unwrap(), "5");
    }

    #[test]
    fn a_page_is_redirected_and_a_fragment_is_told_to_go_to_the_login() {
        let page = WebError::LogIn { next: "/orders?status=a&b".into(), is_fragment: false }.error_response();
        assert_eq!(page.status(), StatusCode::SEE_OTHER);
        assert_eq!(page.headers().get("location").unwrap(), "/login?next=%2Forders%3Fstatus%3Da%26b");
        let fragment = WebError::LogIn { next: "/orders".into(), is_fragment: true }.error_response();
        assert_eq!(fragment.headers().get("hx-redirect").unwrap(), "/login?next=%2Forders");
    }
}
