//! The one way in which duties speak to their store: each request waits for its turn, is measured, and teaches the pace.

use std::{sync::atomic::Ordering, time::Instant};

use storewire_woo::WooError;

use super::{
    super::pace::{Turn, Urgency},
    StoreContext,
};

impl StoreContext {
    /// Sends a request in its turn, and learns from how it went. Every request to the store passes here or by one of those below.
    pub(crate) async fn call<T>(&self, request: impl Future<Output = Result<T, WooError>>) -> Result<T, WooError> {
        self.ask(Urgency::Background, request).await
    }

    /// The same on behalf of a person who waits: it does not queue behind the background's requests.
    pub(crate) async fn call_now<T>(&self, request: impl Future<Output = Result<T, WooError>>) -> Result<T, WooError> {
        self.ask(Urgency::Person, request).await
    }

    /// The same for a page of a listing, from which the size of the next one is learned.
    pub(crate) async fn call_page<T>(&self, request: impl Future<Output = Result<T, WooError>>) -> Result<T, WooError> {
        let outcome = self.ask(Urgency::Background, request).await;
        self.pace.learn_page(outcome.as_ref().err());
        outcome
    }

    /// The same for what proves only that the store is there, not that it lets us do our duties.
    pub(crate) async fn call_uncounted<T>(
        &self,
        request: impl Future<Output = Result<T, WooError>>,
    ) -> Result<T, WooError> {
        let mut turn = self.turn(Urgency::Background).await?;
        self.send(&mut turn, request).await
    }

    /// The control request that tells a store's failure from a record's.
    pub(crate) async fn ping(&self) -> Result<(), WooError> {
        self.call_uncounted(self.client.ping_index()).await
    }

    /// A control request for WooCommerce itself, asked with our keys: an index may answer, out of a cache, where nothing behind it does.
    pub(crate) async fn ping_orders(&self) -> Result<(), WooError> {
        self.call_uncounted(self.client.ping_orders()).await
    }

    async fn ask<T>(
        &self,
        urgency: Urgency,
        request: impl Future<Output = Result<T, WooError>>,
    ) -> Result<T, WooError> {
        let mut turn = self.turn(urgency).await?;
        let outcome = self.send(&mut turn, request).await;
        if outcome.is_ok() {
            self.signs.answers.fetch_add(1, Ordering::AcqRel);
        }
        outcome
    }

    /// Waits for a turn; where it is to be a probe, that is made first.
    async fn turn(&self, urgency: Urgency) -> Result<Turn<'_>, WooError> {
        let mut turn = self.pace.turn(urgency).await?;
        if turn.is_probe {
            self.send(&mut turn, self.client.ping_index()).await?;
        }
        Ok(turn)
    }

    async fn send<T>(
        &self,
        turn: &mut Turn<'_>,
        request: impl Future<Output = Result<T, WooError>>,
    ) -> Result<T, WooError> {
        let sent_at = Instant::now();
        let mut request = std::pin::pin!(request);
        let outcome = match tokio::time::timeout(self.shared.config.slow_answer, &mut request).await {
            Ok(outcome) => outcome,
            Err(_) => {
                // It takes long: others may use its seat.
                turn.seat = None;
                request.await
            }
        };
        self.pace.learn(sent_at.elapsed(), outcome.as_ref().err());
        outcome
    }
}
