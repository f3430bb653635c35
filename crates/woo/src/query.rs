//! What a listing asks for.

use jiff::tz::TimeZone;
use storewire_domain::{RemoteId, window::Window};

use crate::{WooError, client::path_id, endpoint::Params};

/// Which records a listing holds. WooCommerce's `any` never contains the trash, so that is asked for on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    #[default]
    Any,
    Trash,
}

/// What a listing is sorted by. Of products only ids make a total order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderBy {
    #[default]
    Id,
    Modified,
}

/// A page of a listing that is asked for whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// From 1.
    pub page: u32,
    /// 1–100.
    pub per_page: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self { page: 1, per_page: 100 }
    }
}

impl Paging {
    pub(crate) fn params(self) -> Params {
        vec![("page", self.page.max(1).to_string()), ("per_page", self.per_page.clamp(1, 100).to_string())]
    }
}

/// A page of orders, products, variations or coupons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// Only what was modified inside, bounds excluded.
    pub window: Option<Window>,
    pub status: Listing,
    pub order_by: OrderBy,
    pub ascending: bool,
    /// From 1.
    pub page: u32,
    /// 1–100.
    pub per_page: u32,
    /// Only these, if any are named.
    pub include: Vec<RemoteId>,
}

impl Default for ListQuery {
    fn default() -> Self {
        Self {
            window: None,
            status: Listing::Any,
            order_by: OrderBy::Id,
            ascending: true,
            page: 1,
            per_page: 50,
            include: Vec::new(),
        }
    }
}

impl ListQuery {
    /// # Errors
    /// Where an id is none.
    pub(crate) fn params(&self, site_zone: &TimeZone) -> Result<Params, WooError> {
        let status = match self.status {
            Listing::Any => "any",
            Listing::Trash => "trash",
        };
        let order_by = match self.order_by {
            OrderBy::Id => "id",
            OrderBy::Modified => "modified",
        };
        let mut params = Paging { page: self.page, per_page: self.per_page }.params();
        params.push(("status", status.to_owned()));
        params.push(("orderby", order_by.to_owned()));
        params.push(("order", direction(self.ascending)));
        if let Some(window) = self.window {
            let bounds = window.to_query(site_zone);
            if bounds.is_gmt {
                params.push(("dates_are_gmt", "true".to_owned()));
            }
            params.push(("modified_after", bounds.after));
            params.push(("modified_before", bounds.before));
        }
        params.extend(included(&self.include)?);
        Ok(params)
    }
}

/// What customers are sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomerOrder {
    #[default]
    Id,
    Registered,
}

/// A page of customer accounts of every role. They cannot be asked for by date of change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerQuery {
    pub order_by: CustomerOrder,
    pub ascending: bool,
    /// From 1.
    pub page: u32,
    /// 1–100.
    pub per_page: u32,
    /// Only these, if any are named.
    pub include: Vec<RemoteId>,
}

impl Default for CustomerQuery {
    fn default() -> Self {
        Self { order_by: CustomerOrder::Id, ascending: true, page: 1, per_page: 50, include: Vec::new() }
    }
}

impl CustomerQuery {
    /// # Errors
    /// Where an id is none.
    pub(crate) fn params(&self) -> Result<Params, WooError> {
        let order_by = match self.order_by {
            CustomerOrder::Id => "id",
            CustomerOrder::Registered => "registered_date",
        };
        let mut params = Paging { page: self.page, per_page: self.per_page }.params();
        // By default only those of the role `customer` are listed: staff and wholesalers buy too.
        params.push(("role", "all".to_owned()));
        params.push(("orderby", order_by.to_owned()));
        params.push(("order", direction(self.ascending)));
        params.extend(included(&self.include)?);
        Ok(params)
    }
}

fn direction(ascending: bool) -> String {
    if ascending { "asc" } else { "desc" }.to_owned()
}

fn included(ids: &[RemoteId]) -> Result<Option<(&'static str, String)>, WooError> {
    let ids = ids.iter().map(path_id).collect::<Result<Vec<&str>, WooError>>()?;
    Ok((!ids.is_empty()).then(|| ("include", ids.join(","))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_asked_for_in_the_one_form_that_every_shop_understands() {
        let window =
            Window { after: "2026-11-21T05:57:08Z".parse().unwrap(), before: "2026-11-21T06:57:08Z".parse().unwrap() };
        let query = ListQuery { window: Some(window), order_by: OrderBy::Modified, ..ListQuery::default() };
        let params = query.params(&TimeZone::get("Europe/Istanbul").unwrap()).unwrap();
        let get = |name| params.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str());
        assert_eq!(get("dates_are_gmt"), Some("true"));
        assert_eq!(get("modified_after"), Some("2026-11-21T05:57:08"));
        assert_eq!(get("modified_before"), Some("2026-11-21T06:57:08"));
        assert_eq!((get("orderby"), get("order"), get("status")), (Some("modified"), Some("asc"), Some("any")));
    }
}
