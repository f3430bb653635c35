//! Products: the list with live stock, one of them, what staff wish changed in it, and new ones, made or asked for.

pub mod add_variation;
pub mod ask;
pub mod create;
pub mod draft;
pub mod duplicate;
pub mod list;
pub mod new;
pub mod set_categories;
pub mod set_price;
pub mod set_status;
pub mod set_stock;
pub mod set_texts;
pub mod show;
pub mod trash;

use storewire_domain::ProductId;
use storewire_guard::access::Area;

use super::{propose::Record, table::Table};
use crate::{addressed, error::WebError, extract::Session, state::AppState};

/// The largest form: both descriptions, with every character written as a percent sign and two digits, twice over.
const MAX_FORM_BYTES: usize = 512 << 10;

/// Mounts what people do with products. It comes before the products themselves, whose ids would take its words.
pub fn configure(table: &mut Table<'_>) {
    table
        .get("/products/new", new::show)
        .get("/products/ask", ask::show)
        .post_long("/products/ask", MAX_FORM_BYTES, ask::submit)
        .get("/products", list::show)
        .post_long("/products", MAX_FORM_BYTES, create::submit)
        .post_long("/products/{id}/texts", MAX_FORM_BYTES, set_texts::submit)
        .post("/products/{id}/duplicate", duplicate::submit)
        .post("/products/{id}/variations", add_variation::submit)
        .post("/products/{id}/trash", trash::submit);
}

/// The product that a form is about, if its sender may edit that area of it. Another tenant's is not there, whoever asks.
async fn addressed(session: &Session, state: &AppState, id: ProductId, area: Area) -> Result<Record, WebError> {
    let product = addressed::product(session, state, id.uuid(), area).await?;
    Ok(Record { tenant: product.tenant_id, store: product.store_id, entity: id.uuid() })
}
