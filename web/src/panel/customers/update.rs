//! `POST /customers/{id}`: wishes fields of a customer account changed in its store.

use std::collections::{BTreeMap, HashMap};

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;
use storewire_domain::{Edit, intent::CustomerField};
use uuid::Uuid;

use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{
        merge,
        propose::{Record, propose},
        respond, url,
    },
    state::AppState,
};

/// Handles the request. Each field comes twice: as it was shown under `seen.` and that, and as it is wanted; equal ones are left alone, and
/// those that are to stay as they are (see [`Take`](crate::panel::merge::Take)).
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<Uuid>,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let customer = addressed::customer(&session, &state, *id).await?;

    let back = url::customer(*id);
    let Some((fields, seen)) = changed(&form) else {
        return Ok(respond::see(&url::saying(&back, "unchanged")));
    };
    let record = Record { tenant: customer.tenant_id, store: customer.store_id, entity: *id };
    propose(&state, (&session, &request), record, Edit::Customer { fields }, Some(Value::Object(seen)), &back).await
}

type Changed = (BTreeMap<CustomerField, String>, serde_json::Map<String, Value>);

/// The fields that differ from what was shown, and what was shown there: to the letter as the store has it, blanks at its ends too.
fn changed(form: &[(String, String)]) -> Option<Changed> {
    let given: HashMap<&str, String> =
        form.iter().map(|(name, value)| (name.as_str(), value.replace("\r\n", "\n"))).collect();
    let (mut fields, mut seen) = (BTreeMap::new(), serde_json::Map::new());
    for &field in CustomerField::ALL {
        let name = field.as_str();
        let shown = given.get(format!("seen.{name}").as_str());
        let (Some(wanted), Some(shown)) = (given.get(name).map(|text| text.trim()), shown) else { continue };
        if wanted != shown.trim() && !merge::stays(form, name) {
            fields.insert(field, wanted.to_owned());
            seen.insert(name.to_owned(), Value::String(shown.clone()));
        }
    }
    (!fields.is_empty()).then_some((fields, seen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_differs_from_what_was_shown_is_wished() {
        let (fields, seen) = changed(&form(&[
            ("seen.email", "a@b.example"),
            ("email", "a@b.example "),
            ("seen.billing.city", "Izmir"),
            ("billing.city", "İzmir"),
            ("seen.billing.phone", "1"),
            ("billing.phone", ""),
            ("username", "root"),
        ]))
        .unwrap();
        assert_eq!(fields.keys().map(|field| field.as_str()).collect::<Vec<_>>(), ["billing.city", "billing.phone"]);
        assert_eq!(Value::Object(seen), serde_json::json!({ "billing.city": "Izmir", "billing.phone": "1" }));
        // What a till once wrote is named as it is there, or it would seem that somebody changed it.
        let (_, seen) = changed(&form(&[("seen.billing.city", " Izmir\r\n"), ("billing.city", "Bursa")])).unwrap();
        assert_eq!(Value::Object(seen), serde_json::json!({ "billing.city": " Izmir\n" }));
        assert!(changed(&form(&[("seen.billing.city", "Izmir "), ("billing.city", "Izmir")])).is_none());
        let chosen = |take| {
            changed(&form(&[("seen.billing.city", "Izmir"), ("billing.city", "Bursa"), ("take.billing.city", take)]))
        };
        assert_eq!(chosen("mine").map(|(fields, _)| fields.len()), Some(1));
        assert!(chosen("now").is_none(), "what is there was chosen");
        assert!(changed(&form(&[("seen.email", "a"), ("email", "a"), ("last_name", "x")])).is_none());
    }
}
