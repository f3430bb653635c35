//! `POST /products/{id}/texts`: wishes a product's name, number or descriptions changed in its store.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value};
use storewire_domain::{Edit, ProductId, intent::TextField};
use storewire_guard::access::Area;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        merge,
        propose::{propose, refuse},
        url,
    },
    state::AppState,
};

/// Handles the request. Each text comes by its field's name, and what the page showed of it as `seen.` and that; what is as it was is left
/// alone, and what is to stay as it is (see [`Take`](crate::panel::merge::Take)).
pub async fn submit(
    session: Session,
    id: web::Path<ProductId>,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let product = addressed(&session, &state, *id, Area::Products).await?;
    let back = url::product(*id);
    let (fields, seen) = changed(&form);
    if fields.is_empty() {
        return Ok(refuse(&back, "unchanged"));
    }
    propose(&state, (&session, &request), product, Edit::Text { fields }, Some(Value::Object(seen)), &back).await
}

/// The texts that differ from what the page showed, and what it showed of them.
fn changed(form: &[(String, String)]) -> (BTreeMap<TextField, String>, Map<String, Value>) {
    let given: HashMap<&str, String> =
        form.iter().map(|(name, value)| (name.as_str(), value.replace("\r\n", "\n").trim().to_owned())).collect();
    let (mut fields, mut seen) = (BTreeMap::new(), Map::new());
    for &field in TextField::ALL {
        if merge::stays(form, field.as_str()) {
            continue;
        }
        let showed = given.get(format!("seen.{field}").as_str()).cloned().unwrap_or_default();
        if let Some(text) = given.get(field.as_str()).filter(|text| **text != showed) {
            fields.insert(field, text.clone());
            seen.insert(field.to_string(), showed.into());
        }
    }
    (fields, seen)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_changed_is_written_and_only_that_must_be_as_it_was() {
        let form = [
            ("name", "Cup"),
            ("seen.name", "Mug"),
            ("description", "One\r\n\r\ntwo "),
            ("seen.description", "One\n\ntwo"),
            ("sku", "M-2"),
            ("seen.sku", "M-1"),
            ("take.sku", "now"),
            ("role", "admin"),
        ];
        let form: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let (fields, seen) = changed(&form);
        assert_eq!(fields, [(TextField::Name, "Cup".to_owned())].into());
        assert_eq!(Value::Object(seen), json!({"name": "Mug"}));
    }
}
