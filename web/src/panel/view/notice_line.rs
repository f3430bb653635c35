//! What one person was told: a line that leads to what it is about, and the bell that counts the unread ones.

use askama::Template;
use storewire_db::notices::NoticeRow;

use super::{When, status::readable, text::plain};
use crate::panel::{filters, frame::Frame, url, words::Words};

/// More unread lines than this are not counted out.
const COUNTED: i64 = 99;

/// One line.
#[derive(Clone, Debug)]
pub struct NoticeLine {
    pub id: String,
    pub icon: &'static str,
    pub text: String,
    /// The page of what it is about.
    pub href: String,
    pub at: When,
    pub is_unread: bool,
}

impl NoticeLine {
    #[must_use]
    pub fn new(notice: &NoticeRow, t: &Words) -> Self {
        Self {
            id: notice.id.to_string(),
            icon: icon(&notice.kind),
            text: text(notice, t),
            href: href(notice),
            at: When::moment(notice.created_at),
            is_unread: notice.read_at.is_none(),
        }
    }
}

/// The bell: how much of what one was told is unread.
#[derive(Clone, Debug)]
pub struct Bell {
    /// Nothing where nothing is unread, or nobody has counted yet.
    pub count: Option<String>,
    /// For who cannot see it.
    pub label: String,
}

impl Bell {
    #[must_use]
    pub fn new(unread: i64, t: &Words) -> Self {
        let count = match unread {
            0 => None,
            many if many > COUNTED => Some(format!("{COUNTED}+")),
            few => Some(few.to_string()),
        };
        let label = if unread > 0 { t.count("notice-unread", unread) } else { t.get("notices-title") };
        Self { count, label }
    }

    /// Before anybody has counted.
    #[must_use]
    pub fn silent(t: &Words) -> Self {
        Self::new(0, t)
    }
}

fn icon(kind: &str) -> &'static str {
    match kind {
        "request-applied" => "circle-check",
        "request-failed" | "ticket-late" | "return-restock-failed" => "circle-alert",
        "request-rejected" => "circle-x",
        "request-expired" | "request-reminded" => "hourglass",
        "stock-low" => "triangle-alert",
        "ticket-noted" => "pencil",
        other if other.starts_with("ticket-") => "message-square",
        other if other.starts_with("return-") => "rotate-ccw",
        _ => "list-checks",
    }
}

/// In words; a kind that this build does not know is told by its name.
fn text(notice: &NoticeRow, t: &Words) -> String {
    let told = |id| t.told(id, &["number", "about", "quantity", "level"], &notice.detail);
    let text = match notice.kind.as_str() {
        "request-asked" => told("notice-request-asked"),
        "request-approved" => told("notice-request-approved"),
        "request-rejected" => told("notice-request-rejected"),
        "request-commented" => told("notice-request-commented"),
        "request-reminded" => told("notice-request-reminded"),
        "request-expired" => told("notice-request-expired"),
        "request-applied" => told("notice-request-applied"),
        "request-failed" => told("notice-request-failed"),
        "ticket-opened" => told("notice-ticket-opened"),
        "ticket-said" => told("notice-ticket-said"),
        "ticket-assigned" => told("notice-ticket-assigned"),
        "ticket-noted" => told("notice-ticket-noted"),
        "ticket-closed" => told("notice-ticket-closed"),
        "ticket-reopened" => told("notice-ticket-reopened"),
        "ticket-late" => told("notice-ticket-late"),
        "return-opened" => told("notice-return-opened"),
        "return-accepted" => told("notice-return-accepted"),
        "return-declined" => told("notice-return-declined"),
        "return-received" => told("notice-return-received"),
        "return-decided" => told("notice-return-decided"),
        "return-restocked" => told("notice-return-restocked"),
        "return-restock-failed" => told("notice-return-restock-failed"),
        "return-closed" => told("notice-return-closed"),
        "return-cancelled" => told("notice-return-cancelled"),
        "return-wrote" => told("notice-return-wrote"),
        "return-said" => told("notice-return-said"),
        "stock-low" => told("notice-stock-low"),
        other => readable(other),
    };
    plain(&text)
}

fn href(notice: &NoticeRow) -> String {
    let id = notice.about_id;
    match notice.about_kind.as_str() {
        "request" => format!("{}/{id}", url::REQUESTS),
        "ticket" => format!("/support/{id}"),
        "return" => format!("/returns/{id}"),
        "order" => url::order(id.into()),
        "product" => url::product(id.into()),
        _ => url::NOTICES.to_owned(),
    }
}

/// `GET /notices`.
#[derive(Template)]
#[template(path = "notices/list.html")]
pub struct NoticesPage {
    pub t: Words,
    pub frame: Frame,
    pub lines: Vec<NoticeLine>,
    /// The newest line shown, if anything is unread: all up to it may be marked as read, and nothing that came since.
    pub newest: Option<String>,
    pub is_further: bool,
    /// The next page.
    pub older: Option<String>,
}

/// `GET /bell`.
#[derive(Template)]
#[template(path = "components/_bell.html")]
pub struct BellFragment {
    pub bell: Bell,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_counts_to_ninety_nine_and_says_nothing_of_nothing() {
        let t = Words::default();
        let count = |unread| Bell::new(unread, &t).count;
        assert_eq!((count(0), count(1), count(99)), (None, Some("1".to_owned()), Some("99".to_owned())));
        assert_eq!(count(100).as_deref(), Some("99+"));
        assert_eq!(Bell::new(1, &t).label, "1 unread notice");
        assert_eq!(Bell::silent(&t).label, "Notices");
    }
}
