//! Light listings: of each record only what tells whether our copy of it is current. A store computes and sends a fraction
//! of a whole page for them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use storewire_domain::{ManageStock, RemoteId};
use tracing::instrument;

use crate::{CustomerQuery, ListQuery, Page, StoreClient, WooError, endpoint::Params};

/// A record as a light listing shows it. What its kind does not have, or the store does not tell, is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    pub remote_id: RemoteId,
    /// To the second; of customers only a hint.
    pub modified_at: Option<Timestamp>,
    /// Without `wc-`; customers have none.
    pub status: String,
    /// Of an order, in its own currency.
    pub total: Option<Decimal>,
    /// Of an order.
    pub refunds: Vec<RemoteId>,
    /// A product's type, or a customer's role.
    pub kind: String,
    /// Of a product, in the store's currency, sales included.
    pub price: Option<Decimal>,
    /// Of a product whose stock is counted.
    pub stock_quantity: Option<Decimal>,
    /// `instock`, `outofstock` or `onbackorder`.
    pub stock_status: String,
    pub manage_stock: Option<ManageStock>,
}

/// No store will ever have so many orders.
const NO_ORDER: u64 = i64::MAX as u64;

impl StoreClient {
    /// A control request: whether WooCommerce answers our keys where no record can be in the way.
    ///
    /// # Errors
    /// What is wrong with the store.
    pub async fn ping_orders(&self) -> Result<(), WooError> {
        let query = ListQuery { include: vec![RemoteId::from(NO_ORDER)], per_page: 1, ..ListQuery::default() };
        self.glance_orders(&query).await.map(drop)
    }

    /// One light page of orders.
    ///
    /// # Errors
    /// Anything but a list; a record without a readable id is a poison on the page instead.
    #[instrument(name = "woo.order.glance", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn glance_orders(&self, query: &ListQuery) -> Result<Page<Glance>, WooError> {
        let fields = "id,status,date_modified_gmt,total,refunds";
        self.glance("wc/v3/orders", query.params(&self.zone())?, fields).await
    }

    /// One light page of products, without their variations.
    ///
    /// # Errors
    /// As [`Self::glance_orders`].
    #[instrument(name = "woo.product.glance", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn glance_products(&self, query: &ListQuery) -> Result<Page<Glance>, WooError> {
        let fields = "id,type,status,date_modified_gmt,price,stock_quantity,stock_status,manage_stock";
        self.glance("wc/v3/products", query.params(&self.zone())?, fields).await
    }

    /// One light page of coupons.
    ///
    /// # Errors
    /// As [`Self::glance_orders`].
    #[instrument(name = "woo.coupon.glance", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn glance_coupons(&self, query: &ListQuery) -> Result<Page<Glance>, WooError> {
        self.glance("wc/v3/coupons", query.params(&self.zone())?, "id,status,date_modified_gmt").await
    }

    /// One light page of customer accounts.
    ///
    /// # Errors
    /// As [`Self::glance_orders`].
    #[instrument(name = "woo.customer.glance", skip_all, fields(store.host = self.host(), page = query.page), err(level = "debug"))]
    pub async fn glance_customers(&self, query: &CustomerQuery) -> Result<Page<Glance>, WooError> {
        self.glance("wc/v3/customers", query.params()?, "id,role,date_modified_gmt").await
    }

    async fn glance(&self, path: &str, mut params: Params, fields: &str) -> Result<Page<Glance>, WooError> {
        params.push(("_fields", fields.to_owned()));
        let decoder = self.decoder();
        self.list(path, params, |raw| decoder.glance(raw)).await
    }
}
