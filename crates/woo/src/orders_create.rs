//! Orders that are made. As with products, nothing makes a new one unique but its mark.

use serde_json::Value;
use storewire_domain::Order;
use tracing::instrument;

use crate::{Item, Patch, StoreClient, WooError, salvage};

impl StoreClient {
    /// Makes an order. The answer holds it as the store made it, with its new id and its own prices.
    ///
    /// # Errors
    /// As for any write: see [`WooError::is_certainly_not_applied`], and look for its mark where it says no. A store that fails in the middle
    /// may leave a draft behind, which is no order.
    #[instrument(name = "woo.order.create", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn create_order(&self, fields: &Patch) -> Result<Item<Order>, WooError> {
        let decoder = self.decoder();
        let answer = self.post("wc/v3/orders", Value::Object(fields.clone()).to_string()).await?;
        salvage::record(&answer, false, |raw| decoder.order(raw))
    }
}
