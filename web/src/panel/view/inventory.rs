//! What is counted: in a list, and on a page of its own with its ledger.

use std::sync::Arc;

use askama::Template;
use rust_decimal::Decimal;
use storewire_db::{
    ProductSummary,
    stock::{MoveRow, StockRow},
};
use storewire_domain::{ManageStock, RoleClass, stock::MoveReason};
use uuid::Uuid;

use super::{
    Asks, Badge, Filter, Fresh, IntentView, Listing, OwnersView, Stale, Stock, When, money::number, product::Parent,
    text::plain,
};
use crate::panel::{dom_id, filters, frame::Frame, url, words::Words};

/// One product or variation that counts its stock.
#[derive(Clone, Debug)]
pub struct StockLine {
    pub dom_id: String,
    pub href: String,
    pub saved: i64,
    pub name: String,
    pub sku: String,
    pub store: String,
    pub stock: Stock,
    /// Empty where nobody set one.
    pub level: String,
    pub low: Option<Badge>,
    pub updated: When,
    pub is_gone: bool,
    /// Its store is late: what it shows may be old.
    pub is_stale: bool,
}

impl StockLine {
    #[must_use]
    pub fn new(product: &ProductSummary, t: &Words) -> Self {
        Self {
            dom_id: dom_id::product(product.id),
            href: url::stock(product.id),
            saved: product.saved_at.as_microsecond(),
            name: name(product, t),
            sku: if product.sku.is_empty() { t.get("product-no-sku") } else { product.sku.clone() },
            store: plain(&product.store_name),
            stock: Stock::new(product, t),
            level: product.level.map(number).unwrap_or_default(),
            low: product.is_low().then(|| Badge { word: t.get("stock-low"), tone: "warn", icon: "triangle-alert" }),
            updated: When::ago(product.saved_at),
            is_gone: product.trashed_at.is_some() || product.deleted_at.is_some(),
            is_stale: false,
        }
    }

    /// The same line, in grey if its store is late.
    #[must_use]
    pub fn of_stale(self, is_stale: bool) -> Self {
        Self { is_stale, ..self }
    }
}

/// A variation is called by its product and by what was chosen.
fn name(product: &ProductSummary, t: &Words) -> String {
    let own = if product.name.is_empty() { t.get("product-no-name") } else { plain(&product.name) };
    let Some(parent) = product.parent_name.as_deref().filter(|name| !name.is_empty()) else { return own };
    let chosen: Vec<&str> = product.attributes.values().map(String::as_str).filter(|value| !value.is_empty()).collect();
    if chosen.is_empty() { own } else { format!("{} – {}", plain(parent), plain(&chosen.join(" · "))) }
}

/// An entry of the ledger.
#[derive(Clone, Debug)]
pub struct MoveLine {
    pub at: When,
    pub before: String,
    pub after: String,
    /// With its sign; nothing where counting began or ended.
    pub change: Option<String>,
    pub reason: String,
    pub icon: &'static str,
    pub by: String,
    pub note: String,
    /// For staff: what wrote it.
    pub href: Option<String>,
}

impl MoveLine {
    #[must_use]
    pub fn new(row: &MoveRow, class: RoleClass, t: &Words) -> Self {
        let (reason, icon) = reason(row.reason, t);
        let told = |count: Option<Decimal>| count.map_or_else(|| t.get("stock-uncounted"), number);
        let step = row.before.zip(row.after).and_then(|(before, after)| after.checked_sub(before));
        let signed = |step: Decimal| if step.is_sign_negative() { number(step) } else { format!("+{}", number(step)) };
        Self {
            at: When::moment(row.at),
            before: told(row.before),
            after: told(row.after),
            change: step.map(signed),
            reason,
            icon,
            by: row.by_name.clone(),
            note: row.note.clone(),
            href: row.intent_id.filter(|_| class == RoleClass::Staff).map(url::change),
        }
    }
}

fn reason(reason: MoveReason, t: &Words) -> (String, &'static str) {
    match reason {
        MoveReason::Shop => (t.get("stock-reason-shop"), "shopping-bag"),
        MoveReason::Drift => (t.get("stock-reason-drift"), "list-checks"),
        MoveReason::Edit => (t.get("stock-reason-edit"), "pencil"),
        MoveReason::Request => (t.get("stock-reason-request"), "message-square"),
        MoveReason::Import => (t.get("stock-reason-import"), "upload"),
        MoveReason::Return => (t.get("stock-reason-return"), "rotate-ccw"),
    }
}

