//! `GET /deliveries`: received webhooks, newest first.

use actix_web::{HttpRequest, HttpResponse, web};
use storewire_db::{
    deliveries::{self, DeliveryFilter},
    stores,
};
use storewire_domain::delivery::TOPICS;
use storewire_guard::access::Action;

use crate::{
    error::WebError,
    extract::Session,
    panel::{
        alerts,
        frame::{Frame, words},
        narrow::{self, ListQuery, PAGE},
        respond, stores as pages, url,
        view::{self, Choice, DeliveriesPage, DeliveryView, Filter},
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
    pages::require(&session, Action::View)?;
    let (narrowing, topic) = (query.narrowing()?, query.topic()?);
    let filter = DeliveryFilter {
        store: narrowing.store,
        state: narrowing.choice.clone(),
        topic: topic.clone(),
        before: query.before(),
        limit: PAGE + 1,
        ..DeliveryFilter::default()
    };
    let tx = state.db.read(&session.scope()).await?;
    let mut found = deliveries::list(&tx, &filter).await?;
    let stores = stores::glances(&tx).await?;
    let alerts = alerts::of(&tx, &session).await?;
    tx.commit().await?;

    let t = words(&session);
    let topic = topic.unwrap_or_default();
    let store = narrowing.store.map(|id| id.to_string()).unwrap_or_default();
    let narrowed = [("state", narrowing.choice.as_deref().unwrap_or_default()), ("store", &store), ("topic", &topic)];
    let listed = url::with(url::DELIVERIES, &narrowed);
    let last = narrow::last(&mut found, |row| row.id.to_string());
    let choice =
        |name: &&str| Choice { value: (*name).to_owned(), label: (*name).to_owned(), is_chosen: *name == topic };
    let older = last.map(|last| url::further(&listed, &last));
    respond::page(&DeliveriesPage {
        frame: Frame::new(&request, &session, url::DELIVERIES, state.clock.now(), &t).under(alerts),
        filter: Filter::new(view::filter::deliveries(&t), &narrowing, &stores),
        topics: TOPICS.iter().map(choice).collect(),
        topic,
        rows: found.iter().map(|row| DeliveryView::new(row, &t)).collect(),
        older,
        t,
    })
}
