//! Who is told of a return by a notice: the merchant's administrators of every step, and of a restock that failed who wanted it.

use jiff::Timestamp;
use serde_json::{Value, json};
use storewire_db::{
    DbError, TenantTx, identity,
    notices::{self, NewNotice},
    returns,
};
use storewire_domain::{IntentState, ReturnId, TenantRole, UserId};
use uuid::Uuid;

use super::{super::outcome::EndedIntent, told::Subject};

/// What people are told, and once for which deed.
#[derive(Clone, Copy)]
pub(super) struct News {
    /// A key of the panel's texts.
    pub(super) kind: &'static str,
    pub(super) once: Uuid,
    pub(super) now: Timestamp,
}

/// Tells the merchant's administrators of a deed, except who did it.
pub(super) async fn tell(tx: &TenantTx, of: &Subject<'_>, by: UserId, news: News) -> Result<(), DbError> {
    let detail = json!({ "number": of.number, "about": of.order_number });
    tell_admins(tx, of.id, Some(by), &detail, news).await
}

/// Tells of the end of a write that was to put something back on the shelf.
pub(super) async fn tell_end(
    tx: &TenantTx,
    of: ReturnId,
    intent: &EndedIntent<'_>,
    now: Timestamp,
) -> Result<(), DbError> {
    let Some(named) = returns::restocked(tx, of, intent.id).await? else { return Ok(()) };
    let detail = json!({ "number": named.number, "about": named.items });
    let once = intent.id;
    if intent.state == IntentState::Done {
        return tell_admins(tx, of, None, &detail, News { kind: "return-restocked", once, now }).await;
    }
    let news = News { kind: "return-restock-failed", once, now };
    notices::tell(tx, &[notice(of, intent.cause.user, true, &detail, news)], now).await
}

async fn tell_admins(
    tx: &TenantTx,
    of: ReturnId,
    but: Option<UserId>,
    detail: &Value,
    news: News,
) -> Result<(), DbError> {
    let admins = identity::members_with(tx, TenantRole::Admin).await?;
    let lines: Vec<NewNotice> = admins
        .iter()
        .filter(|person| Some(person.id) != but)
        .map(|person| notice(of, person.id, false, detail, news))
        .collect();
    notices::tell(tx, &lines, news.now).await
}

fn notice(of: ReturnId, user: UserId, for_staff: bool, detail: &Value, news: News) -> NewNotice {
    NewNotice {
        user,
        for_staff,
        kind: news.kind,
        detail: detail.clone(),
        about_kind: "return",
        about_id: of.uuid(),
        once: format!("{}:{of}:{}", news.kind, news.once),
    }
}
