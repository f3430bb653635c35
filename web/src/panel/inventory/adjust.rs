//! `POST /inventory/{id}/adjust`: says how many of a product there are in its store, or how many came or went.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use rust_decimal::Decimal;
use serde::Deserialize;
use storewire_actors::{Faster, Overtaken, Proposal, ProposeError};
use storewire_db::stock::StockRow;
use storewire_domain::{
    Edit, ProductId,
    intent::{EditFault, FieldValue, Fields},
    stock::Adjustment,
};
use storewire_guard::access::Action;
use uuid::Uuid;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        amount,
        frame::{Frame, words},
        propose::{refuse, taken},
        respond, url,
        view::{Again, FasterLine, FasterPage, When},
    },
    state::AppState,
};

const FIELD: &str = "stock_quantity";

/// The form.
#[derive(Debug, Deserialize)]
pub struct AdjustSent {
    /// So that a form sent twice moves the count once.
    deed: Uuid,
    /// What the page showed; empty where the store did not count.
    seen: String,
    how: How,
    quantity: String,
    #[serde(default)]
    reason: String,
}

/// How the quantity is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    To,
    Add,
    Take,
}

impl How {
    const fn as_str(self) -> &'static str {
        match self {
            Self::To => "to",
            Self::Add => "add",
            Self::Take => "take",
        }
    }

    /// The count that shall be there, where `held` is there. Nothing can be added to what is not counted.
    fn apply(self, quantity: Decimal, held: Option<Decimal>) -> Result<Decimal, EditFault> {
        let adjustment = match self {
            Self::To => Adjustment::To(quantity),
            Self::Add => Adjustment::Add(quantity),
            Self::Take => Adjustment::Take(quantity),
        };
        match (self, held) {
            (Self::Add | Self::Take, None) => Err(EditFault::BadExpectation),
            (_, held) => adjustment.apply(held.unwrap_or_default()),
        }
    }
}

/// Handles the request. What was seen is a precondition: what is added is never added to another number.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    form: web::Form<AdjustSent>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::Edit).await?;
    let back = url::stock(*id);
    let seen: Option<Decimal> = match form.seen.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| WebError::BadRequest("seen is no count".to_owned()))?),
    };
    let Some(quantity) = amount::read(&form.quantity) else { return Ok(refuse(&back, "amount")) };
    let quantity = match form.how.apply(quantity, seen) {
        Ok(quantity) => quantity,
        Err(fault) => return Ok(refuse(&back, fault.as_str())),
    };
    let reason = form.reason.trim();
    let edit = Edit::Stock { quantity };
    let wish = Proposal {
        tenant: row.product.tenant_id,
        store: row.product.store_id,
        entity: id.uuid(),
        edit: edit.clone(),
        by: session.user_id,
        // Texts are always JSON.
        expected: Some(serde_json::to_value(Fields::of(FIELD, FieldValue::number(seen))).unwrap_or_default()),
        note: (!reason.is_empty()).then(|| reason.to_owned()),
    };
    match state.engine.propose_all(form.deed, vec![wish]).await {
        Ok(done) => Ok(respond::see(&url::saying(&back, taken(&done, &edit)))),
        Err(ProposeError::Rejected(rejected)) => Ok(refuse(&back, rejected.fault.as_str())),
        Err(ProposeError::NotFound) => Ok(refuse(&back, "gone")),
        Err(ProposeError::Faster(faster)) => {
            let page = was_slower(&session, &request, &state, &row, &form, &faster);
            respond::page_with(StatusCode::CONFLICT, &page)
        }
        Err(ProposeError::Db(error)) => Err(error.into()),
    }
}

/// The page that says who was faster, with the same wish counted from the number of now.
fn was_slower(
    session: &Session,
    request: &HttpRequest,
    state: &AppState,
    row: &StockRow,
    form: &AdjustSent,
    faster: &Faster,
) -> FasterPage {
    let t = words(session);
    let back = url::stock(row.product.id);
    let now = faster.fields.iter().find(|one| one.field == FIELD).and_then(|one| match &one.now {
        FieldValue::Text(text) => text.parse().ok(),
        FieldValue::Number(_) | FieldValue::List(_) | FieldValue::Nothing => None,
    });
    let again =
        amount::read(&form.quantity).and_then(|quantity| form.how.apply(quantity, now).ok()).map(|count| Again {
            action: format!("{back}/adjust"),
            fields: vec![
                ("deed", Uuid::now_v7().to_string()),
                ("seen", now.map(|now| now.normalize().to_string()).unwrap_or_default()),
                ("how", form.how.as_str().to_owned()),
                ("quantity", form.quantity.clone()),
                ("reason", form.reason.clone()),
            ],
            label: t.with("stock-again", "value", &count.normalize().to_string()),
        });
    let line = |one: &Overtaken| FasterLine::new(&one.field, &one.seen, &one.now, &one.wanted, &t);
    FasterPage {
        frame: Frame::new(request, session, url::INVENTORY, state.clock.now(), &t),
        by: faster.by.clone(),
        at: faster.at.map(When::moment),
        lines: faster.fields.iter().map(line).collect(),
        again: again.into_iter().collect(),
        back,
        t,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_or_taken_is_counted_from_what_was_seen() {
        let apply = |how: How, held: Option<i64>| how.apply(3.into(), held.map(Decimal::from)).ok();
        assert_eq!(apply(How::To, Some(9)), Some(3.into()));
        assert_eq!(apply(How::To, None), Some(3.into()));
        assert_eq!(apply(How::Add, Some(9)), Some(12.into()));
        assert_eq!(apply(How::Take, Some(9)), Some(6.into()));
        assert_eq!(apply(How::Take, Some(2)), None, "there are not so many");
        assert_eq!(apply(How::Add, None), None, "nothing is counted");
    }
}
