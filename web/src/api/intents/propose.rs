//! Turns what a person wants changed of a record into intents, all or none.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::{Map, Value};
use storewire_actors::{DeskError, Proposal, ProposeError};
use storewire_db::{DbError, requests};
use storewire_domain::{Edit, StoreId, TenantId};
use utoipa::ToSchema;
use uuid::Uuid;

use super::IntentItem;
use crate::{
    api::once::{Once, Reply},
    error::WebError,
    extract::Session,
    state::AppState,
};

/// The changes that are on their way now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Proposed {
    /// One per kind of change, in the order in which they are carried out.
    pub intents: Vec<IntentItem>,
}

/// The record that is to change.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub tenant: TenantId,
    pub store: StoreId,
    /// Our id of the order, product or customer.
    pub entity: Uuid,
}

/// What a person wants, and what they saw when they decided.
#[derive(Debug, Default)]
pub struct Wishes {
    edits: Vec<(Edit, Option<Value>)>,
    expected: Map<String, Value>,
    note: Option<String>,
}

impl Wishes {
    /// None yet; `expected` holds values by field name, each to be used by the edit that is about it.
    #[must_use]
    pub fn given(expected: Option<Map<String, Value>>) -> Self {
        Self { expected: expected.unwrap_or_default(), ..Self::default() }
    }

    /// Says why, in the person's own words, for who reads the ledger of stock.
    pub fn because(&mut self, note: Option<String>) {
        self.note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    }

    /// Says what the person saw, where they did not say it themselves.
    pub fn expect(&mut self, field: &str, value: Value) {
        self.expected.entry(field).or_insert(value);
    }

    /// Adds an edit about these fields.
    pub fn add(&mut self, edit: Edit, fields: &[&str]) {
        let seen: Map<_, _> = fields.iter().filter_map(|field| self.expected.remove_entry(*field)).collect();
        self.edits.push((edit, (!seen.is_empty()).then_some(Value::Object(seen))));
    }

    /// Writes them down, once however often the request is repeated, and answers the intents.
    pub async fn propose(
        self,
        session: &Session,
        state: &AppState,
        target: Target,
        once: Once,
    ) -> Result<HttpResponse, WebError> {
        if let Some(field) = self.expected.keys().next() {
            let detail = format!("{field} is expected, but nothing about it is to change");
            return Err(WebError::Unprocessable { code: "bad_expectation", detail });
        }
        if self.edits.is_empty() {
            let detail = "the body names nothing to change".to_owned();
            return Err(WebError::Unprocessable { code: "nothing_to_change", detail });
        }
        let unseen = self.unseen(state, target).await?;
        if !unseen.is_empty() {
            return Err(blind(unseen));
        }
        let wish = |(edit, expected)| Proposal {
            tenant: target.tenant,
            store: target.store,
            entity: target.entity,
            edit,
            by: session.user_id,
            expected,
            note: self.note.clone(),
        };
        let wishes: Vec<Proposal> = self.edits.into_iter().map(wish).collect();
        let work = async |deed| {
            let intents = state.engine.propose_all(deed, wishes).await?;
            Reply::accepted(&Proposed { intents: intents.into_iter().map(IntentItem::from).collect() })
        };
        once.carry_out(state, (target.tenant, session.user_id), work).await
    }

    /// What our copy holds of the fields that are to be set and of which nobody says what they saw. Of an account's own name it does not
    /// tell both parts.
    async fn unseen(&self, state: &AppState, target: Target) -> Result<Map<String, Value>, DbError> {
        let open = self.edits.iter().map(|(edit, seen)| (edit, unnamed(edit, seen.as_ref())));
        let open: Vec<(&Edit, Vec<String>)> = open.filter(|(_, names)| !names.is_empty()).collect();
        let mut unseen = Map::new();
        if open.is_empty() {
            return Ok(unseen);
        }
        let tx = state.db.tenant(target.tenant).await?;
        for (edit, names) in open {
            let Some(record) = requests::record(&tx, target.store, target.entity, edit).await? else { continue };
            for name in names {
                if let Some(held) = record.held.get(&name) {
                    unseen.insert(name, serde_json::to_value(held).unwrap_or_default());
                }
            }
        }
        tx.commit().await?;
        Ok(unseen)
    }
}

/// The fields that an edit sets without saying what was seen of them. What is added stands beside what is there.
fn unnamed(edit: &Edit, seen: Option<&Value>) -> Vec<String> {
    if edit.adds() {
        return Vec::new();
    }
    let seen = seen.and_then(Value::as_object);
    let wanted = edit.wanted();
    let open = wanted.names().filter(|name| seen.is_none_or(|seen| !seen.contains_key(*name)));
    open.map(str::to_owned).collect()
}

/// They are told what there is, in the form in which it is compared, and decide then.
fn blind(current: Map<String, Value>) -> WebError {
    let more = Map::from_iter([("current".to_owned(), Value::Object(current))]);
    WebError::unseen("say in `expected` what you saw of each field that is to change", more)
}

impl From<ProposeError> for WebError {
    fn from(error: ProposeError) -> Self {
        DeskError::from(error).into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_edit_is_given_what_was_seen_of_its_own_fields() {
        let seen = json!({"status": "draft", "regular_price": "9.50"});
        let mut wishes = Wishes::given(seen.as_object().cloned());
        wishes.expect("regular_price", json!("1"));
        wishes.expect("sale_price", Value::Null);
        wishes.add(Edit::Price { regular: None, sale: None }, &["regular_price", "sale_price"]);
        wishes.add(Edit::ProductStatus { status: "publish".to_owned() }, &["status"]);
        wishes.add(Edit::Categories { ids: Vec::new() }, &["categories"]);
        let told: Vec<Option<Value>> = wishes.edits.into_iter().map(|(_, expected)| expected).collect();
        let prices = json!({"regular_price": "9.50", "sale_price": null});
        assert_eq!(told, [Some(prices), Some(json!({"status": "draft"})), None]);
        assert!(wishes.expected.is_empty());
    }

    #[test]
    fn what_is_set_must_have_been_seen_and_what_is_added_need_not() {
        let price = Edit::Price { regular: "12".parse().ok(), sale: None };
        assert_eq!(unnamed(&price, None), ["regular_price", "sale_price"]);
        let seen = json!({"regular_price": "10"});
        assert_eq!(unnamed(&price, Some(&seen)), ["sale_price"]);
        let seen = json!({"regular_price": "10", "sale_price": null});
        assert!(unnamed(&price, Some(&seen)).is_empty(), "nothing was seen there, and that is said");
        assert_eq!(unnamed(&Edit::Trash, None), ["status"]);
        assert!(unnamed(&Edit::OrderNote { text: "x".to_owned(), for_customer: false }, None).is_empty());
    }
}
