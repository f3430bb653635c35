//! Pages of a walk that are asked for while those before them are on their way or being stored.
//!
//! Pages that are asked for side by side may be read by the store in any order, and a row that leaves the window meanwhile could slip from
//! one that is read late to one that was read early. So each is asked for knowing the window's total, and one is used only while every
//! answer since then has told the same: then nothing has left. Otherwise all are forgotten, and the walk asks again from where it stands.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    time::{Duration, Instant},
};

use futures_util::future::{BoxFuture, FutureExt as _, MaybeDone, maybe_done};
use storewire_woo::WooError;

use super::super::{
    context::StoreContext,
    listing::{self, Ask, Read},
    record::Record,
};

/// For so long a walk goes on before it lets others have their turn.
const STRETCH: Duration = Duration::from_secs(1);
/// The next request may be waited for so long; while the pace has it wait for longer, others may be due.
const AT_ONCE: Duration = Duration::from_millis(20);

type Reading<'c> = MaybeDone<BoxFuture<'c, Result<Read<Record>, WooError>>>;

/// See the module.
pub(super) struct Ahead<'c> {
    context: &'c StoreContext,
    began: Instant,
    /// In the order in which they are to be used.
    pages: VecDeque<(Ask, Reading<'c>)>,
    /// Rows of the window, as known when the first of them was asked for.
    total: Option<i64>,
    /// From one page that was used to the next, lately.
    spent: Duration,
}

impl<'c> Ahead<'c> {
    pub(super) fn new(context: &'c StoreContext) -> Self {
        Self { context, began: Instant::now(), pages: VecDeque::new(), total: None, spent: Duration::MAX }
    }

    /// Whether the walk may go on in this step: nobody waits for its end, or what is on its way already is still to be used.
    pub(super) fn goes_on(&self) -> bool {
        !self.pages.is_empty() || self.may_ask()
    }

    fn may_ask(&self) -> bool {
        let (pace, now) = (&self.context.pace, Instant::now());
        now < self.began + STRETCH && !pace.is_person_waiting() && pace.ready_at() < now + AT_ONCE
    }

    /// The page that was asked for, which is the next; and asks for some of those in front of it, down to the first, if the window's total
    /// is known.
    pub(super) async fn read(&mut self, ask: Ask, total: Option<i64>) -> Result<Read<Record>, WooError> {
        if self.total != total || self.pages.front().is_some_and(|(next, _)| *next != ask) {
            self.pages.clear();
        }
        if self.pages.is_empty() {
            self.ask(ask);
        }
        self.total = total;
        self.ask_on(ask);
        let Some((_, mut page)) = self.pages.pop_front() else { return listing::records(self.context, ask).await };
        self.beside(Pin::new(&mut page)).await;
        // It was just waited for.
        let Some(read) = Pin::new(&mut page).take_output() else { return listing::records(self.context, ask).await };
        if read.as_ref().map_or(true, |read| read.total != total) {
            self.pages.clear();
        } else {
            self.ask_on(ask);
        }
        read
    }

    /// Stores a page while others are on their way.
    pub(super) async fn store<T>(&mut self, storing: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let stored = self.beside(pin!(storing)).await;
        self.spent = begun.elapsed();
        stored
    }

    fn ask_on(&mut self, from: Ask) {
        if self.total.is_none() {
            return;
        }
        let most = self.context.pace.pages_at_once(self.spent);
        while self.pages.len() < most && self.may_ask() {
            let last = self.pages.back().map_or(from.page, |(ask, _)| ask.page);
            let Some(page) = last.checked_sub(1).filter(|page| *page > 0) else { return };
            self.ask(Ask { page, ..from });
        }
    }

    fn ask(&mut self, ask: Ask) {
        self.pages.push_back((ask, maybe_done(listing::records(self.context, ask).boxed())));
    }

    /// Waits for something while the pages come in.
    async fn beside<T>(&mut self, mut awaited: Pin<&mut impl Future<Output = T>>) -> T {
        poll_fn(|cx| {
            let answer = awaited.as_mut().poll(cx);
            if answer.is_pending() {
                for (_, page) in &mut self.pages {
                    let _ = Pin::new(page).poll(cx);
                }
            }
            answer
        })
        .await
    }
}
