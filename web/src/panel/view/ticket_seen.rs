//! Up to where the other side has read what the reader's side wrote: a line below the newest message that it has.

use storewire_db::tickets::{MessageRow, SeenUpTo};
use storewire_domain::ticket::{MessageKind, Side};

use super::ticket_thread::EntryView;
use crate::panel::{dom_id, words::Words};

/// Adds the line. Merchants learn that staff have seen it, and of nobody who did.
pub fn show_seen(entries: &mut [EntryView], messages: &[MessageRow], reader: Side, seen: SeenUpTo, t: &Words) {
    let (other, words) = match reader {
        Side::Merchant => (Side::Staff, t.get("ticket-seen-by-staff")),
        Side::Staff => (Side::Merchant, t.get("ticket-seen-by-merchant")),
    };
    let Some(up_to) = seen.by(other) else { return };
    let is_own = |row: &&MessageRow| row.kind == MessageKind::Message && row.by_staff == reader.is_staff();
    let Some(newest) = messages.iter().filter(is_own).rfind(|row| row.at <= up_to) else { return };
    let dom_id = dom_id::ticket_entry(newest.id);
    if let Some(entry) = entries.iter_mut().find(|entry| entry.dom_id == dom_id) {
        entry.seen = Some(words);
    }
}
