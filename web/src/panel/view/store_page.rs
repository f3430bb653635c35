//! The pages of stores, for staff.

use askama::Template;

use super::{BudgetView, DiaryLine, DriftView, GapView, OwnersForm, RunView, StoreView, When};
use crate::panel::{filters, frame::Frame, words::Words};

/// `GET /stores`.
#[derive(Template)]
#[template(path = "stores/list.html")]
pub struct StoresPage {
    pub t: Words,
    pub frame: Frame,
    pub rows: Vec<StoreView>,
    pub can_connect: bool,
}

/// `GET /stores/{id}`.
#[derive(Template)]
#[template(path = "stores/show.html")]
pub struct StorePage {
    pub t: Words,
    pub frame: Frame,
    pub row: StoreView,
    /// `None` before its actor first ran.
    pub budget: Option<BudgetView>,
    /// When its webhooks were last found in order.
    pub hooks_checked: Option<When>,
    pub gaps: Vec<GapView>,
    pub runs: Vec<RunView>,
    pub drift: Vec<DriftView>,
    pub has_more_drift: bool,
    pub diary: Vec<DiaryLine>,
    pub has_more_diary: bool,
    pub sources: Sources,
    /// Goal, secret and addresses may be changed.
    pub can_edit: bool,
    /// `None` for who may not say who owns what.
    pub owners: Option<OwnersForm>,
}

/// The addresses under which a store sends webhooks.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub known: Vec<String>,
    /// Others that sent with its token and secret, and were set aside.
    pub suspected: Vec<String>,
}

/// `GET /stores/{id}/diary`.
#[derive(Template)]
#[template(path = "stores/diary.html")]
pub struct DiaryPage {
    pub t: Words,
    pub frame: Frame,
    pub name: String,
    pub href: String,
    pub diary: Vec<DiaryLine>,
    /// The next page.
    pub older: Option<String>,
}

/// `GET /stores/{id}/drift`.
#[derive(Template)]
#[template(path = "stores/drift.html")]
pub struct DriftPage {
    pub t: Words,
    pub frame: Frame,
    pub name: String,
    pub href: String,
    pub drift: Vec<DriftView>,
    /// The next page.
    pub older: Option<String>,
}
