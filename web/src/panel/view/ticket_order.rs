//! What a ticket's card says of an order's items: how many were ordered, and how many its store has now.

use storewire_db::{OrderDetail, ProductSummary};
use storewire_domain::{LineKind, ManageStock, OrderLine, RemoteId};

use super::{Badge, money::number, status, text::plain};
use crate::panel::{url, words::Words};

/// Items that a card has room for.
const MOST: usize = 10;

/// One item of an order, with the product that it names if we hold it.
#[derive(Clone, Debug)]
pub struct Ordered {
    pub name: String,
    pub href: Option<String>,
    /// How many; may be empty.
    pub quantity: String,
    /// How many the store has now.
    pub left: Option<Badge>,
}

impl Ordered {
    /// The items of an order; `products` are those that they name, in no order.
    #[must_use]
    pub fn of(order: &OrderDetail, products: &[ProductSummary], t: &Words) -> Vec<Self> {
        let named = |id: &RemoteId| products.iter().find(|product| product.remote_id == id.as_str());
        let item = |line: &OrderLine| {
            let product = article(line).and_then(named);
            Self {
                name: plain(&line.name),
                href: product.map(|product| url::product(product.parent_id.unwrap_or(product.id))),
                quantity: line.quantity.map(number).unwrap_or_default(),
                left: product.map(|product| left(product, t)),
            }
        };
        items(order).map(item).collect()
    }
}

/// The store's own ids of what a card shows of an order.
pub fn articles(order: &OrderDetail) -> Vec<&RemoteId> {
    items(order).filter_map(article).collect()
}

fn items(order: &OrderDetail) -> impl Iterator<Item = &OrderLine> {
    order.lines.iter().filter(|line| line.kind == LineKind::Item).take(MOST)
}

/// The variation, where one was chosen.
fn article(line: &OrderLine) -> Option<&RemoteId> {
    line.variation_remote_id.as_ref().or(line.product_remote_id.as_ref())
}

fn left(product: &ProductSummary, t: &Words) -> Badge {
    let (word, tone) = status::stock(&product.stock_status, t);
    let count = product.stock_quantity.filter(|_| product.manage_stock == ManageStock::Yes);
    let word = count.map_or(word.clone(), |count| format!("{} {word}", number(count)));
    Badge { word, tone, icon: "package" }
}
