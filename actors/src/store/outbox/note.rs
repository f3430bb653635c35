//! How a note of ours is told from others: notes have no key of ours, so the ones from before are the evidence.

use storewire_db::intents::OpenIntent;
use storewire_domain::{
    Edit,
    intent::{FieldValue, Fields},
    prose::gist,
};
use storewire_woo::OrderNote;

/// Whether the order has our note, and which notes it has. A note is ours if it reads like ours and was not there when we last sent; of an
/// intent that was never sent none is.
pub(super) fn present(notes: &[OrderNote], intent: &OpenIntent) -> Fields {
    let ids = FieldValue::list(notes.iter().map(|note| note.remote_id.as_str()));
    let told = Fields::of("note", FieldValue::Nothing).with("notes", ids);
    let Edit::OrderNote { text, for_customer } = &intent.edit else { return told };
    let Some(before) = intent.before.as_ref().and_then(|before| before.get("notes")?.as_array()) else { return told };
    let was_there = |note: &OrderNote| before.iter().any(|id| id.as_str() == Some(note.remote_id.as_str()));
    let ours = notes
        .iter()
        .find(|note| !was_there(note) && note.for_customer == *for_customer && gist(&note.text) == gist(text));
    match ours {
        Some(note) => {
            told.with("note", FieldValue::text(text)).with("note_id", FieldValue::text(note.remote_id.as_str()))
        }
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;
    use storewire_domain::{IntentState, RemoteId, UserId, intent::Cause};
    use uuid::Uuid;

    use super::*;

    fn note(id: u64, text: &str) -> OrderNote {
        OrderNote {
            remote_id: id.into(),
            text: text.to_owned(),
            for_customer: false,
            author: "system".to_owned(),
            created_at: None,
        }
    }

    fn sent(text: &str, before: Option<serde_json::Value>) -> OpenIntent {
        OpenIntent {
            id: Uuid::now_v7(),
            entity_id: Uuid::now_v7(),
            remote_id: RemoteId::from("1"),
            parent_remote_id: None,
            edit: Edit::OrderNote { text: text.to_owned(), for_customer: false },
            expected: None,
            cause: Cause::of(UserId::fresh()),
            state: IntentState::Unknown,
            attempts: 1,
            before,
            sent_at: None,
            due_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_a_note_that_was_not_there_before_is_ours() {
        let intent = sent("packed", Some(json!({"notes": ["4"]})));
        let is_there = |notes: &[OrderNote]| intent.edit.wanted().are_in(&present(notes, &intent));
        assert!(!is_there(&[note(4, "packed")]));
        assert!(is_there(&[note(5, "packed"), note(4, "packed")]));
        assert!(!is_there(&[OrderNote { for_customer: true, ..note(5, "packed") }]));
        let unsent = sent("packed", None);
        assert!(!unsent.edit.wanted().are_in(&present(&[note(5, "packed")], &unsent)));
    }

    #[test]
    fn a_note_is_known_however_wordpress_kept_it() {
        let intent = sent("Tom & Ada's <b>box</b> 1 < 2 > 0 👍", Some(json!({"notes": []})));
        for kept in [
            "Tom & Ada's <b>box</b> 1 < 2 > 0 👍",
            "Tom &amp; Ada&#039;s box 1 &lt; 2 &gt; 0 👍",
            "Tom &amp; Ada\\'s  box 1 &lt; 2 &gt; 0\n&#x1F44D;",
        ] {
            assert!(intent.edit.wanted().are_in(&present(&[note(5, kept)], &intent)), "{kept}");
        }
        assert!(!intent.edit.wanted().are_in(&present(&[note(5, "Tom & Ada's box 1 < 2 > 1 👍")], &intent)));
    }
}
