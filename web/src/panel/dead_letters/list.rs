//! `GET /dead-letters`: heaps by store and cause, one of them opened by the address.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::{
    ReadTx,
    dead_letters::{self, DeadFilter},
    stores,
};
use storewire_domain::StoreId;
use storewire_guard::access::{Action, Area, allowed};
use uuid::Uuid;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{self, PAGE},
        respond, stores as pages, url,
        view::{CauseView, Choice, DeadLettersPage, LetterView},
        words::Words,
    },
    state::AppState,
};

/// Which heaps are shown, and which one is open.
#[derive(Debug, Deserialize)]
pub struct DeadQuery {
    store: Option<String>,
    cause: Option<String>,
    after: Option<String>,
}

impl DeadQuery {
    fn store(&self) -> Result<Option<StoreId>, WebError> {
        let given = self.store.as_deref().filter(|text| !text.is_empty());
        given.map(str::parse).transpose().map_err(|_| WebError::NotFound)
    }
}

/// Handles the request.
pub async fn show(
    session: Session,
    request: HttpRequest,
    query: web::Query<DeadQuery>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, WebError> {
    pages::require(&session, Action::View)?;
    let store = query.store()?;
    let t = words(&session);
    let tx = state.db.read(&session.scope()).await?;
    let mut heaps = CauseView::heaps(&dead_letters::causes(&tx, store).await?, &t);
    if let (Some(store), Some(cause)) = (store, query.cause.as_deref()) {
        let before = query.after.as_deref().and_then(|text| text.parse().ok());
        if let Some(heap) = heaps.iter_mut().find(|heap| heap.cause_raw == cause) {
            open(&tx, heap, store, before, &t).await?;
        }
    }
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;
    respond::page(&DeadLettersPage {
        frame: Frame::new(&request, &session, url::DEAD_LETTERS, state.clock.now(), &t).under(alerts),
        stores: stores.iter().map(|row| Choice::store(row, store)).collect(),
        is_narrowed: store.is_some(),
        heaps,
        can_retry: allowed(&session, Area::Stores, Action::Sync),
        t,
    })
}

/// Puts the letters of a heap below it.
async fn open(
    tx: &ReadTx,
    heap: &mut CauseView,
    store: StoreId,
    before: Option<Uuid>,
    t: &Words,
) -> Result<(), WebError> {
    let filter = DeadFilter { store: Some(store), cause: Some(heap.cause_raw.clone()), before, limit: PAGE + 1 };
    let mut letters = dead_letters::list(tx, &filter).await?;
    let last = narrow::last(&mut letters, |letter| letter.id.to_string());
    heap.older = last.map(|last| {
        url::with(url::DEAD_LETTERS, &[("store", &heap.store_id), ("cause", &heap.cause_raw), ("after", &last)])
    });
    heap.letters = letters.iter().map(|letter| LetterView::new(letter, t)).collect();
    heap.is_open = true;
    Ok(())
}
