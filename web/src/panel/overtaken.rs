//! The answer to a form whose sender looked at values of before: who was faster, all the values, and the same wish on those of now, whole
//! or field by field.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde_json::{Map, Value};
use storewire_actors::Faster;
use storewire_domain::{Edit, intent::EditFault, order::transition};

use super::{
    frame::{Frame, words},
    merge::Merge,
    respond, said, url,
    view::{Again, FasterLine, FasterPage, MergePage, MergeParts, When, intent_title},
    words::Words,
};
use crate::{error::WebError, extract::Session, state::AppState};

/// The page for a wish of one value. `seen` is what the form showed, by field name, and `back` the page of the record, below which its forms
/// are answered.
pub fn page(
    state: &AppState,
    (session, request): (&Session, &HttpRequest),
    edit: &Edit,
    seen: Option<&Value>,
    faster: &Faster,
    back: &str,
) -> Result<HttpResponse, WebError> {
    let t = words(session);
    let lines = faster.fields.iter().map(|one| FasterLine::new(&one.field, &one.seen, &one.now, &one.wanted, &t));
    let page = FasterPage {
        frame: Frame::new(request, session, section(back), state.clock.now(), &t),
        by: faster.by.clone(),
        at: faster.at.map(When::moment),
        lines: lines.collect(),
        again: again(edit, &present(seen, faster), back, &t).into_iter().collect(),
        back: back.to_owned(),
        t,
    };
    respond::page_with(StatusCode::CONFLICT, &page)
}

/// The page for an edit of several fields, of which some await a choice; `why` if what would join by itself makes no sense together.
pub fn choices(
    state: &AppState,
    (session, request): (&Session, &HttpRequest),
    merge: &Merge,
    (faster, why): (&Faster, Option<EditFault>),
    back: &str,
) -> Result<HttpResponse, WebError> {
    let t = words(session);
    let page = MergePage {
        why: why.map(|fault| said::rejected(fault, &t)),
        frame: Frame::new(request, session, section(back), state.clock.now(), &t),
        by: faster.by.clone(),
        at: faster.at.map(When::moment),
        parts: MergeParts::new(merge, format!("{back}{}", merge.form()), &t),
        back: back.to_owned(),
        t,
    };
    respond::page_with(StatusCode::CONFLICT, &page)
}

fn section(back: &str) -> &str {
    back.rsplit_once('/').map_or(url::ORDERS, |(section, _)| section)
}

/// What the form would show if it were opened now.
fn present(seen: Option<&Value>, faster: &Faster) -> Map<String, Value> {
    let mut present = seen.and_then(Value::as_object).cloned().unwrap_or_default();
    for one in &faster.fields {
        present.insert(one.field.clone(), serde_json::to_value(&one.now).unwrap_or_default());
    }
    present
}

/// The form that was sent, on what is there now; none if that would be refused in any case.
fn again(edit: &Edit, present: &Map<String, Value>, back: &str, t: &Words) -> Option<Again> {
    let now = |field: &str| present.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (verb, fields) = match edit {
        Edit::OrderStatus { status } => {
            transition::step(&now("status"), status).ok()?;
            ("/status", vec![("seen", now("status")), ("status", status.clone())])
        }
        Edit::ProductStatus { status } => ("/status", vec![("seen", now("status")), ("status", status.clone())]),
        Edit::Stock { quantity } => {
            ("/stock", vec![("seen", now("stock_quantity")), ("quantity", quantity.to_string())])
        }
        Edit::Categories { ids } => {
            let held = present.get("categories").and_then(Value::as_array).into_iter().flatten();
            let seen = held.filter_map(|id| Some(("seen", id.as_str()?.to_owned())));
            ("/categories", seen.chain(ids.iter().map(|id| ("category", id.to_string()))).collect())
        }
        Edit::Trash => ("/trash", vec![("seen", now("status"))]),
        _ => return None,
    };
    let label = t.with("faster-again", "what", &intent_title(edit, t).1);
    Some(Again { action: format!("{back}{verb}"), fields, label })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use storewire_actors::Overtaken;
    use storewire_domain::intent::FieldValue;
    use uuid::Uuid;

    use super::*;

    fn faster(field: &str, now: &str) -> Faster {
        let value = |text: &str| FieldValue::Text(text.to_owned());
        let overtaken =
            Overtaken { field: field.to_owned(), seen: value("x"), now: value(now), wanted: FieldValue::Nothing };
        Faster { entity: Uuid::nil(), fields: vec![overtaken], by: None, at: None }
    }

    fn fields(edit: &Edit, seen: Value, faster: &Faster) -> Option<Vec<(&'static str, String)>> {
        again(edit, &present(Some(&seen), faster), "/r/1", &Words::default()).map(|again| again.fields)
    }

    #[test]
    fn the_same_wish_is_offered_on_what_is_there_now() {
        let stock = Edit::Stock { quantity: 20.into() };
        let pairs = fields(&stock, json!({"stock_quantity": "12"}), &faster("stock_quantity", "9")).unwrap();
        assert_eq!(pairs, [("seen", "9".to_owned()), ("quantity", "20".to_owned())]);
        let trash = fields(&Edit::Trash, json!({"status": "draft"}), &faster("status", "publish")).unwrap();
        assert_eq!(trash, [("seen", "publish".to_owned())]);
    }

    #[test]
    fn a_step_that_is_no_longer_legal_is_not_offered() {
        let wish = Edit::OrderStatus { status: "completed".to_owned() };
        let seen = || json!({"status": "processing"});
        assert!(fields(&wish, seen(), &faster("status", "on-hold")).is_some());
        assert!(fields(&wish, seen(), &faster("status", "cancelled")).is_none());
    }
}
