//! A request in a list: what somebody wants changed, what they saw, what the store holds by now, and what became of it.

use askama::Template;
use storewire_db::RequestRow;
use storewire_domain::{
    RoleClass,
    intent::Fields,
    request::{Meaning, RequestState, approved},
};

use super::{
    Badge, Filter, When,
    intent::{self, title, values},
    outcome,
    text::plain,
};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// One request.
#[derive(Clone, Debug)]
pub struct RequestView {
    pub dom_id: String,
    pub href: String,
    /// By which people call it.
    pub number: String,
    /// The page of the record that it is about.
    pub record_href: String,
    pub record: String,
    pub store: String,
    pub icon: &'static str,
    pub title: String,
    pub state: Badge,
    pub state_raw: &'static str,
    /// When it was written, so that a script never puts an older one over a newer.
    pub saved: i64,
    /// What the asker saw; nothing for what changes nothing that is there.
    pub was: Option<String>,
    /// What the store holds by now, where that is something else and nobody has decided.
    pub now: Option<String>,
    /// A quantity that is meant as so many more or fewer.
    pub is_relative: bool,
    pub note: String,
    pub asker: String,
    pub asked: When,
    pub decider: Option<String>,
    pub decided: Option<When>,
    /// Why it was rejected, or failed.
    pub reason: Option<String>,
    /// How far what was approved has come, or what the store says that it holds.
    pub progress: Option<String>,
    /// When it ends by itself.
    pub until: Option<When>,
    /// The buttons of who may decide.
    pub choices: Option<Choices>,
}

/// What may be decided about a request that waits, as its reader sees it.
#[derive(Clone, Debug)]
pub struct Choices {
    pub version: i64,
    /// What the store holds on the reader's page, as JSON: told again if somebody is faster.
    pub seen: String,
    /// One button for each number that an approval could write, as the asker meant it first.
    pub approvals: Vec<Approval>,
}

/// One way to approve, with what it has written.
#[derive(Clone, Debug)]
pub struct Approval {
    pub meaning: Meaning,
    pub label: String,
}

impl Choices {
    /// `None` for a request that does not wait.
    #[must_use]
    pub fn new(request: &RequestRow, t: &Words) -> Option<Self> {
        if !request.state.is_open() {
            return None;
        }
        let as_asked = request.asked_meaning;
        let other = match as_asked {
            Meaning::Absolute => Meaning::Relative,
            Meaning::Relative => Meaning::Absolute,
        };
        let standing = request.standing();
        let mut edits: Vec<_> = [as_asked, other]
            .into_iter()
            .filter_map(|meaning| Some((meaning, approved(&standing, meaning).ok()?)))
            .collect();
        // While the store holds what the asker saw, both come to the same.
        edits.dedup_by(|(_, one), (_, before)| one == before);
        let approvals = edits.into_iter().map(|(meaning, edit)| {
            let what = title(&edit, t).1;
            let label = match meaning {
                Meaning::Absolute => t.with("request-approve", "what", &what),
                Meaning::Relative => t.with("request-approve-by", "what", &what),
            };
            Approval { meaning, label }
        });
        Some(Self {
            version: request.version,
            seen: serde_json::to_string(&request.current).unwrap_or_default(),
            approvals: approvals.collect(),
        })
    }
}

impl RequestView {
    #[must_use]
    pub fn new(request: &RequestRow, t: &Words) -> Self {
        let (icon, title) = title(&request.edit, t);
        let is_open = request.state.is_open();
        let href = match request.edit.noun() {
            // There is no record yet.
            _ if request.edit.stands_alone() => url::request(request.id),
            "order" => url::order(request.entity_id.into()),
            _ => url::product(request.entity_id.into()),
        };
        let reason = request.reason.as_deref().filter(|reason| !reason.is_empty());
        Self {
            dom_id: dom_id::request(request.id),
            href: url::request(request.id),
            number: format!("R-{}", request.number),
            record_href: href,
            record: plain(&request.about),
            store: plain(&request.store_name),
            icon,
            title,
            state: badge(request.state, t),
            state_raw: request.state.as_str(),
            saved: request.updated_at.as_microsecond(),
            was: told(&request.base, t),
            now: request.stale_at.filter(|_| is_open).and_then(|_| told(&request.current, t)),
            is_relative: request.asked_meaning == Meaning::Relative,
            note: request.note.clone(),
            asker: request.asked_name.clone(),
            asked: When::moment(request.asked_at),
            decider: request.decided_name.clone(),
            decided: request.decided_at.map(When::moment),
            reason: reason.map(|reason| match request.state {
                RequestState::Failed => outcome::failed(reason, t),
                _ => reason.to_owned(),
            }),
            progress: progress(request, t),
            until: is_open.then(|| When::moment(request.expires_at)),
            choices: None,
        }
    }

    /// The same, with the buttons of readers of this class.
    #[must_use]
    pub fn for_class(self, request: &RequestRow, class: RoleClass, t: &Words) -> Self {
        let choices = (class == RoleClass::Staff).then(|| Choices::new(request, t)).flatten();
        Self { choices, ..self }
    }
}

fn progress(request: &RequestRow, t: &Words) -> Option<String> {
    match request.state {
        RequestState::Approved => Some(intent::badge(request.intent_state?, t).word),
        RequestState::Applied => match request.result.as_ref().and_then(|result| values(result, t)) {
            Some(values) => Some(t.with("outcome-done", "values", &values)),
            None => Some(t.get("outcome-done-plain")),
        },
        _ => None,
    }
}

/// Where a request stands, in words.
pub fn badge(state: RequestState, t: &Words) -> Badge {
    let (word, tone, icon) = match state {
        RequestState::Waiting => (t.get("request-waiting"), "info", "clock"),
        RequestState::Approved => (t.get("request-approved"), "info", "send"),
        RequestState::Applied => (t.get("request-applied"), "good", "circle-check"),
        RequestState::Failed => (t.get("request-failed"), "bad", "circle-alert"),
        RequestState::Rejected => (t.get("request-rejected"), "warn", "circle-x"),
        RequestState::Withdrawn => (t.get("request-withdrawn"), "calm", "ban"),
        RequestState::Expired => (t.get("request-expired"), "calm", "hourglass"),
    };
    Badge { word, tone, icon }
}

/// The values of fields, in words; nothing for none.
pub fn told(fields: &Fields, t: &Words) -> Option<String> {
    values(&serde_json::to_value(fields).ok()?, t)
}

/// `GET /requests`.
#[derive(Template)]
#[template(path = "requests/list.html")]
pub struct RequestsPage {
    pub t: Words,
    pub frame: Frame,
    pub filter: Filter,
    pub takes_new: bool,
    pub rows: Vec<RequestView>,
    /// The next page.
    pub older: Option<String>,
}
