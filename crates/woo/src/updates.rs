//! Changes to single records. The answer holds the record as the store then has it, which is a claim to be compared with
//! what was wanted: WooCommerce accepts values that it does not take over.

use storewire_domain::{Customer, Order, Product, RemoteId};
use tracing::instrument;

use crate::{Item, Patch, Poison, StoreClient, WooError, client::path_id, salvage};

impl StoreClient {
    /// Changes an order. Any of `billing`, `shipping` and the `*_lines` makes the store compute all totals anew; a status
    /// sends mails, moves stock and may move money.
    ///
    /// # Errors
    /// See [`WooError::is_certainly_not_applied`]; where it says no, read before trying again. `Gone` for a missing order.
    #[instrument(name = "woo.order.update", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn update_order(&self, id: &RemoteId, patch: &Patch) -> Result<Item<Order>, WooError> {
        let decoder = self.decoder();
        self.update(&format!("wc/v3/orders/{}", path_id(id)?), patch, |raw| decoder.order(raw)).await
    }

    /// Changes a product; not a variation, which is refused here.
    ///
    /// # Errors
    /// As [`Self::update_order`].
    #[instrument(name = "woo.product.update", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn update_product(&self, id: &RemoteId, patch: &Patch) -> Result<Item<Product>, WooError> {
        let decoder = self.decoder();
        self.update(&format!("wc/v3/products/{}", path_id(id)?), patch, |raw| decoder.product(raw)).await
    }

    /// Changes a variation of `parent`.
    ///
    /// # Errors
    /// As [`Self::update_order`].
    #[instrument(name = "woo.variation.update", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn update_variation(
        &self,
        parent: &RemoteId,
        id: &RemoteId,
        patch: &Patch,
    ) -> Result<Item<Product>, WooError> {
        let decoder = self.decoder();
        let path = format!("wc/v3/products/{}/variations/{}", path_id(parent)?, path_id(id)?);
        self.update(&path, patch, |raw| decoder.variation(parent, raw)).await
    }

    /// Changes a customer account.
    ///
    /// # Errors
    /// As [`Self::update_order`].
    #[instrument(name = "woo.customer.update", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn update_customer(&self, id: &RemoteId, patch: &Patch) -> Result<Item<Customer>, WooError> {
        let decoder = self.decoder();
        self.update(&format!("wc/v3/customers/{}", path_id(id)?), patch, |raw| decoder.customer(raw)).await
    }

    async fn update<T>(
        &self,
        path: &str,
        patch: &Patch,
        decode: impl FnOnce(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Result<Item<T>, WooError> {
        salvage::record(&self.put(path, patch).await?, false, decode)
    }
}
