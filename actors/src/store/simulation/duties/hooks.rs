//! Keeps our webhooks registered.

use storewire_db::stores::KnownWebhook;
use storewire_domain::RemoteId;
use uuid::Uuid;

use super::super::{
    super::{
        duty::{Duty, Next},
        hooks::faults::{Wanted, diagnose},
        pace::Urgency,
    },
    shop::DELIVERY_URL,
    world::{Halt, World},
};

/// The secret that webhooks sign with.
const SECRET: Uuid = Uuid::from_u128(5);

impl World {
    pub(in super::super) fn known_hook(&self, topic: &str, remote_id: RemoteId) -> KnownWebhook {
        KnownWebhook { topic: topic.to_owned(), remote_id, secret_id: Some(SECRET), registered_at: self.our_time() }
    }

    pub(in super::super) fn look_at_hooks(&mut self) -> Result<Next, Halt> {
        let found = self.ask(Urgency::Background, |world| world.shop.hooks.clone())?;
        let wanted = Wanted { token: "token", url: DELIVERY_URL, secret: SECRET };
        let diagnosis = diagnose(&found, &self.rows.hooks, &Default::default(), &wanted);
        for topic in &diagnosis.create {
            let made = self.ask(Urgency::Background, |world| world.shop.make_hook(topic))?;
            let known = self.known_hook(topic, made.id);
            self.commit(|rows, _| {
                rows.hooks.retain(|hook| hook.topic != *topic);
                rows.hooks.push(known);
            })?;
        }
        for id in &diagnosis.delete {
            self.ask(Urgency::Background, |world| world.shop.hooks.retain(|hook| hook.id != *id))?;
        }
        if !diagnosis.create.is_empty() {
            self.wake(Duty::Pull);
        }
        let interval = self.config.hooks_interval;
        Ok(Next::In(self.jittered(interval)))
    }
}
