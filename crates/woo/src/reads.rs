//! What is read from a store whole: listings and single records.

use storewire_domain::{Coupon, Customer, Order, Product, Refund, RemoteId};
use tracing::instrument;

use crate::{
    CustomerQuery, Failure, Fetched, Item, ListQuery, Page, Paging, Poison, StoreClient, WooError, client::path_id,
    endpoint::Params, salvage,
};

/// What a read of one record gives: the record, the store's word that it is gone, or a fault.
type Got<T> = Result<Fetched<T>, WooError>;

impl StoreClient {
    /// One page of orders.
    ///
    /// # Errors
    /// Anything but a list; a record that cannot be decoded is a poison on the page instead.
    #[instrument(name = "woo.order.list", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn list_orders(&self, query: &ListQuery) -> Result<Page<Order>, WooError> {
        let decoder = self.decoder();
        self.listing("wc/v3/orders", query, |raw| decoder.order(raw)).await
    }

    /// One page of products, without their variations.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.product.list", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn list_products(&self, query: &ListQuery) -> Result<Page<Product>, WooError> {
        let decoder = self.decoder();
        self.listing("wc/v3/products", query, |raw| decoder.product(raw)).await
    }

    /// One page of a variable product's variations.
    ///
    /// # Errors
    /// As [`Self::list_orders`]; `Gone` where the parent is.
    #[instrument(name = "woo.variation.list", skip_all, fields(store.host = self.host(), page = paging.page), err(level = "debug"))]
    pub async fn list_variations(&self, parent: &RemoteId, paging: Paging) -> Result<Page<Product>, WooError> {
        let (decoder, path) = (self.decoder(), format!("wc/v3/products/{}/variations", path_id(parent)?));
        let mut params = paging.params();
        params.extend([("orderby", "id".to_owned()), ("order", "asc".to_owned())]);
        self.list(&path, params, |raw| decoder.variation(parent, raw)).await
    }

    /// The refunds of an order with their lines; an order has never more than a page of them.
    ///
    /// # Errors
    /// As [`Self::list_orders`]; `Gone` where the order is.
    #[instrument(name = "woo.refund.list", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn list_refunds(&self, order: &RemoteId) -> Result<Page<Refund>, WooError> {
        let (decoder, path) = (self.decoder(), format!("wc/v3/orders/{}/refunds", path_id(order)?));
        self.list(&path, Paging::default().params(), |raw| decoder.refund(raw)).await
    }

    /// One page of every product's variations, where the store has such a listing (WooCommerce 10.3 and later); `None` where
    /// it has not. A store whose WooCommerce is off says the same: a control request tells.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.variation.list_all", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn list_all_variations(&self, query: &ListQuery) -> Result<Option<Page<Product>>, WooError> {
        let decoder = self.decoder();
        match self.listing("wc/v3/variations", query, |raw| decoder.product(raw)).await {
            Err(error) if error.class == Failure::NoRoute && error.code.as_deref() == Some("rest_no_route") => Ok(None),
            listed => listed.map(Some),
        }
    }

    /// One page of customer accounts of every role. WooCommerce ignores dates of change here, without a word.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.customer.list", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn list_customers(&self, query: &CustomerQuery) -> Result<Page<Customer>, WooError> {
        let decoder = self.decoder();
        self.list("wc/v3/customers", query.params()?, |raw| decoder.customer(raw)).await
    }

    /// One page of coupons.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.coupon.list", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn list_coupons(&self, query: &ListQuery) -> Result<Page<Coupon>, WooError> {
        let decoder = self.decoder();
        self.listing("wc/v3/coupons", query, |raw| decoder.coupon(raw)).await
    }

    /// One order, in the trash or not.
    ///
    /// # Errors
    /// Anything but the record or the store's word that it is gone.
    #[instrument(name = "woo.order.get", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_order(&self, id: &RemoteId) -> Got<Order> {
        let decoder = self.decoder();
        self.get(&format!("wc/v3/orders/{}", path_id(id)?), |raw| decoder.order(raw)).await
    }

    /// One product; a variation is found by its own id too.
    ///
    /// # Errors
    /// As [`Self::get_order`].
    #[instrument(name = "woo.product.get", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_product(&self, id: &RemoteId) -> Got<Product> {
        let decoder = self.decoder();
        self.get(&format!("wc/v3/products/{}", path_id(id)?), |raw| decoder.product(raw)).await
    }

    /// One variation under its parent.
    ///
    /// # Errors
    /// As [`Self::get_order`].
    #[instrument(name = "woo.variation.get", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_variation(&self, parent: &RemoteId, id: &RemoteId) -> Got<Product> {
        let decoder = self.decoder();
        let path = format!("wc/v3/products/{}/variations/{}", path_id(parent)?, path_id(id)?);
        self.get(&path, |raw| decoder.variation(parent, raw)).await
    }

    /// One product, or a variation of `parent`, as its editor is shown it: with the descriptions as they were typed, not as visitors see
    /// them in paragraphs and with shortcodes carried out. Its other fields lack what plugins make of them, so it is no version to keep.
    ///
    /// # Errors
    /// As [`Self::get_order`].
    #[instrument(name = "woo.product.get_to_edit", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_product_to_edit(&self, parent: Option<&RemoteId>, id: &RemoteId) -> Got<Product> {
        let (decoder, own) = (self.decoder(), path_id(id)?);
        let path = match parent {
            Some(parent) => format!("wc/v3/products/{}/variations/{own}", path_id(parent)?),
            None => format!("wc/v3/products/{own}"),
        };
        let params = vec![("context", "edit".to_owned())];
        let decode = |raw: &[u8]| match parent {
            Some(parent) => decoder.variation(parent, raw),
            None => decoder.product(raw),
        };
        self.get_by(&path, params, decode).await
    }

    /// One customer account.
    ///
    /// # Errors
    /// As [`Self::get_order`].
    #[instrument(name = "woo.customer.get", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_customer(&self, id: &RemoteId) -> Got<Customer> {
        let decoder = self.decoder();
        self.get(&format!("wc/v3/customers/{}", path_id(id)?), |raw| decoder.customer(raw)).await
    }

    /// One coupon.
    ///
    /// # Errors
    /// As [`Self::get_order`].
    #[instrument(name = "woo.coupon.get", skip_all, fields(store.host = self.host(), remote.id = %id), err(level = "debug"))]
    pub async fn get_coupon(&self, id: &RemoteId) -> Got<Coupon> {
        let decoder = self.decoder();
        self.get(&format!("wc/v3/coupons/{}", path_id(id)?), |raw| decoder.coupon(raw)).await
    }

    async fn listing<T>(
        &self,
        path: &str,
        query: &ListQuery,
        decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Result<Page<T>, WooError> {
        self.list(path, query.params(&self.zone())?, decode).await
    }

    async fn get<T>(&self, path: &str, decode: impl FnOnce(&[u8]) -> Result<Item<T>, Poison>) -> Got<T> {
        self.get_by(path, Params::new(), decode).await
    }

    async fn get_by<T>(
        &self,
        path: &str,
        params: Params,
        decode: impl FnOnce(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Got<T> {
        match self.read(path, params).await {
            Ok(answer) => salvage::record(&answer, true, decode).map(Fetched::Found),
            Err(error) if error.class == Failure::Gone => {
                Ok(Fetched::Gone { code: error.code.unwrap_or_else(|| "gone".to_owned()) })
            }
            Err(error) => Err(error),
        }
    }
}
