//! Selects, sorts and cuts a list, and writes the headers that lead through its pages.

use jiff::tz::TimeZone;
use rand::seq::SliceRandom as _;

use crate::faults::strike;
use crate::http::{Ask, Reply};
use crate::php_json::{Json, Object};
use crate::query::{encode, is_item_of};
use crate::rest::params::ListAsk;

/// What listing needs to know of a row.
pub trait Row {
    fn id(&self) -> u64;
    fn created(&self) -> i64;
    fn modified(&self) -> i64;
    /// What `orderby=title` and the like sort by.
    fn title(&self) -> &str;
}

/// How a resource's paging behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paging {
    /// Past the end nothing is counted (HPOS); otherwise the true total.
    pub forgets_total_past_end: bool,
    /// Rows of the same second come in any order (products).
    pub has_loose_ties: bool,
}

/// One page.
#[derive(Debug)]
pub struct Page<'a, T> {
    pub rows: Vec<&'a T>,
    pub total: usize,
}

/// Cuts the page asked for out of the rows that fit.
pub fn select<'a, T: Row>(
    rows: impl Iterator<Item = &'a T>,
    ask: &ListAsk,
    zone: &TimeZone,
    paging: Paging,
) -> Page<'a, T> {
    let mut fitting: Vec<&T> = rows.filter(|row| fits(*row, ask, zone)).collect();
    if paging.has_loose_ties && ask.order_by != "id" {
        fitting.shuffle(&mut rand::rng());
    }
    match ask.order_by.as_str() {
        "id" => fitting.sort_by_key(|row| row.id()),
        "modified" if paging.has_loose_ties => fitting.sort_by_key(|row| row.modified()),
        "modified" => fitting.sort_by_key(|row| (row.modified(), row.id())),
        "title" | "slug" | "name" => fitting.sort_by(|a, b| (a.title(), a.id()).cmp(&(b.title(), b.id()))),
        "include" => {
            let place = |row: &&T| ask.include.as_ref().and_then(|ids| ids.iter().position(|id| *id == row.id()));
            fitting.sort_by_key(place);
        }
        _ if paging.has_loose_ties => fitting.sort_by_key(|row| row.created()),
        _ => fitting.sort_by_key(|row| (row.created(), row.id())),
    }
    if !ask.is_ascending && ask.order_by != "include" {
        fitting.reverse();
    }
    let total = fitting.len();
    let start = ask.offset.unwrap_or_else(|| (ask.page - 1).saturating_mul(ask.per_page));
    let rows: Vec<&T> = fitting.into_iter().skip(start).take(ask.per_page).collect();
    let is_past_end = rows.is_empty() && ask.page > 1;
    Page { rows, total: if is_past_end && paging.forgets_total_past_end { 0 } else { total } }
}

fn fits<T: Row>(row: &T, ask: &ListAsk, zone: &TimeZone) -> bool {
    ask.include.as_ref().is_none_or(|ids| ids.contains(&row.id()))
        && !ask.exclude.contains(&row.id())
        && ask.after.as_ref().is_none_or(|limit| limit.is_before(row.created(), zone))
        && ask.before.as_ref().is_none_or(|limit| limit.is_after(row.created(), zone))
        && ask.modified_after.as_ref().is_none_or(|limit| limit.is_before(row.modified(), zone))
        && ask.modified_before.as_ref().is_none_or(|limit| limit.is_after(row.modified(), zone))
}

/// What a resource adds to the query in its page links.
#[derive(Debug, Default)]
pub struct LinkExtras {
    /// Parameters that leave their place and come back in `added`.
    pub moved: &'static [&'static str],
    pub added: Vec<(String, String)>,
    /// Added only when there is something on the page.
    pub added_with_rows: Vec<(String, String)>,
    /// Switches are normalised (`true` becomes `1`).
    pub normalises_flags: bool,
}

/// The answer for one page of records, with what is wrong in the shop. `address` is the collection's.
#[must_use]
pub fn reply(
    ask: &Ask,
    list: &ListAsk,
    mut shown: Vec<Object>,
    mut total: usize,
    address: &str,
    extras: &LinkExtras,
) -> Reply {
    let faults = &ask.faults;
    if faults.max_page.is_some_and(|most| list.per_page > most) || faults.breaks(&shown) {
        return strike::crash();
    }
    if faults.empty_list {
        (shown, total) = (Vec::new(), 0);
    }
    for row in &mut shown {
        faults.damage(row);
    }
    plain_reply(ask, list, shown, total, address, extras)
}

/// The answer for one page of what are no records: webhooks, categories.
#[must_use]
pub fn plain_reply(
    ask: &Ask,
    list: &ListAsk,
    shown: Vec<Object>,
    total: usize,
    address: &str,
    extras: &LinkExtras,
) -> Reply {
    let pages = total.div_ceil(list.per_page);
    let is_empty = shown.is_empty();
    let rows: Vec<Json> = shown
        .into_iter()
        .map(|row| {
            Json::Object(match &list.fields {
                Some(fields) => row.only(fields),
                None => row,
            })
        })
        .collect();
    let mut links = Vec::new();
    let link =
        |page: usize, rel: &str| format!("<{address}?{}>; rel=\"{rel}\"", page_query(ask, page, extras, is_empty));
    if list.page > 1 {
        links.push(link((list.page - 1).min(pages), "prev"));
    }
    if list.page < pages {
        links.push(link(list.page + 1, "next"));
    }
    let reply = Reply::json(200, &Json::List(rows))
        .with("x-wp-total", total.to_string())
        .with("x-wp-totalpages", pages.to_string());
    if links.is_empty() { reply } else { reply.with("link", links.join(", ")) }
}

fn page_query(ask: &Ask, page: usize, extras: &LinkExtras, is_empty: bool) -> String {
    let mut parts = Vec::new();
    let mut has_page = false;
    for (name, value) in ask.query.pairs() {
        if extras.moved.iter().any(|moved| name == *moved || is_item_of(name, moved)) {
            continue;
        }
        let value = match name {
            "page" => {
                has_page = true;
                page.to_string()
            }
            "dates_are_gmt" if extras.normalises_flags => u8::from(ask.query.flag(name)).to_string(),
            _ => value.to_owned(),
        };
        parts.push(format!("{}={}", encode(name), encode(&value)));
    }
    let more = if is_empty { &[] } else { extras.added_with_rows.as_slice() };
    parts.extend(extras.added.iter().chain(more).map(|(name, value)| format!("{}={}", encode(name), encode(value))));
    if !has_page {
        parts.push(format!("page={page}"));
    }
    parts.join("&")
}
