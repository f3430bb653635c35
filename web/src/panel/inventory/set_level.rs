//! `POST /inventory/{id}/level`: sets the count at or below which people are warned, or takes it away.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use serde::Deserialize;
use serde_json::Value;
use storewire_actors::{DeskError, desk::AtProduct};
use storewire_domain::ProductId;
use storewire_guard::access::Action;
use uuid::Uuid;

use super::addressed;
use crate::{
    error::WebError,
    extract::Session,
    panel::{
        amount,
        frame::{Frame, words},
        propose::refuse,
        respond, url,
        view::{Again, FasterLine, FasterPage},
    },
    state::AppState,
};

/// The form. An empty level is none.
#[derive(Debug, Deserialize)]
pub struct LevelSent {
    deed: Uuid,
    /// What the page showed.
    seen: String,
    /// Empty if there never was a level.
    version: String,
    level: String,
}

/// Handles the request.
pub async fn submit(
    session: Session,
    request: HttpRequest,
    id: web::Path<ProductId>,
    form: web::Form<LevelSent>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    let row = addressed(&session, &state, *id, Action::SetThreshold).await?;
    let back = url::stock(*id);
    let Ok(level) = amount::read_optional(&form.level) else { return Ok(refuse(&back, "amount")) };
    let version = match form.version.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| WebError::BadRequest("version is no number".to_owned()))?),
    };
    let of = AtProduct { tenant: row.product.tenant_id, product: *id };
    match state.engine.desk().set_level(form.deed, session.hand(), of, level, version).await {
        Ok(set) if set.level == level => Ok(respond::see(&url::saying(&back, "level"))),
        // A page that the browser had kept was filled in once more: its deed set another one.
        Ok(_) => Ok(refuse(&back, "sent_before")),
        Err(DeskError::Refused(refusal)) if refusal.code == "changed" => {
            let t = words(&session);
            let told = |text: &str| if text.is_empty() { t.get("stock-no-level") } else { text.to_owned() };
            let now = refusal.detail.get("level").and_then(Value::as_str).unwrap_or_default();
            let version = refusal.detail.get("version").map(Value::to_string).unwrap_or_default();
            let fields = vec![
                ("deed", Uuid::now_v7().to_string()),
                ("seen", now.to_owned()),
                ("version", version),
                ("level", form.level.clone()),
            ];
            let page = FasterPage {
                frame: Frame::new(&request, &session, url::INVENTORY, state.clock.now(), &t),
                by: None,
                at: None,
                lines: vec![FasterLine {
                    field: t.get("stock-level"),
                    seen: told(&form.seen),
                    now: told(now),
                    wanted: told(&form.level),
                }],
                again: vec![Again { action: format!("{back}/level"), fields, label: t.get("stock-set-level") }],
                back,
                t,
            };
            respond::page_with(StatusCode::PRECONDITION_FAILED, &page)
        }
        Err(DeskError::Refused(refusal)) => Ok(refuse(&back, refusal.code)),
        Err(DeskError::Rejected(rejected)) => Ok(refuse(&back, rejected.fault.as_str())),
        Err(DeskError::NotFound) => Ok(refuse(&back, "gone")),
        Err(error) => Err(error.into()),
    }
}
