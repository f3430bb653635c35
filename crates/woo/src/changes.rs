//! How a store is written to: each change is sent once, and holds only what it is to change.
//!
//! Some firewalls let neither PUT nor DELETE through. WordPress takes a POST in their place, so a change that such a
//! firewall stopped is asked for once more in that form; if it reaches WooCommerce, every later one begins with it.

use std::sync::atomic::Ordering;

use reqwest::Method;
use serde_json::Value;

use crate::{
    StoreClient, WooError,
    answer::Answer,
    call::Call,
    endpoint::{Params, endpoint},
    judge::{error_code, judge},
};

/// The fields of a record that are to change, by WooCommerce's names, with their new values.
pub type Patch = serde_json::Map<String, Value>;

/// Patches that state a change and not a value: sent twice, they count twice.
const RELATIVE: &str = "inventory_delta";

impl StoreClient {
    /// Tells the client that this store takes changes by POST only, as learned by an earlier one.
    pub fn use_method_override(&self) {
        self.posts_only().store(true, Ordering::Relaxed);
    }

    /// Whether this store was found to take changes by POST only: worth keeping with the store.
    #[must_use]
    pub fn uses_method_override(&self) -> bool {
        self.posts_only().load(Ordering::Relaxed)
    }

    pub(crate) async fn post(&self, path: &str, json: String) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root(), path, &Params::new());
        let call = Call { method: Method::POST, json: Some(json), ..Call::get(url.clone()) };
        judge(self.exchange(call).await?, &url)
    }

    pub(crate) async fn put(&self, path: &str, patch: &Patch) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root(), path, &Params::new());
        let json = Some(Value::Object(patch.clone()).to_string());
        self.change(Call { method: Method::PUT, json, ..Call::get(url) }, !patch.contains_key(RELATIVE)).await
    }

    /// Deletes for good, past the trash.
    pub(crate) async fn delete(&self, path: &str) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root(), path, &vec![("force", "true".to_owned())]);
        self.change(Call { method: Method::DELETE, ..Call::get(url) }, true).await
    }

    /// Puts a record into the store's trash.
    pub(crate) async fn trash(&self, path: &str) -> Result<Answer, WooError> {
        let url = endpoint(self.rest_root(), path, &Params::new());
        self.change(Call { method: Method::DELETE, ..Call::get(url) }, true).await
    }

    /// `harmless_twice` says that the change may arrive a second time without doing more than the first.
    async fn change(&self, call: Call, harmless_twice: bool) -> Result<Answer, WooError> {
        let url = call.url.clone();
        if self.uses_method_override() {
            return judge(self.exchange(call.into_post()).await?, &url);
        }
        let answer = self.exchange(call.clone()).await?;
        if !is_method_stopped(&answer, harmless_twice) {
            return judge(answer, &url);
        }
        let answer = self.exchange(call.into_post()).await?;
        if matches!(answer.status, 200 | 201) || error_code(&answer.body).is_some() {
            self.use_method_override();
        }
        judge(answer, &url)
    }
}

/// Whether something in front of WordPress refused the method. 405 and 501 are said before a request is carried out; a 403
/// page practically always.
fn is_method_stopped(answer: &Answer, harmless_twice: bool) -> bool {
    let by_status = match answer.status {
        405 | 501 => true,
        403 => harmless_twice,
        _ => false,
    };
    by_status && error_code(&answer.body).is_none()
}
