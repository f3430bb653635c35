//! What deeds about a request have in common: the form, whose request it is, and the answer when somebody was faster.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde::Deserialize;
use storewire_actors::{DeskError, desk::At};
use storewire_db::RequestRow;
use storewire_domain::{
    RequestId,
    intent::Fields,
    request::{Meaning, RequestRefusal, RequestState},
};
use storewire_guard::access::{Action, Area};

use crate::{
    api::{requests::addressed, write::needed},
    error::WebError,
    extract::Session,
    panel::{
        frame::{Frame, words},
        respond, url,
        view::{Again, Choices, FasterLine, FasterPage, When, request_badge},
        words::Words,
    },
    state::AppState,
};

/// A button's or form's fields; each deed takes those that it needs.
#[derive(Debug, Deserialize)]
pub struct DeedForm {
    version: Option<i64>,
    /// What the page showed of the store, as JSON; only told back.
    #[serde(default)]
    seen: String,
    pub(super) meaning: Option<Meaning>,
    #[serde(default)]
    pub(super) reason: String,
    /// The page to return to; the request's own if none is given.
    next: Option<String>,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Approve,
    Reject,
    Withdraw,
    Reopen,
}

impl Deed {
    const fn action(self) -> Action {
        match self {
            Self::Approve | Self::Reject | Self::Reopen => Action::Approve,
            Self::Withdraw => Action::Withdraw,
        }
    }

    /// The last part of its address.
    const fn verb(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Reopen => "reopen",
        }
    }

    /// What is said when it is done.
    const fn said(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Withdraw => "withdrawn",
            Self::Reopen => "reopened",
        }
    }

    /// Where it leaves a request.
    const fn leaves(self) -> RequestState {
        match self {
            Self::Approve => RequestState::Approved,
            Self::Reject => RequestState::Rejected,
            Self::Withdraw => RequestState::Withdrawn,
            Self::Reopen => RequestState::Waiting,
        }
    }
}

/// A deed that is being done: by whom, about what, and as what they saw.
pub(super) struct Doing<'a> {
    state: &'a AppState,
    session: &'a Session,
    request: &'a HttpRequest,
    form: &'a DeedForm,
    deed: Deed,
    pub(super) row: RequestRow,
    pub(super) at: At,
}

impl<'a> Doing<'a> {
    /// The request, if it is in the person's sight; their role must have the deed.
    pub(super) async fn new(
        (session, request, state): (&'a Session, &'a HttpRequest, &'a AppState),
        id: RequestId,
        form: &'a DeedForm,
        deed: Deed,
    ) -> Result<Self, WebError> {
        let row = addressed(session, state, id).await?;
        session.require(Area::Requests, deed.action())?;
        let at = At { tenant: row.tenant_id, id, version: needed(form.version)? };
        Ok(Self { state, session, request, form, deed, row, at })
    }

    /// Back to where they came from with the word for what became of it; or the page that says who was faster.
    pub(super) async fn end(self, done: Result<RequestRow, DeskError>) -> Result<HttpResponse, WebError> {
        let word = match done {
            Ok(_) => self.deed.said(),
            Err(DeskError::Refused(refusal)) => {
                let now = addressed(self.session, self.state, self.at.id).await?;
                let is_decided = refusal.code == RequestRefusal::AlreadyDecided.as_str();
                if is_decided && self.is_done_by_same_hand(&now) {
                    self.deed.said()
                } else if is_decided || refusal.code == RequestRefusal::Changed.as_str() {
                    return self.was_slower(&now);
                } else {
                    refusal.code
                }
            }
            Err(DeskError::Rejected(rejected)) => rejected.fault.as_str(),
            Err(error) => return Err(error.into()),
        };
        Ok(respond::see(&url::saying(&self.back(), word)))
    }

    /// The same button was pressed twice, or once by somebody whose browser did not hear the answer.
    fn is_done_by_same_hand(&self, now: &RequestRow) -> bool {
        let is_same = match self.deed {
            Deed::Approve => now.intent_id.is_some(),
            Deed::Reject => now.state == RequestState::Rejected,
            Deed::Withdraw | Deed::Reopen => false,
        };
        is_same && now.decided_by == Some(self.session.user_id)
    }

    fn back(&self) -> String {
        self.form.next.as_deref().map_or_else(|| url::request(self.at.id), |next| url::same_site(next).to_owned())
    }

    fn was_slower(&self, now: &RequestRow) -> Result<HttpResponse, WebError> {
        let t = words(self.session);
        let is_open = now.state.is_open();
        let page = FasterPage {
            frame: Frame::new(self.request, self.session, url::REQUESTS, self.state.clock.now(), &t),
            by: now.decided_name.clone().filter(|_| !is_open),
            at: now.decided_at.filter(|_| !is_open).map(When::moment),
            lines: if is_open { self.values(now, &t) } else { vec![self.states(now, &t)] },
            again: self.again(now, &t),
            back: self.back(),
            t,
        };
        let status = if is_open { StatusCode::PRECONDITION_FAILED } else { StatusCode::CONFLICT };
        respond::page_with(status, &page)
    }

    fn values(&self, now: &RequestRow, t: &Words) -> Vec<FasterLine> {
        let seen: Fields = serde_json::from_str(&self.form.seen).unwrap_or_default();
        FasterLine::each(&seen, &now.current, &now.edit.wanted(), t)
    }

    fn states(&self, now: &RequestRow, t: &Words) -> FasterLine {
        let word = |state| request_badge(state, t).word;
        FasterLine {
            field: t.get("requests-state"),
            seen: word(self.row_seen()),
            now: word(now.state),
            wanted: word(self.deed.leaves()),
        }
    }

    /// A deed begins where a request waits, but for the one that brings a failed one back.
    const fn row_seen(&self) -> RequestState {
        match self.deed {
            Deed::Reopen => RequestState::Failed,
            _ => RequestState::Waiting,
        }
    }

    fn again(&self, now: &RequestRow, t: &Words) -> Vec<Again> {
        let action = format!("{}/{}", url::request(self.at.id), self.deed.verb());
        let form = |label: String, more: Vec<(&'static str, String)>| Again {
            action: action.clone(),
            fields: [vec![("version", now.version.to_string())], more].concat(),
            label,
        };
        let Some(choices) = Choices::new(now, t) else { return Vec::new() };
        let seen = choices.seen.clone();
        match self.deed {
            Deed::Approve => choices
                .approvals
                .into_iter()
                .map(|one| form(one.label, vec![("seen", seen.clone()), ("meaning", one.meaning.to_string())]))
                .collect(),
            Deed::Reject => {
                vec![form(t.get("request-reject"), vec![("seen", seen), ("reason", self.form.reason.clone())])]
            }
            Deed::Withdraw => vec![form(t.get("request-withdraw"), Vec::new())],
            Deed::Reopen => Vec::new(),
        }
    }
}
