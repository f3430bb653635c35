//! What stores sold and hold, as tables. Nothing is added across stores' currencies, or across stores at all.

use std::collections::BTreeMap;

use askama::Template;
use storewire_db::{orders::Sales, products::Assortment};

use super::{Choice, Money, money::count, status, text::plain};
use crate::panel::{filters, frame::Frame, words::Words};

/// What one store sold in one currency.
#[derive(Clone, Debug)]
pub struct SalesRow {
    pub store: String,
    /// The first and the last day, by the store's own clock.
    pub from: String,
    pub to: String,
    pub orders: String,
    pub gross: Money,
    pub by_status: Vec<String>,
}

impl SalesRow {
    #[must_use]
    pub fn new(sales: &Sales, t: &Words) -> Self {
        Self {
            store: plain(&sales.store_name),
            from: sales.days.first.to_string(),
            to: sales.days.last.to_string(),
            orders: count(sales.orders),
            gross: Money::new(sales.gross, &sales.currency),
            by_status: counted(&sales.by_status, |word| status::order(word, t).word),
        }
    }
}

/// What one store holds.
#[derive(Clone, Debug)]
pub struct AssortmentRow {
    pub store: String,
    pub products: String,
    pub by_status: Vec<String>,
    pub by_stock: Vec<String>,
    pub low: String,
}

impl AssortmentRow {
    #[must_use]
    pub fn new(held: &Assortment, t: &Words) -> Self {
        Self {
            store: plain(&held.store_name),
            products: count(held.products),
            by_status: counted(&held.by_status, |word| status::product(word, t).word),
            by_stock: counted(&held.by_stock_status, |word| status::stock(word, t).0),
            low: count(held.low),
        }
    }
}

/// Each word with its number.
fn counted(numbers: &BTreeMap<String, i64>, word: impl Fn(&str) -> String) -> Vec<String> {
    numbers.iter().map(|(name, number)| format!("{} {}", count(*number), word(name))).collect()
}

/// `GET /orders/stats`.
#[derive(Template)]
#[template(path = "orders/stats.html")]
pub struct StatsPage {
    pub t: Words,
    pub frame: Frame,
    pub stores: Vec<Choice>,
    /// As they were asked for; empty for the usual ones.
    pub from: String,
    pub to: String,
    pub sales: Vec<SalesRow>,
    pub held: Vec<AssortmentRow>,
}
