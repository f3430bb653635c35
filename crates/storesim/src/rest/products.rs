//! Reading products and categories.

use crate::dates::Columns;
use crate::model::product::{Kind, Product, Status};
use crate::model::words::CATEGORIES;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules, word};
use crate::rest::{Answer, Call};

impl Row for Product {
    fn id(&self) -> u64 {
        self.id
    }

    fn created(&self) -> i64 {
        self.created
    }

    fn modified(&self) -> i64 {
        self.modified
    }

    fn title(&self) -> &str {
        &self.name
    }
}

const STATUSES: &[&str] = &["any", "future", "trash", "draft", "pending", "private", "publish"];

/// What lists of products and of variations understand. Products are posts in every shop, with site time and UTC.
pub(super) const RULES: ListRules = ListRules {
    order_by: &["date", "id", "include", "title", "slug", "modified", "menu_order", "price", "popularity", "rating"],
    default_order: ("date", false),
    dates: Some(Columns::LocalAndUtc),
};

/// Ties of the same second are cut in any order from page to page, a known fault of the product list.
pub(super) const PAGING: Paging = Paging { forgets_total_past_end: false, has_loose_ties: true };

pub(super) fn list(call: Call<'_>) -> Answer {
    let profile = call.profile;
    let query = &call.ask.query;
    let mut complaints = Complaints::default();
    let ask = ListAsk::read(query, RULES, &profile.zone, &mut complaints);
    let status = word(query, "status", STATUSES, &mut complaints).unwrap_or("any");
    let kind = word(query, "type", &["simple", "grouped", "external", "variable", "variation"], &mut complaints);
    complaints.finish()?;
    let skus: Option<Vec<&str>> =
        query.get("sku").filter(|text| !text.is_empty()).map(|text| text.split(',').collect());
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.products.values().filter(|product| {
            let is_wanted_kind = match (&skus, kind) {
                // By number, variations are found too, unlike in the plain list.
                (Some(skus), _) => skus.iter().any(|sku| product.sku.contains(sku.trim())),
                (None, Some(kind)) => product.kind.as_str() == kind,
                (None, None) => product.kind != Kind::Variation,
            };
            is_wanted_kind
                && is_in(product.status, status)
                && ask.search.as_ref().is_none_or(|text| product.name.to_lowercase().contains(text))
        });
        let page = page::select(rows, &ask, &profile.zone, PAGING);
        (page.rows.iter().map(|product| view.product(product)).collect(), page.total)
    });
    let extras = LinkExtras { normalises_flags: true, ..LinkExtras::default() };
    Ok(page::reply(call.ask, &ask, shown, total, &call.address("products"), &extras))
}

/// `any` is everything but the trash.
pub(super) fn is_in(status: Status, wanted: &str) -> bool {
    if wanted == "any" { status != Status::Trash } else { status.as_str() == wanted }
}

pub(super) fn one(call: Call<'_>, id: u64) -> Answer {
    let shown = call.store.read(|view| {
        let product = view.records.products.get(&id)?;
        Some(if call.is_to_edit() { view.product_to_edit(product) } else { view.product(product) })
    });
    Ok(call.one(200, shown.ok_or_else(|| ApiError::gone("product"))?))
}

struct Counted(&'static crate::model::product::Category, usize);

impl Row for Counted {
    fn id(&self) -> u64 {
        self.0.id
    }

    fn created(&self) -> i64 {
        0
    }

    fn modified(&self) -> i64 {
        0
    }

    fn title(&self) -> &str {
        self.0.name
    }
}

pub(super) fn categories(call: Call<'_>) -> Answer {
    let mut complaints = Complaints::default();
    let rules = ListRules { order_by: &["id", "include", "name", "slug"], default_order: ("name", true), dates: None };
    let ask = ListAsk::read(&call.ask.query, rules, &call.profile.zone, &mut complaints);
    complaints.finish()?;
    let (shown, total) = call.store.read(|view| {
        let count =
            |id| view.records.products.values().filter(|one| one.categories.iter().any(|known| known.id == id)).count();
        let counted: Vec<Counted> = CATEGORIES.iter().map(|category| Counted(category, count(category.id))).collect();
        let page = page::select(counted.iter(), &ask, &call.profile.zone, Paging::default());
        let shown: Vec<Object> = page
            .rows
            .iter()
            .map(|Counted(category, count)| {
                object! {
                    "id" => category.id,
                    "name" => category.name,
                    "slug" => category.slug,
                    "parent" => 0,
                    "description" => "",
                    "display" => "default",
                    "image" => Json::Null,
                    "menu_order" => 0,
                    "count" => u64::try_from(*count).unwrap_or_default(),
                }
            })
            .collect();
        (shown, page.total)
    });
    Ok(page::plain_reply(call.ask, &ask, shown, total, &call.address("products/categories"), &LinkExtras::default()))
}
