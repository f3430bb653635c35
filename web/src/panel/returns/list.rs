//! `GET /returns`: returns, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::returns::{self, ReturnFilter};
use storewire_domain::ReturnId;
use storewire_guard::access::{Action, Area};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        cards::{self, Around, Beside, List},
        frame::words,
        narrow::{self, ListQuery, PAGE},
        respond, url,
        view::{self, ReturnCard, ReturnsPage},
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
    let wanted = cards::state(&narrowing)?;
    let filter = ReturnFilter {
        store: narrowing.store,
        state: wanted,
        before: query.before().map(ReturnId),
        limit: PAGE + 1,
        ..ReturnFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = returns::list(&tx, &filter).await?;
    let beside = Beside::read(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    let list = List { nav: url::RETURNS, bar: view::filter::returns(&t), live: "returns" };
    let of = (&request, &session, state.get_ref());
    let Around { frame, filter, older } = Around::new(of, list, (&narrowing, beside), last.as_deref(), &t);
    respond::page(&ReturnsPage {
        frame,
        filter,
        takes_new: !narrowing.is_further,
        rows: found.iter().map(|row| ReturnCard::new(row, &t)).collect(),
        older,
        t,
    })
}
