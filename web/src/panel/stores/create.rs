//! `POST /stores`: tests a store's address and key, and connects it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use storewire_actors::ConnectStore;
use storewire_domain::TenantId;
use storewire_guard::access::Action;

use super::{new, require};
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        frame::words,
        respond, url,
        view::{ConnectForm, advice},
        words::Words,
    },
    state::AppState,
};

/// The form.
#[derive(Deserialize)]
pub struct StoreForm {
    #[serde(default)]
    tenant: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    name: String,
    /// Present if the shop has no https.
    plain_http: Option<String>,
    #[serde(default)]
    consumer_key: String,
    #[serde(default)]
    consumer_secret: String,
}

/// Handles the request. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<StoreForm>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    require(&session, Action::Connect)?;
    let t = words(&session);
    let chosen: Option<TenantId> = form.tenant.parse().ok();
    let tenants = new::tenants(&session, &state, chosen).await?;
    let known = chosen.filter(|id| tenants.iter().any(|tenant| tenant.value == id.to_string()));
    let mut checked = check(&form, known.is_some(), &t);
    checked.tenants = tenants;

    if let (Some(tenant_id), false) = (known, checked.has_errors()) {
        match state.engine.connect_store(form.wanted(tenant_id)).await {
            Ok(store) => return Ok(respond::see(&url::store(store))),
            Err(error) => checked.problem = Some(advice(error.code(), &t)),
        }
    }
    let page = new::page(&request, &session, &state, checked);
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

impl StoreForm {
    fn wanted(&self, tenant_id: TenantId) -> ConnectStore {
        let name = self.name.trim();
        ConnectStore {
            tenant_id,
            url: self.url.trim().to_owned(),
            consumer_key: self.consumer_key.trim().to_owned().into(),
            consumer_secret: self.consumer_secret.trim().to_owned().into(),
            allow_plain_http: self.plain_http.is_some(),
            name: (!name.is_empty()).then(|| name.to_owned()),
            webhook_token: None,
            webhook_secret: None,
        }
    }
}

/// What can be told without asking the store. The secrets are not carried over.
fn check(form: &StoreForm, has_tenant: bool, t: &Words) -> ConnectForm {
    let is_address =
        ::url::Url::parse(form.url.trim()).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    let looks_right = |value: &str, prefix| value.trim().starts_with(prefix) && value.trim().len() > 8;
    let error_unless = |is_right: bool, id| (!is_right).then(|| t.get(id));
    ConnectForm {
        tenants: Vec::new(),
        url: form.url.trim().to_owned(),
        name: form.name.trim().to_owned(),
        plain_http: form.plain_http.is_some(),
        problem: None,
        tenant_error: error_unless(has_tenant, "connect-error-tenant"),
        url_error: error_unless(is_address, "connect-error-url"),
        key_error: error_unless(looks_right(&form.consumer_key, "ck_"), "connect-error-key"),
        secret_error: error_unless(looks_right(&form.consumer_secret, "cs_"), "connect-error-secret"),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn form(url: &str, key: &str, secret: &str) -> StoreForm {
        StoreForm {
            tenant: String::new(),
            url: url.to_owned(),
            name: " My store ".to_owned(),
            plain_http: None,
            consumer_key: key.to_owned(),
            consumer_secret: secret.to_owned(),
        }
    }

    #[test]
    fn a_complete_form_has_no_errors_and_its_spaces_are_cut() {
        let form = form(" https://shop.example ", " ck_0123456789", "cs_0123456789\n");
        let checked = check(&form, true, &Words::default());
        assert!(!checked.has_errors());
        let wanted = form.wanted(TenantId::fresh());
        assert_eq!(wanted.url, "https://shop.example");
        assert_eq!(wanted.consumer_key.expose_secret(), "ck_0123456789");
        assert_eq!(wanted.name.as_deref(), Some("My store"));
    }

    #[test]
    fn every_field_is_answered_for_itself() {
        let checked = check(&form("shop.example", "cs_0123456789", "ck_0123456789"), false, &Words::default());
        for error in [checked.tenant_error, checked.url_error, checked.key_error, checked.secret_error] {
            assert!(error.is_some());
        }
        for bad in ["ftp://shop.example", "javascript:alert(1)", "https://", ""] {
            assert!(check(&form(bad, "", ""), true, &Words::default()).url_error.is_some(), "{bad}");
        }
    }
}
