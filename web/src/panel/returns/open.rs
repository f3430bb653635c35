//! `POST /returns`: writes down that a buyer sends goods back. For staff.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use rust_decimal::Decimal;
use storewire_actors::desk::OpenReturn;
use storewire_domain::OrderId;
use storewire_guard::access::Area;

use super::{new, refusal, step::Fields};
use crate::{
    addressed,
    error::WebError,
    extract::Session,
    panel::{amount, frame::words, respond, said, url, view::Given},
    state::AppState,
};

/// Handles the request. What must be corrected comes back with the form, as 422.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    form: web::Form<Vec<(String, String)>>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let fields = Fields(&form);
    let id: OrderId = fields.get("order").parse().map_err(|_| WebError::NotFound)?;
    let order = addressed::order(&session, &state, id.uuid(), Area::Returns).await?;
    let t = words(&session);
    let mut given = Given {
        deed: fields.deed()?,
        quantities: fields.named("quantity-").map(|(line, typed)| (line.to_owned(), typed.to_owned())).collect(),
        reason: fields.get("reason").parse().ok(),
        note: fields.get("note").replace("\r\n", "\n"),
        problem: None,
    };
    given.problem = match (items(&given.quantities), given.reason) {
        (Some(items), Some(reason)) => {
            let wish = OpenReturn { tenant: order.tenant_id, order: id, reason, note: given.note.clone(), items };
            match state.engine.desk().open_return(given.deed, session.hand(), wish).await {
                Ok(row) => return Ok(respond::see(&url::saying(&url::returned(row.id), "return-opened"))),
                Err(error) => said::returns::why(refusal(&error).ok_or(error)?, &t),
            }
        }
        (None, _) => Some(t.get("return-no-bad-quantity")),
        (_, None) => Some(t.get("return-no-why")),
    };
    let returnable = new::returnable(&state, &order).await?;
    let page = new::page(&request, &session, &state, (id, &returnable), given);
    respond::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The lines of which something comes back; `None` if what was typed is no number.
fn items(typed: &[(String, String)]) -> Option<Vec<(String, Decimal)>> {
    let wanted = typed.iter().filter(|(_, typed)| !typed.trim().is_empty());
    let items: Option<Vec<_>> = wanted.map(|(line, typed)| Some((line.clone(), amount::read(typed)?))).collect();
    items.map(|items| items.into_iter().filter(|(_, quantity)| !quantity.is_zero()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_left_empty_or_at_nought_stay_with_the_buyer() {
        let typed = |all: &[(&str, &str)]| {
            let all: Vec<_> = all.iter().map(|(line, typed)| ((*line).to_owned(), (*typed).to_owned())).collect();
            items(&all)
        };
        let one = Some(vec![("7".to_owned(), Decimal::ONE)]);
        assert_eq!(typed(&[("7", "1"), ("8", " "), ("9", "0")]), one);
        assert_eq!(typed(&[]), Some(Vec::new()));
        assert_eq!(typed(&[("7", "one")]), None);
    }
}
