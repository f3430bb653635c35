//! `GET /returns`: returns, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    returns::{self, ReturnFilter},
    stores,
};
use storewire_domain::ReturnId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{ListQuery, PAGE, has_more},
        respond, url,
        view::{self, Filter, ReturnCard, ReturnsPage},
    },
    state::AppState,
};

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Returns, Action::View)?;
    let narrowing = query.narrowing()?;
    let wanted = narrowing.choice.as_deref().map(str::parse).transpose().map_err(|_| WebError::NotFound)?;
    let filter = ReturnFilter {
        store: narrowing.store,
        state: wanted,
        before: query.before().map(ReturnId),
        limit: PAGE + 1,
        ..ReturnFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = returns::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let has_more = has_more(&mut found);
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let choice = narrowing.choice.as_deref().unwrap_or_default();
    let last = found.last().map(|row| row.id.to_string()).unwrap_or_default();
    let further = [("state", choice), ("store", store.as_str()), ("after", &last)];
    let live = url::live("returns", cursor.as_str(), &[("state", choice), ("store", store.as_str())]);
    respond::page(&ReturnsPage {
        frame: Frame::new(&request, &session, url::RETURNS, state.clock.now(), &t).under(alerts).following(live),
        filter: Filter::new(view::filter::returns(&t), &narrowing, &stores),
        takes_new: !narrowing.is_further,
        rows: found.iter().map(|row| ReturnCard::new(row, &t)).collect(),
        older: has_more.then(|| url::with(url::RETURNS, &further)),
        t,
    })
}
