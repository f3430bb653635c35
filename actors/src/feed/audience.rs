//! Who listens, by view: what is rendered is the same for everybody of one view, and what may be seen for everybody of one scope.
//!
//! Nothing is rendered, encoded or put together for one listener alone, unless it lacks something that the others have.

use std::{collections::HashMap, sync::Arc};

use storewire_db::{ChangeRow, changes::Cursor};
use storewire_domain::{ReadScope, RoleClass, SessionId, StoreId, TenantId};
use uuid::Uuid;

use super::{
    FeedEvent, Frame, Outlet, Page, Rendered, Renderer, Texts, View, Whisper, frame, log::Read, outlet::Round,
};

/// Texts of one cycle that travel as one.
const TOGETHER: usize = 64;

pub(super) struct Listener {
    pub(super) session: SessionId,
    pub(super) scope: ReadScope,
    pub(super) outlet: Outlet,
    /// From where it must be caught up before it goes on; `None` while live.
    pub(super) behind: Option<Option<Cursor>>,
    /// The horizon up to which it was sent everything.
    pub(super) sent: Option<Cursor>,
    /// What its login stood for when first looked at; rebuilt by looking again.
    pub(super) standing: Option<Arc<str>>,
}

/// See the module.
#[derive(Default)]
pub(super) struct Audience {
    views: HashMap<Arc<View>, HashMap<Uuid, Listener>>,
    /// The view of each listener.
    places: HashMap<Uuid, Arc<View>>,
}

impl Audience {
    pub(super) fn insert(&mut self, id: Uuid, view: View, listener: Listener) {
        let view = self.views.get_key_value(&view).map_or_else(|| Arc::new(view), |(known, _)| Arc::clone(known));
        self.places.insert(id, Arc::clone(&view));
        self.views.entry(view).or_default().insert(id, listener);
    }

    pub(super) fn remove(&mut self, id: Uuid) {
        let Some(view) = self.places.remove(&id) else { return };
        let Some(listeners) = self.views.get_mut(&view) else { return };
        listeners.remove(&id);
        if listeners.is_empty() {
            self.views.remove(&view);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The views of all who listen.
    pub(super) fn views(&self) -> Vec<Arc<View>> {
        self.views.keys().cloned().collect()
    }

    /// Whether anybody is shown the row behind one of these changes.
    pub(super) fn shows_row_of_any(&self, changes: &[ChangeRow]) -> bool {
        let mut views = self.views.keys().filter(|view| view.shows_rows());
        views.any(|view| changes.iter().any(|change| view.shows_row_of(change)))
    }

    pub(super) fn get(&self, id: Uuid) -> Option<(&Arc<View>, &Listener)> {
        let view = self.places.get(&id)?;
        Some((view, self.views.get(view)?.get(&id)?))
    }

    fn get_mut(&mut self, id: Uuid) -> Option<(&View, &mut Listener)> {
        let view = self.places.get(&id)?;
        Some((view, self.views.get_mut(view)?.get_mut(&id)?))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Uuid, &Listener)> {
        self.views.values().flatten().map(|(id, listener)| (*id, listener))
    }

    /// Lets go of everybody that `keeps` does not want kept.
    pub(super) fn retain(&mut self, mut keeps: impl FnMut(Uuid, &mut Listener) -> bool) {
        let places = &mut self.places;
        self.views.retain(|_, listeners| {
            listeners.retain(|id, listener| {
                let stays = keeps(*id, listener);
                if !stays {
                    places.remove(id);
                }
                stays
            });
            !listeners.is_empty()
        });
    }

    /// Has everybody caught up from the log.
    pub(super) fn set_all_behind(&mut self) {
        for listener in self.views.values_mut().flat_map(HashMap::values_mut) {
            listener.behind.get_or_insert_with(|| listener.sent.clone());
        }
    }

    /// Sends everybody who is live what of these events concerns them, and answers who fell behind: too much waits for them, and the log
    /// has what they lack.
    pub(super) fn broadcast(&mut self, events: &[FeedEvent], cursor: &Cursor, renderer: &dyn Renderer) -> Vec<Uuid> {
        let mut late = Vec::new();
        for (view, listeners) in &mut self.views {
            let mut telling = Telling::new(view, events);
            if telling.is_empty() {
                continue;
            }
            for (id, listener) in listeners.iter_mut().filter(|(_, listener)| listener.behind.is_none()) {
                let round = telling.for_scope(&listener.scope, cursor, renderer);
                if round.is_empty() {
                    continue;
                }
                if round.include(*id, &listener.outlet) {
                    listener.sent = Some(cursor.clone());
                } else {
                    listener.behind = Some(listener.sent.clone());
                    late.push(*id);
                }
            }
            telling.tell();
        }
        late
    }

    /// Tells the pages of a record that who is there has changed. Who cannot take it now asks soon by itself.
    pub(super) fn whisper(&self, whisper: Whisper) {
        let frame = Frame::Texts(Texts::new(vec![frame::whisper()]));
        let may_hear = |view: &View| view.class == RoleClass::Staff || whisper.for_merchants;
        let pages = self.views.iter().filter(|(view, _)| view.page.record() == Some(whisper.about) && may_hear(view));
        for (id, listener) in pages.flat_map(|(_, listeners)| listeners) {
            if is_within(&listener.scope, whisper.tenant, whisper.store) {
                listener.outlet.send(*id, frame.clone());
            }
        }
    }

    /// Tells newcomers, who read their lists after this, that they have everything; answers who could not be told.
    pub(super) fn welcome(&mut self, ids: &[Uuid], cursor: &Cursor) -> Vec<Uuid> {
        let hello = Frame::Texts(Texts::new(vec![frame::hello(cursor.as_str())]));
        ids.iter().copied().filter(|id| !self.go_live(*id, hello.clone(), cursor)).collect()
    }

    /// Sends a listener what it lacks; false if too much still waits for it.
    pub(super) fn catch_up(&mut self, id: Uuid, read: &Read, renderer: &dyn Renderer) -> bool {
        let Some((view, listener)) = self.get_mut(id) else { return true };
        let texts = match &read.events {
            // It starts anew from now, after a reload.
            None => vec![frame::reload()],
            Some(events) => {
                let from = listener.behind.clone().flatten().unwrap_or_else(|| read.cursor.clone());
                newest_per_record(&view.page, events)
                    .filter(|event| view.concerns(event))
                    .filter_map(|event| render(renderer, view, event, &from))
                    .chain(std::iter::once(frame::hello(read.cursor.as_str())))
                    .collect()
            }
        };
        self.go_live(id, Frame::Texts(Texts::new(texts)), &read.cursor)
    }

    fn go_live(&mut self, id: Uuid, frame: Frame, cursor: &Cursor) -> bool {
        let Some((_, listener)) = self.get_mut(id) else { return true };
        if !listener.outlet.send(id, frame) {
            return false;
        }
        (listener.behind, listener.sent) = (None, Some(cursor.clone()));
        true
    }
}

/// An event, and its text once that was asked for: none if the view does not show it.
type Rendering<'a> = (&'a FeedEvent, Option<Option<Arc<str>>>);

/// One cycle's events for one view: each rendered at most once, and put together at most once per scope.
struct Telling<'a> {
    view: &'a View,
    events: Vec<Rendering<'a>>,
    scopes: HashMap<ReadScope, Round>,
}

