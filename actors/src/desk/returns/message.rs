//! What is said about a return: to the buyer by letter, and among staff and merchants.

use serde_json::json;
use storewire_db::{
    ReturnRow,
    letters::{self, NewLetter, To},
};
use storewire_domain::{
    LetterId, ReturnId, TenantId,
    returns::{ReturnEntry, ReturnRefusal},
};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand},
    LONGEST, LONGEST_SUBJECT, find, lock, refused, some_words, staff_only,
    told::{self, Subject, Told},
};

/// Writes to the buyer; the letter's id, and the entry's, is the deed's.
pub(super) async fn write(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    (tenant, id): (TenantId, ReturnId),
    subject: &str,
    text: &str,
) -> Result<ReturnRow, DeskError> {
    staff_only(by)?;
    let subject = some_words("subject", subject, LONGEST_SUBJECT)?;
    let text = some_words("text", text, LONGEST)?;
    let now = shared.clock.now();
    let tx = shared.db.desk(tenant).await?;
    let row = lock(&tx, id).await?;
    if !storewire_post::is_address(&row.buyer_email) {
        return Err(refused(ReturnRefusal::NoEmail, &row));
    }
    let letter = NewLetter {
        id: LetterId(deed),
        store: Some(row.store_id),
        to: To::Address { address: &row.buyer_email, name: &row.buyer_name },
        subject,
        body: text,
        about_kind: "return",
        about_id: id.uuid(),
        once: &format!("return-message:{id}:{deed}"),
    };
    if letters::write(&tx, &letter, now).await? {
        let of = Subject::from(&row);
        let entry = Told {
            deed,
            by,
            kind: ReturnEntry::Message,
            text,
            action: "return.message",
            notice: Some("return-wrote"),
            detail: json!({ "subject": subject }),
            letter: Some(letter.id),
        };
        told::note(&tx, &of, entry, now).await?;
        told::log(&tx, &of, None, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    shared.letters.send();
    find(shared, tenant, id).await
}

/// Adds a comment, whose id is the deed's.
pub(super) async fn comment(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    (tenant, id): (TenantId, ReturnId),
    text: &str,
) -> Result<ReturnRow, DeskError> {
    staff_only(by)?;
    let text = some_words("text", text, LONGEST)?;
    let now = shared.clock.now();
    let tx = shared.db.desk(tenant).await?;
    let row = lock(&tx, id).await?;
    let of = Subject::from(&row);
    let entry = Told {
        deed,
        by,
        kind: ReturnEntry::Comment,
        text,
        action: "return.comment",
        notice: Some("return-said"),
        detail: json!({}),
        letter: None,
    };
    if told::note(&tx, &of, entry, now).await? {
        told::log(&tx, &of, None, now).await?;
    }
    tx.commit().await?;
    shared.feed.send();
    find(shared, tenant, id).await
}
