//! Notes of an order: its history as the store writes it, and our own entries.

use jiff::Timestamp;
use serde_json::json;
use storewire_domain::RemoteId;
use tracing::instrument;

use crate::{Failure, StoreClient, WooError, client::path_id, endpoint::Params, salvage};

/// A note as the store lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderNote {
    pub remote_id: RemoteId,
    /// HTML, as WordPress keeps it: what was sent may come back with entities and without some tags.
    pub text: String,
    /// The customer was sent it.
    pub for_customer: bool,
    /// A person's name, or `WooCommerce` or `system`.
    pub author: String,
    pub created_at: Option<Timestamp>,
}

/// A note to be written. Notes cannot be changed, and do not move the order's modification time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNote {
    pub text: String,
    /// Whether the customer is sent it, by mail and at once.
    pub for_customer: bool,
}

impl StoreClient {
    /// Every note of an order; the store has no pages of them.
    ///
    /// # Errors
    /// `Gone` where the order is; `BadJson` where any note cannot be read, since a caller looks here for what it wrote.
    #[instrument(name = "woo.note.list", skip_all, fields(store.host = self.host(), remote.id = %order), err(level = "debug"))]
    pub async fn list_order_notes(&self, order: &RemoteId) -> Result<Vec<OrderNote>, WooError> {
        let (decoder, path) = (self.decoder(), format!("wc/v3/orders/{}/notes", path_id(order)?));
        let page = self.list(&path, Params::new(), |raw| decoder.note(raw)).await?;
        let notes = page.items.into_iter().map(|note| note.map(|item| item.value)).collect::<Result<_, _>>();
        notes.map_err(|poison| WooError { cause: Some(Box::new(poison)), ..WooError::new(Failure::BadJson) })
    }

    /// Writes a note. Nothing makes it unique: after an unclear outcome look for it before writing again.
    ///
    /// # Errors
    /// As for any write.
    #[instrument(name = "woo.note.create", skip_all, fields(store.host = self.host(), remote.id = %order), err(level = "debug"))]
    pub async fn create_order_note(&self, order: &RemoteId, note: &NewNote) -> Result<OrderNote, WooError> {
        let (decoder, path) = (self.decoder(), format!("wc/v3/orders/{}/notes", path_id(order)?));
        let body = json!({ "note": note.text, "customer_note": note.for_customer });
        let answer = self.post(&path, body.to_string()).await?;
        salvage::record(&answer, false, |raw| decoder.note(raw)).map(|item| item.value)
    }
}