impl<'a> Telling<'a> {
    fn new(view: &'a View, events: &'a [FeedEvent]) -> Self {
        let events = events.iter().filter(|event| view.concerns(event)).map(|event| (event, None)).collect();
        Self { view, events, scopes: HashMap::new() }
    }

    const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The round of those who may see as much as `scope`.
    fn for_scope(&mut self, scope: &ReadScope, cursor: &Cursor, renderer: &dyn Renderer) -> &mut Round {
        let (view, events) = (self.view, &mut self.events);
        self.scopes.entry(scope.clone()).or_insert_with(|| put_together(view, events, scope, cursor, renderer))
    }

    fn tell(self) {
        self.scopes.into_values().for_each(Round::tell);
    }
}

/// What of these events `scope` may see, as it is sent.
fn put_together(
    view: &View,
    events: &mut [Rendering<'_>],
    scope: &ReadScope,
    cursor: &Cursor,
    renderer: &dyn Renderer,
) -> Round {
    let visible = events.iter_mut().filter(|(event, _)| may_see(scope, event));
    let texts: Vec<Arc<str>> = visible
        .filter_map(|(event, text)| text.get_or_insert_with(|| render(renderer, view, event, cursor)).clone())
        .collect();
    Round::new(texts.chunks(TOGETHER).map(|texts| Frame::Texts(Texts::new(texts.to_vec()))).collect())
}

/// A program is sent every change; a page needs only the last of each record, since a fragment shows the row as it is.
fn newest_per_record<'a>(page: &Page, events: &'a [FeedEvent]) -> impl Iterator<Item = &'a FeedEvent> {
    let keeps_all =
        matches!(page, Page::Api | Page::Order(_) | Page::Product(_) | Page::Customer(_) | Page::Request(_));
    let mut last: HashMap<Uuid, i64> = HashMap::new();
    for event in events {
        last.insert(event.change.entity_id, event.change.seq);
    }
    events.iter().filter(move |event| keeps_all || last.get(&event.change.entity_id) == Some(&event.change.seq))
}

fn render(renderer: &dyn Renderer, view: &View, event: &FeedEvent, cursor: &Cursor) -> Option<Arc<str>> {
    if view.page == Page::Api {
        return Some(frame::of_change(&event.change, cursor.as_str(), None));
    }
    let rendered: Rendered = renderer.render(view, event)?;
    Some(frame::of_change(&event.change, cursor.as_str(), Some(&rendered)))
}

fn may_see(scope: &ReadScope, event: &FeedEvent) -> bool {
    let is_merchants = matches!(scope, ReadScope::Tenant(_));
    !(is_merchants && event.change.kind.is_of_desk()) && is_within(scope, event.change.tenant_id, event.change.store_id)
}

/// Whether a store's records are in this reader's sight.
fn is_within(scope: &ReadScope, of: TenantId, store: StoreId) -> bool {
    match scope {
        ReadScope::Tenant(tenant) => *tenant == of,
        ReadScope::Everything => true,
        ReadScope::Platform { .. } if of.is_rehearsal() => false,
        ReadScope::Platform { stores } => stores.as_ref().is_none_or(|stores| stores.contains(&store)),
    }
}

#[cfg(test)]
mod tests;
