//! Reads the parameters of a list, and collects what is wrong with them.

use jiff::tz::TimeZone;

use crate::dates::{self, Columns, Threshold};
use crate::php_json::{Json, Object, object};
use crate::query::Query;
use crate::rest::error::ApiError;

/// Invalid parameters, as far as they were found.
#[derive(Debug, Default)]
pub struct Complaints(Vec<Complaint>);

#[derive(Debug)]
struct Complaint {
    name: String,
    code: &'static str,
    message: String,
    data: Json,
}

impl Complaints {
    /// Not of the type.
    pub fn wrong_type(&mut self, name: &str, kind: &str) {
        let data = object! { "param" => name.to_owned() }.into();
        self.add(name, "rest_invalid_type", format!("{name} is not of type {kind}."), data);
    }

    /// Not one of the words; `place` says where (`status[0]`).
    pub fn not_in(&mut self, name: &str, place: &str, words: &[&str]) {
        let list = match words {
            [start @ .., last] if !start.is_empty() => format!("{}, and {last}", start.join(", ")),
            _ => words.join(""),
        };
        self.add(name, "rest_not_in_enum", format!("{place} is not one of {list}."), Json::Null);
    }

    /// Anything else.
    pub fn add(&mut self, name: &str, code: &'static str, message: String, data: Json) {
        self.0.push(Complaint { name: name.to_owned(), code, message, data });
    }

    /// # Errors
    /// 400 `rest_invalid_param` that names all of them.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.0.iter().map(|complaint| complaint.name.as_str()).collect();
        let mut error = ApiError::new(400, "rest_invalid_param", format!("Invalid parameter(s): {}", names.join(", ")));
        let (mut params, mut details) = (Object::default(), Object::default());
        for Complaint { name, code, message, data } in self.0 {
            params.push_named(name.clone(), message.clone());
            details.push_named(name, object! { "code" => code, "message" => message, "data" => data });
        }
        error.more.push("params", params);
        error.more.push("details", details);
        Err(error)
    }
}

/// How a list is asked for.
#[derive(Debug)]
pub struct ListAsk {
    pub per_page: usize,
    pub page: usize,
    pub offset: Option<usize>,
    pub is_ascending: bool,
    pub order_by: String,
    pub include: Option<Vec<u64>>,
    pub exclude: Vec<u64>,
    pub search: Option<String>,
    pub after: Option<Threshold>,
    pub before: Option<Threshold>,
    pub modified_after: Option<Threshold>,
    pub modified_before: Option<Threshold>,
    pub fields: Option<Vec<String>>,
}

/// What a resource's list understands.
#[derive(Clone, Copy, Debug)]
pub struct ListRules {
    pub order_by: &'static [&'static str],
    pub default_order: (&'static str, bool),
    /// Which columns dates are compared with; `None` ignores the date filters.
    pub dates: Option<Columns>,
}

impl ListAsk {
    /// Reads the common parameters.
    pub fn read(query: &Query, rules: ListRules, zone: &TimeZone, complaints: &mut Complaints) -> Self {
        let per_page = integer(query, "per_page", complaints).unwrap_or(10);
        if !(1..=100).contains(&per_page) {
            let message = "per_page must be between 1 (inclusive) and 100 (inclusive)".to_owned();
            complaints.add("per_page", "rest_out_of_bounds", message, Json::Null);
        }
        let page = integer(query, "page", complaints).unwrap_or(1);
        if page < 1 {
            let message = "page must be greater than or equal to 1".to_owned();
            complaints.add("page", "rest_out_of_bounds", message, Json::Null);
        }
        let (default_order, default_ascending) = rules.default_order;
        let order_by = word(query, "orderby", rules.order_by, complaints).unwrap_or(default_order).to_owned();
        let is_ascending =
            word(query, "order", &["asc", "desc"], complaints).map_or(default_ascending, |order| order == "asc");
        let are_gmt = query.flag("dates_are_gmt");
        let mut date = |name: &str| {
            let (columns, text) = (rules.dates?, query.get(name)?);
            let read = dates::threshold(text, are_gmt, zone, columns);
            if read.is_err() {
                complaints.add(name, "rest_invalid_date", "Invalid date.".to_owned(), Json::Null);
            }
            read.ok()
        };
        let (after, before) = (date("after"), date("before"));
        let (modified_after, modified_before) = (date("modified_after"), date("modified_before"));
        Self {
            per_page: usize::try_from(per_page).unwrap_or(10).max(1),
            page: usize::try_from(page).unwrap_or(1).max(1),
            offset: integer(query, "offset", complaints).and_then(|offset| usize::try_from(offset).ok()),
            is_ascending,
            order_by,
            include: ids(query, "include", complaints).filter(|ids| !ids.is_empty()),
            exclude: ids(query, "exclude", complaints).unwrap_or_default(),
            search: query.get("search").filter(|text| !text.is_empty()).map(str::to_lowercase),
            after,
            before,
            modified_after,
            modified_before,
            fields: query.list("_fields").filter(|fields| !fields.is_empty()),
        }
    }
}

fn integer(query: &Query, name: &str, complaints: &mut Complaints) -> Option<i64> {
    let number = query.get(name)?.trim().parse();
    if number.is_err() {
        complaints.wrong_type(name, "integer");
    }
    number.ok()
}

/// A word out of a few.
pub fn word<'a>(query: &'a Query, name: &str, words: &[&str], complaints: &mut Complaints) -> Option<&'a str> {
    let text = query.get(name)?;
    if !words.contains(&text) {
        complaints.not_in(name, name, words);
        return None;
    }
    Some(text)
}

fn ids(query: &Query, name: &str, complaints: &mut Complaints) -> Option<Vec<u64>> {
    let texts = query.list(name)?;
    let read: Vec<u64> = texts.iter().filter_map(|text| text.trim().parse().ok()).collect();
    if read.len() < texts.len() {
        complaints.wrong_type(&format!("{name}[0]"), "integer");
    }
    Some(read)
}