/// The stock of one product or variation.
#[derive(Clone, Debug)]
pub struct StockView {
    pub head_id: String,
    pub line: StockLine,
    /// The product's own page.
    pub product_href: String,
    /// The variable product that counts for this variation.
    pub counted_by: Option<Parent>,
    /// The same SKU elsewhere.
    pub siblings: Vec<StockLine>,
    pub moves: Vec<MoveLine>,
    /// The next page of the ledger.
    pub older: Option<String>,
    /// This is a later page of it.
    pub is_further: bool,
}

impl StockView {
    #[must_use]
    pub fn new(product: &ProductSummary, siblings: &[StockRow], moves: Vec<MoveLine>, t: &Words) -> Self {
        let parent = product.parent_id.filter(|_| product.manage_stock == ManageStock::Parent);
        Self {
            head_id: dom_id::stock_head(product.id),
            line: StockLine::new(product, t),
            product_href: url::product(product.id),
            counted_by: parent.map(|id| Parent {
                href: url::stock(id),
                name: product.parent_name.as_deref().map(plain).unwrap_or_else(|| t.get("product-no-name")),
            }),
            siblings: siblings.iter().map(|row| StockLine::new(&row.product, t)).collect(),
            moves,
            older: None,
            is_further: false,
        }
    }
}

/// What staff do with a count.
#[derive(Clone, Debug)]
pub struct AdjustForm {
    pub href: String,
    pub deed: Uuid,
    /// The count as the page shows it; empty where the store does not count.
    pub seen: String,
}

impl AdjustForm {
    /// The form of a product; `None` where the count is not its own.
    #[must_use]
    pub fn of(product: &ProductSummary) -> Option<Self> {
        let is_countable = !matches!(product.kind.as_str(), "grouped" | "external");
        let is_own = product.manage_stock != ManageStock::Parent && is_countable;
        let held = product.stock_quantity.filter(|_| product.manage_stock == ManageStock::Yes);
        is_own.then(|| Self {
            href: format!("{}/adjust", url::stock(product.id)),
            deed: Uuid::now_v7(),
            seen: held.map(|count| count.normalize().to_string()).unwrap_or_default(),
        })
    }
}

/// What staff and a merchant's admins do with a level.
#[derive(Clone, Debug)]
pub struct LevelForm {
    pub href: String,
    pub deed: Uuid,
    /// As the page shows it; empty if nobody set one.
    pub seen: String,
    /// Empty if there never was one.
    pub version: String,
}

impl LevelForm {
    /// The form of a stock; `None` where nothing is counted.
    #[must_use]
    pub fn of(row: &StockRow) -> Option<Self> {
        let product = &row.product;
        (product.manage_stock == ManageStock::Yes).then(|| Self {
            href: format!("{}/level", url::stock(product.id)),
            deed: Uuid::now_v7(),
            seen: product.level.map(|level| level.normalize().to_string()).unwrap_or_default(),
            version: row.level_version.map(|version| version.to_string()).unwrap_or_default(),
        })
    }
}

/// `GET /inventory`.
#[derive(Template)]
#[template(path = "inventory/list.html")]
pub struct InventoryPage {
    pub t: Words,
    pub frame: Frame,
    /// Whether the reader may have files of counts written.
    pub may_import: bool,
    pub listing: Arc<Listing>,
}

/// The list of it.
#[derive(Template)]
#[template(path = "inventory/_list.html")]
pub struct InventoryList {
    pub t: Words,
    pub filter: Filter,
    pub rows: Vec<StockLine>,
    pub next: Option<String>,
    pub fresh: Fresh,
    pub stale: Stale,
}

/// `GET /inventory/{id}`.
#[derive(Template)]
#[template(path = "inventory/show.html")]
pub struct StockPage {
    pub t: Words,
    pub frame: Frame,
    pub stock: StockView,
    /// `None` for who may not, and where the count is not its own.
    pub adjust: Option<AdjustForm>,
    pub level: Option<LevelForm>,
    pub owners: OwnersView,
    pub asks: Asks,
    /// Changes on their way; `None` for who sees none.
    pub intents: Option<Vec<IntentView>>,
    pub stale: Stale,
}
