//! How much of a product there is, where the store counts it.

use askama::{Template, filters::HtmlSafe};
use storewire_db::ProductSummary;
use storewire_domain::ManageStock;

use super::{money::number, status};
use crate::panel::{dom_id, words::Words};

/// The stock cell: its number flashes when a frame changes it.
#[derive(Clone, Debug, Template)]
#[template(path = "components/stock.html")]
pub struct Stock {
    dom_id: String,
    /// What a script compares to see that it changed, and in which direction.
    flash: String,
    count: Option<String>,
    word: String,
    tone: &'static str,
}

impl Stock {
    #[must_use]
    pub fn new(product: &ProductSummary, t: &Words) -> Self {
        let (word, tone) = status::stock(&product.stock_status, t);
        let counted = match product.manage_stock {
            ManageStock::Yes => product.stock_quantity,
            ManageStock::No | ManageStock::Parent => None,
        };
        let flash = counted.map_or_else(|| product.stock_status.clone(), |count| count.normalize().to_string());
        Self { dom_id: dom_id::stock(product.id), flash, count: counted.map(number), word, tone }
    }
}

impl HtmlSafe for Stock {}
