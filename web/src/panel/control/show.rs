//! `GET /control`: one tile per store actor, the totals of all, and a filter for those that need a look.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::{budgets, stores};
use storewire_guard::access::{Action, Area, allowed};

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        respond, stores as pages, url,
        view::{ControlPage, Show, Tile, Totals},
    },
    state::AppState,
};

/// Which tiles are shown.
#[derive(Debug, Deserialize)]
pub struct ControlQuery {
    show: Option<String>,
}

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<ControlQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let show = Show::named(query.show.as_deref().unwrap_or_default()).ok_or(WebError::NotFound)?;
    let tx = state.db.read(&session.scope()).await?;
    let stores = stores::list(&tx).await?;
    let budgets = budgets::all(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    let cursor = tx.cursor().await?;
    tx.commit().await?;

    let t = words(&session);
    let now = state.clock.now();
    let shown = stores.iter().filter(|store| show.takes(store, now));
    respond::page(&ControlPage {
        frame: Frame::new(&request, &session, url::CONTROL, now, &t).under(alerts).following(url::live(
            "control",
            cursor.as_str(),
            &[],
        )),
        home: show.href(),
        chips: Show::chips(show, &stores, now, &t),
        totals: Totals::of(&stores, now),
        tiles: shown.map(|store| Tile::new(store, budgets.get(&store.id), now, &t)).collect(),
        is_narrowed: show != Show::All,
        can_connect: allowed(&session, Area::Stores, Action::Connect),
        t,
    })
}
