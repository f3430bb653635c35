//! Products and variations that are made, and products that are thrown away. Nothing makes a new record unique, so what makes it gives it
//! a mark of its own and looks for that after an unclear outcome.

use serde_json::{Value, json};
use storewire_domain::{Product, RemoteId};
use tracing::instrument;

use crate::{Failure, Item, Page, Patch, Poison, StoreClient, WooError, client::path_id, salvage};

/// The key under which a record that we made keeps whose it is.
const MARK: &str = "_storewire_intent";

/// Gives a record that is to be made its mark.
pub fn mark(fields: &mut Patch, of: &str) {
    fields.insert("meta_data".to_owned(), json!([{ "key": MARK, "value": of }]));
}

/// Whether a record's JSON holds this mark.
#[must_use]
pub fn is_marked(raw: &str, of: &str) -> bool {
    // Most records are none of ours, and are not read for it.
    raw.contains(of)
        && serde_json::from_str::<Value>(raw).is_ok_and(|record| {
            let metas = record.get("meta_data").and_then(Value::as_array);
            metas.is_some_and(|metas| metas.iter().any(|meta| meta["key"] == MARK && meta["value"] == of))
        })
}

impl<T> Page<T> {
    /// Whether the record with this mark, if it is on the page, could be read.
    ///
    /// # Errors
    /// `BadJson`, with what is wrong with it.
    pub fn require_readable(&self, of: &str) -> Result<(), WooError> {
        let poison = self.items.iter().find_map(|item| item.as_ref().err().filter(|poison| poison.raw.contains(of)));
        let fault =
            |poison: &Poison| WooError { cause: Some(Box::new(poison.clone())), ..WooError::new(Failure::BadJson) };
        poison.map_or(Ok(()), |poison| Err(fault(poison)))
    }
}

impl StoreClient {
    /// Makes a product. The answer holds it as the store made it, with its new id.
    ///
    /// # Errors
    /// As for any write: see [`WooError::is_certainly_not_applied`], and look for its mark where it says no.
    #[instrument(name = "woo.product.create", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn create_product(&self, fields: &Patch) -> Result<Item<Product>, WooError> {
        let decoder = self.decoder();
        let answer = self.post("wc/v3/products", Value::Object(fields.clone()).to_string()).await?;
        salvage::record(&answer, false, |raw| decoder.product(raw))
    }

    /// Makes a variation of a variable product.
    ///
    /// # Errors
    /// As [`Self::create_product`]; `Gone` where the parent is.
    #[instrument(name = "woo.variation.create", skip_all, fields(store.host = self.host(), remote.id = %parent), err(level = "debug"))]
    pub async fn create_variation(&self, parent: &RemoteId, fields: &Patch) -> Result<Item<Product>, WooError> {
        let (decoder, path) = (self.decoder(), format!("wc/v3/products/{}/variations", path_id(parent)?));
        let answer = self.post(&path, Value::Object(fields.clone()).to_string()).await?;
        salvage::record(&answer, false, |raw| decoder.variation(parent, raw))
    }

    /// Puts a product into the trash. Variations have none.
    ///
    /// # Errors
    /// As for any write; 410 for one that is there already.
    #[instrument(name = "woo.product.trash", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn trash_product(&self, id: &RemoteId) -> Result<(), WooError> {
        self.trash(&format!("wc/v3/products/{}", path_id(id)?)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_where_it_was_put_and_nowhere_else() {
        let mut fields = Patch::new();
        mark(&mut fields, "018f-1");
        let raw = Value::Object(fields).to_string();
        assert!(is_marked(&raw, "018f-1"));
        assert!(!is_marked(&raw, "018f-2"));
        assert!(!is_marked(r#"{"name": "018f-1", "meta_data": [{"key": "note", "value": "018f-1"}]}"#, "018f-1"));
        assert!(!is_marked(r#"{"meta_data": [{"key": "_storewire_intent", "value": "018f-1"}"#, "018f-1"), "no JSON");
    }
}
