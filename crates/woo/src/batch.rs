//! Many changes of one kind in one request. The store carries them out one after the other, without a transaction, skips
//! the checks that it makes for single changes, and answers 200 with an outcome for each.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use storewire_domain::{Order, Product, RemoteId};
use tracing::instrument;

use crate::{
    Failure, Item, Patch, Poison, StoreClient, WooError,
    answer::Answer,
    client::path_id,
    decode::Fields,
    salvage::{self, json},
};

/// WooCommerce refuses more in one request.
const MOST_ITEMS: usize = 100;

/// What became of one change of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemOutcome<T> {
    /// The record as the store says it is now.
    Applied(Item<T>),
    /// The store did not make this change, and says why by its own code.
    Refused { code: String, status: Option<u16> },
    /// The answer does not tell: read the record.
    Unknown,
}

/// An outcome for each change, in the order in which they were given.
type Outcomes<T> = Result<Vec<(RemoteId, ItemOutcome<T>)>, WooError>;

impl StoreClient {
    /// Changes up to 100 orders. A status that the store does not know becomes `pending` here instead of an error: see
    /// [`Self::order_statuses`].
    ///
    /// # Errors
    /// For the batch as a whole, as [`Self::update_order`]; `TooLarge` for more than the store takes.
    #[instrument(name = "woo.order.batch", skip_all, fields(store.host = self.host(), items = changes.len()), err(level = "debug"))]
    pub async fn update_orders(&self, changes: &[(RemoteId, Patch)]) -> Outcomes<Order> {
        let decoder = self.decoder();
        self.batch("wc/v3/orders/batch", changes, |raw| decoder.order(raw)).await
    }

    /// Changes up to 100 products; no variations.
    ///
    /// # Errors
    /// As [`Self::update_orders`].
    #[instrument(name = "woo.product.batch", skip_all, fields(store.host = self.host(), items = changes.len()), err(level = "debug"))]
    pub async fn update_products(&self, changes: &[(RemoteId, Patch)]) -> Outcomes<Product> {
        let decoder = self.decoder();
        self.batch("wc/v3/products/batch", changes, |raw| decoder.product(raw)).await
    }

    /// Changes up to 100 variations of one parent.
    ///
    /// # Errors
    /// As [`Self::update_orders`].
    #[instrument(name = "woo.variation.batch", skip_all, fields(store.host = self.host(), items = changes.len()), err(level = "debug"))]
    pub async fn update_variations(&self, parent: &RemoteId, changes: &[(RemoteId, Patch)]) -> Outcomes<Product> {
        let decoder = self.decoder();
        let path = format!("wc/v3/products/{}/variations/batch", path_id(parent)?);
        self.batch(&path, changes, |raw| decoder.variation(parent, raw)).await
    }

    async fn batch<T>(
        &self,
        path: &str,
        changes: &[(RemoteId, Patch)],
        decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>,
    ) -> Outcomes<T> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let answer = self.post(path, request(changes)?).await?;
        let mut told = outcomes(&answer, decode)?;
        let mut outcome = |id: &RemoteId| told.remove(id).unwrap_or(ItemOutcome::Unknown);
        Ok(changes.iter().map(|(id, _)| id).map(|id| (id.clone(), outcome(id))).collect())
    }
}

fn request(changes: &[(RemoteId, Patch)]) -> Result<String, WooError> {
    if changes.len() > MOST_ITEMS {
        return Err(WooError::unasked(Failure::TooLarge, "more than 100 changes in a batch", "batch_too_large"));
    }
    let mut seen = BTreeSet::new();
    let mut items = Vec::with_capacity(changes.len());
    for (id, patch) in changes {
        // Two outcomes under one id could not be told apart.
        if !seen.insert(path_id(id)?) {
            return Err(WooError::unasked(Failure::BadRequest, "an id twice in a batch", "doubled_id"));
        }
        let number: u64 = path_id(id)?
            .parse()
            .map_err(|_| WooError::unasked(Failure::BadRequest, "the id is out of range", "bad_id"))?;
        let mut item = patch.clone();
        item.insert("id".to_owned(), Value::from(number));
        items.push(item);
    }
    Ok(json!({ "update": items }).to_string())
}

/// What the answer tells of each id. An id that is told of twice, or cannot be read, is as good as not told.
fn outcomes<T>(
    answer: &Answer,
    decode: impl Fn(&[u8]) -> Result<Item<T>, Poison>,
) -> Result<BTreeMap<RemoteId, ItemOutcome<T>>, WooError> {
    let body = json(answer, false)?;
    let unreadable = || salvage::fault(answer, Failure::BadJson);
    let fields = Fields::parse(&body.text).map_err(|_| unreadable())?;
    if !fields.has("update") {
        return Err(unreadable());
    }
    let mut told = BTreeMap::new();
    for raw in fields.list("update").map_err(|_| unreadable())? {
        let Ok(item) = Fields::of(raw) else { continue };
        let Ok(id) = item.own_id() else { continue };
        let outcome = match item.object("error") {
            Some(error) => refusal(&error),
            None => decode(raw.get().as_bytes()).map_or(ItemOutcome::Unknown, ItemOutcome::Applied),
        };
        if told.insert(id.clone(), outcome).is_some() {
            told.insert(id, ItemOutcome::Unknown);
        }
    }
    Ok(told)
}

/// A fault inside the store may have come after the change; anything else was found before it.
fn refusal<T>(error: &Fields<'_>) -> ItemOutcome<T> {
    let status: Option<u16> = error.object("data").and_then(|data| data.text("status").parse().ok());
    match status {
        Some(500..) => ItemOutcome::Unknown,
        _ => ItemOutcome::Refused { code: error.text("code"), status },
    }
}
