//! Reading orders.

use crate::dates::Columns;
use crate::http::Reply;
use crate::model::order::{Order, Status};
use crate::model::profile::Profile;
use crate::php_json::{Json, Object, object};
use crate::rest::error::ApiError;
use crate::rest::page::{self, LinkExtras, Paging, Row};
use crate::rest::params::{Complaints, ListAsk, ListRules};
use crate::rest::{Answer, Call};

impl Row for Order {
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
        ""
    }
}

/// The states a list can be asked for.
#[derive(Debug)]
struct Wanted {
    words: Vec<String>,
    /// `any` swallows the others and never includes the trash.
    is_any: bool,
    states: Vec<Status>,
}

impl Wanted {
    fn read(call: Call<'_>, complaints: &mut Complaints) -> Self {
        let words =
            call.ask.query.list("status").filter(|words| !words.is_empty()).unwrap_or_else(|| vec!["any".to_owned()]);
        let own = call.profile.order_states().map(|status| status.as_str());
        let allowed: Vec<&str> = ["any", "trash"].into_iter().chain(own).collect();
        for (at, word) in words.iter().enumerate() {
            if !allowed.contains(&word.as_str()) {
                complaints.not_in("status", &format!("status[{at}]"), &allowed);
                break;
            }
        }
        let states = words.iter().filter_map(|word| Status::parse(word)).collect();
        Self { is_any: words.iter().any(|word| word == "any"), states, words }
    }

    /// Under HPOS `any` is the states that are known; posts are shown in states whose plugin has gone, too.
    fn takes(&self, status: Status, profile: &Profile) -> bool {
        if self.is_any {
            status.is_in_any() && (!profile.is_hpos() || profile.knows(status))
        } else {
            self.states.contains(&status)
        }
    }

    fn link_extras(&self) -> LinkExtras {
        let added = self.words.iter().enumerate().map(|(at, word)| (format!("status[{at}]"), word.clone())).collect();
        let context = [("dp", "2"), ("context", "view")];
        LinkExtras {
            moved: &["status"],
            added,
            added_with_rows: context.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            normalises_flags: true,
        }
    }
}

pub(super) fn list(call: Call<'_>) -> Answer {
    let profile = call.profile;
    let is_hpos = profile.is_hpos();
    let mut complaints = Complaints::default();
    let wanted = Wanted::read(call, &mut complaints);
    let rules = ListRules {
        order_by: &["date", "id", "include", "title", "slug", "modified"],
        default_order: ("date", false),
        dates: Some(if is_hpos { Columns::UtcOnly } else { Columns::LocalAndUtc }),
    };
    let ask = ListAsk::read(&call.ask.query, rules, &profile.zone, &mut complaints);
    complaints.finish()?;
    let customer: Option<u64> = call.ask.query.get("customer").and_then(|id| id.parse().ok());
    let (shown, total) = call.store.read(|view| {
        let rows = view.records.orders.values().filter(|order| {
            wanted.takes(order.status, profile)
                && customer.is_none_or(|id| order.customer_id == id)
                && ask.search.as_ref().is_none_or(|text| is_found(order, text))
        });
        let paging = Paging { forgets_total_past_end: is_hpos, has_loose_ties: false };
        let page = page::select(rows, &ask, &profile.zone, paging);
        (page.rows.iter().map(|order| view.order(order)).collect(), page.total)
    });
    Ok(page::reply(call.ask, &ask, shown, total, &call.address("orders"), &wanted.link_extras()))
}

fn is_found(order: &Order, text: &str) -> bool {
    let billing = &order.billing;
    let fields = [&billing.first_name, &billing.last_name, &billing.email, &billing.address_1, &billing.city];
    order.id.to_string() == text
        || fields.iter().any(|field| field.to_lowercase().contains(text))
        || order.lines.iter().any(|line| line.name.to_lowercase().contains(text))
}

pub(super) fn one(call: Call<'_>, id: u64) -> Answer {
    let shown = call.store.read(|view| view.records.orders.get(&id).map(|order| view.order(order)));
    Ok(call.one(200, shown.ok_or_else(|| ApiError::gone("order"))?))
}

/// How many orders there are in each state.
pub(super) fn totals(call: Call<'_>) -> Reply {
    let counted = call.profile.order_states().filter(|status| *status != Status::AutoDraft);
    let rows: Vec<Object> = call.store.read(|view| {
        counted
            .map(|status| {
                let count = view.records.orders.values().filter(|order| order.status == status).count();
                object! { "slug" => status.as_str(), "name" => status.title(), "total" => u64::try_from(count).unwrap_or_default() }
            })
            .collect()
    });
    Reply::json(200, &Json::from(rows))
}
