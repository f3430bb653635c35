//! What is read from a store: listings, single records, and the control request that tells a gone record from a broken
//! store.

use storewire_domain::{Coupon, Customer, Order, Product, Refund, RemoteId};
use tracing::instrument;

use crate::{
    Failure, Fetched, Item, ListQuery, Page, Paging, Poison, StoreClient, WooError, client::path_id,
    discover::read_index, endpoint::Params, judge::error_code, salvage,
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
        let params = with(paging.params(), &[("orderby", "id"), ("order", "asc")]);
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

    /// One page of customer accounts, by id. WooCommerce has no listing of customers by date of change.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.customer.list", skip_all, fields(store.host = self.host(), page = paging.page), err(level = "debug"))]
    pub async fn list_customers(&self, paging: Paging) -> Result<Page<Customer>, WooError> {
        let decoder = self.decoder();
        let params = with(paging.params(), &[("orderby", "id"), ("order", "asc")]);
        self.list("wc/v3/customers", params, |raw| decoder.customer(raw)).await
    }

    /// One page of coupons, by id.
    ///
    /// # Errors
    /// As [`Self::list_orders`].
    #[instrument(name = "woo.coupon.list", skip_all, fields(store.host = self.host(), page = paging.page), err(level = "debug"))]
    pub async fn list_coupons(&self, paging: Paging) -> Result<Page<Coupon>, WooError> {
        let decoder = self.decoder();
        let params = with(paging.params(), &[("orderby", "id"), ("order", "asc")]);
        self.list("wc/v3/coupons", params, |raw| decoder.coupon(raw)).await
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

    /// The control request: is the store well, and WooCommerce's REST API there? Asked without keys.
    ///
    /// # Errors
    /// What is wrong with the store.
    #[instrument(name = "woo.index.ping", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn ping_index(&self) -> Result<(), WooError> {
        read_index(self.outbound(), self.rest_root()).await?.require_woocommerce()
    }

    async fn listing<T>(
        &self,
        path: &str,
        query: &ListQuery,
        decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Result<Page<T>, WooError> {
        for id in &query.include {
            path_id(id)?;
        }
        self.list(path, query.params(&self.zone()), decode).await
    }

    async fn get<T>(&self, path: &str, decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>) -> Got<T> {
        let answer = match self.read(path, Params::new()).await {
            Ok(answer) => answer,
            Err(error) if error.class == Failure::Gone => {
                return Ok(Fetched::Gone { code: error.code.unwrap_or_else(|| "gone".to_owned()) });
            }
            Err(error) => return Err(error),
        };
        let body = salvage::json(&answer, true)?;
        match decode(body.text.as_bytes()) {
            Ok(item) => Ok(Fetched::Found(item)),
            Err(poison) => {
                let code = error_code(body.text.as_bytes()).unwrap_or_else(|| "undecodable".to_owned());
                Err(WooError {
                    cause: Some(Box::new(poison)),
                    ..salvage::fault(&answer, Failure::BadJson).with_code(&code)
                })
            }
        }
    }
}

fn with(mut params: Params, more: &[(&'static str, &str)]) -> Params {
    params.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    params
}
