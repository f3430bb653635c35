//! A note of an order as REST v3 shows it.

use crate::dates;
use crate::model::note::Note;
use crate::php_json::{Object, object};
use crate::view::View;

impl View<'_> {
    #[must_use]
    pub fn note(&self, order_id: u64, note: &Note) -> Object {
        let collection = format!("orders/{order_id}/notes");
        object! {
            "id" => note.id,
            "author" => note.author,
            "date_created" => self.local(note.created),
            "date_created_gmt" => dates::gmt(note.created),
            "note" => note.text.clone(),
            "customer_note" => note.is_for_customer,
            "_links" => object! {
                "self" => self.self_link(&format!("{collection}/{}", note.id), &["GET", "DELETE"]),
                "collection" => self.link(&collection),
                "up" => self.link(&format!("orders/{order_id}")),
            },
        }
    }
}
