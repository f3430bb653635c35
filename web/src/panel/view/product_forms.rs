//! What staff may wish changed in a product.

use rust_decimal::Decimal;
use storewire_db::ProductDetail;
use storewire_domain::{ManageStock, RemoteId};

use super::{Choice, ProductWork, status, text::plain};
use crate::panel::{url, words::Words};

/// The statuses that a product can be given here.
pub(super) const STATUSES: [&str; 4] = ["publish", "draft", "pending", "private"];

/// The forms of a product's page.
#[derive(Clone, Debug)]
pub struct ProductForms {
    pub href: String,
    /// The stock as the page shows it, empty where the store does not count; `None` where it is not this record's to count.
    pub stock: Option<String>,
    /// Counted by the variable product that it belongs to.
    pub is_counted_by_parent: bool,
    /// Prices as the page shows them; `None` where the record has none of its own.
    pub price: Option<PriceForm>,
    pub currency: String,
    pub statuses: Vec<Choice>,
    pub seen_status: String,
    /// The store's categories; none for a variation, which lies in its parent's.
    pub categories: Vec<Choice>,
    pub work: ProductWork,
}

/// Both prices; empty for none.
#[derive(Clone, Debug)]
pub struct PriceForm {
    pub regular: String,
    pub sale: String,
}

impl ProductForms {
    /// `categories` are those of the store, by id and name.
    #[must_use]
    pub fn new(product: &ProductDetail, categories: &[(RemoteId, String)], t: &Words) -> Self {
        let summary = &product.summary;
        let has_parts = summary.kind.starts_with("variable") || summary.kind == "grouped";
        let is_countable = !matches!(summary.kind.as_str(), "grouped" | "external");
        let amount = |amount: Option<Decimal>| amount.map(|amount| amount.normalize().to_string()).unwrap_or_default();
        let counted = match summary.manage_stock {
            ManageStock::Yes => Some(amount(summary.stock_quantity)),
            ManageStock::No => Some(String::new()),
            ManageStock::Parent => None,
        };
        let own = if summary.parent_id.is_some() { &[] } else { categories };
        let mut statuses = STATUSES.to_vec();
        if !statuses.contains(&summary.status.as_str()) {
            statuses.push(&summary.status);
        }
        Self {
            href: url::product(summary.id),
            stock: counted.filter(|_| is_countable),
            is_counted_by_parent: summary.manage_stock == ManageStock::Parent,
            price: (!has_parts)
                .then(|| PriceForm { regular: amount(summary.regular_price), sale: amount(summary.sale_price) }),
            currency: summary.currency.clone(),
            statuses: statuses
                .into_iter()
                .map(|word| Choice {
                    value: word.to_owned(),
                    label: status::product(word, t).word,
                    is_chosen: word == summary.status,
                })
                .collect(),
            seen_status: summary.status.clone(),
            categories: own
                .iter()
                .map(|(id, name)| Choice {
                    value: id.to_string(),
                    label: plain(name),
                    is_chosen: product.category_ids.contains(id),
                })
                .collect(),
            work: ProductWork::new(product, t),
        }
    }
}
