//! From what a merchant chose to the lines of an order, by the store's own ids.

use std::collections::HashMap;

use storewire_actors::DeskError;
use storewire_db::{ProductSummary, ReadTx, products};
use storewire_domain::{
    RemoteId, StoreId,
    intent::{EditFault, NewLine, Rejected},
};
use uuid::Uuid;

use crate::error::WebError;

/// So many of a product or variation of ours.
#[derive(Clone, Copy, Debug)]
pub struct Pieces {
    pub product: Uuid,
    pub quantity: u32,
}

/// The lines that these pieces make. Each must be a product of this store in the reader's sight that is sold as it is.
///
/// # Errors
/// `NotFound` for a product that is not there; `Unprocessable` for one that is sold by its variations, or is thrown away.
pub async fn lines(tx: &ReadTx, store: StoreId, pieces: &[Pieces]) -> Result<Vec<NewLine>, WebError> {
    let mut ids: Vec<Uuid> = pieces.iter().map(|one| one.product).collect();
    let mut found = by_id(tx, &ids).await?;
    // A variation is ordered by its parent's id too.
    ids = found.values().filter_map(|product| product.parent_id).map(|id| id.uuid()).collect();
    found.extend(by_id(tx, &ids).await?);
    pieces.iter().map(|one| line(&found, store, *one)).collect()
}

async fn by_id(tx: &ReadTx, ids: &[Uuid]) -> Result<HashMap<Uuid, ProductSummary>, WebError> {
    Ok(products::summaries(tx, ids).await?.into_iter().map(|product| (product.id.uuid(), product)).collect())
}

fn line(found: &HashMap<Uuid, ProductSummary>, store: StoreId, of: Pieces) -> Result<NewLine, WebError> {
    let product = found.get(&of.product).filter(|product| product.store_id == store).ok_or(WebError::NotFound)?;
    let is_gone = product.trashed_at.or(product.deleted_at).is_some();
    let has_parts = product.kind.starts_with("variable") || matches!(product.kind.as_str(), "grouped" | "external");
    if is_gone || has_parts {
        return Err(DeskError::Rejected(Rejected { field: "lines.product", fault: EditFault::WrongRecord }).into());
    }
    let own = RemoteId(product.remote_id.clone());
    let parent = product.parent_id.map(|id| found.get(&id.uuid()).ok_or(WebError::NotFound)).transpose()?;
    let (product_id, variation) = match parent {
        Some(parent) => (RemoteId(parent.remote_id.clone()), Some(own)),
        None => (own, None),
    };
    Ok(NewLine { product: product_id, variation, quantity: of.quantity, name: name(product) })
}

/// What people call it, with the options of a variation.
#[must_use]
pub fn name(product: &ProductSummary) -> String {
    let article = product.parent_name.as_ref().unwrap_or(&product.name);
    let options: Vec<&str> = product.attributes.values().map(String::as_str).filter(|text| !text.is_empty()).collect();
    match (product.parent_id, options.as_slice()) {
        (Some(_), [_, ..]) => format!("{article} – {}", options.join(", ")),
        _ => product.name.clone(),
    }
}
