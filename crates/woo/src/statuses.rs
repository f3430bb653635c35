//! Which statuses an order of a store can have: plugins add their own, and a wrong one in a batch becomes `pending`.

use reqwest::Method;
use tracing::instrument;

use crate::{
    Failure, StoreClient, WooError,
    decode::{Fields, elements_of, scalar_text},
    endpoint::Params,
    salvage,
};

impl StoreClient {
    /// The statuses that the store accepts for an order, without `wc-`, its internal ones such as `auto-draft` among them.
    /// Asked of the route itself; where a host answers OPTIONS by itself, of the report on orders.
    ///
    /// # Errors
    /// Where neither tells.
    #[instrument(name = "woo.order.statuses", skip_all, fields(store.host = self.host()), err(level = "debug"))]
    pub async fn order_statuses(&self) -> Result<Vec<String>, WooError> {
        match self.described_statuses().await {
            Err(error) if error.status.is_some() && !error.is_about_pace() => self.reported_statuses().await,
            told => told,
        }
    }

    async fn described_statuses(&self) -> Result<Vec<String>, WooError> {
        let answer = self.ask(Method::OPTIONS, "wc/v3/orders", Params::new()).await?;
        let body = salvage::json(&answer, true)?;
        let statuses = || {
            let status = Fields::parse(&body.text).ok()?.object("schema")?.object("properties")?.object("status")?;
            Some(named(status.list("enum").ok()?.into_iter().filter_map(scalar_text)))
        };
        statuses().filter(|found| !found.is_empty()).ok_or_else(|| salvage::fault(&answer, Failure::BadJson))
    }

    async fn reported_statuses(&self) -> Result<Vec<String>, WooError> {
        let answer = self.read("wc/v3/reports/orders/totals", Params::new()).await?;
        let body = salvage::json(&answer, true)?;
        let unreadable = || salvage::fault(&answer, Failure::BadJson);
        let rows = elements_of(&body.text).map_err(|_| unreadable())?;
        let found = named(rows.into_iter().filter_map(|row| Some(Fields::of(row).ok()?.text("slug"))));
        if found.is_empty() { Err(unreadable()) } else { Ok(found) }
    }
}

fn named(statuses: impl Iterator<Item = String>) -> Vec<String> {
    let bare = statuses.map(|status| status.strip_prefix("wc-").map(str::to_owned).unwrap_or(status));
    bare.filter(|status| !status.is_empty()).collect()
}
