//! What happens in a world: the deeds of its plan, and what follows from them by itself.

use rand::Rng as _;
use storewire_db::intents::OpenIntent;
use storewire_domain::{Edit, IntentState, RemoteId, UserId, delivery::TOPICS, intent::Cause};
use uuid::Uuid;

use super::{
    super::{
        duty::Duty,
        record::{Noun, Record},
    },
    memory::Memory,
    plan::{Sky, What},
    rows::Intent,
    shop::{Alters, Dated, Kept, Place},
    time::{MINUTE, SECOND, Tick, span},
    world::{Event, World},
};

impl World {
    /// The store as it is before we come: with records, and with our webhooks.
    pub(super) fn populate(&mut self) {
        for index in 0..self.plan.world.records {
            let noun = if index % 3 == 0 { Noun::Product } else { Noun::Order };
            self.shop.create(noun, self.now);
        }
        for topic in TOPICS {
            let hook = self.shop.make_hook(topic);
            self.rows.hooks.push(self.known_hook(topic, hook.id));
        }
    }

    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Deed(index) => {
                let what = self.plan.deeds[index].what;
                self.tell(|| format!("{what:?}"));
                self.do_deed(what);
            }
            Event::Make { topic, hook, record } => self.make_delivery(topic, hook, record),
            Event::Arrive { topic, hook, body, record, changes } => {
                let is_taken = self.take_in(topic.clone(), body.clone());
                self.tell(|| format!("delivered, taken: {is_taken}: {topic} {body}"));
                if let Some(kept) = self.shop.records.get_mut(&record).filter(|_| is_taken) {
                    kept.told = kept.told.max(changes);
                }
                self.shop.delivered(&hook, is_taken);
            }
            Event::Nudge => {
                let now = self.instant();
                if let Some(memory) = &mut self.memory {
                    memory.agenda.nudge(Duty::Inbox, now);
                }
            }
            Event::SaveAgain { record, left } => {
                self.change(record, Alters::Nothing, Dated::Now, "updated");
                if left > 0 {
                    let at = self.now + self.rng.random_range(SECOND..4 * SECOND);
                    self.schedule(at, Event::SaveAgain { record, left: left - 1 });
                }
            }
            Event::ChangeAgain { record, left } => self.change_again(record, left),
            Event::Vanish { record } => {
                self.change(record, Alters::Place(Place::Gone), Dated::Unmoved, "deleted");
            }
            Event::WriteLate { record, quantity } => {
                self.tell(|| format!("a request is carried out late: stock of {record} is {quantity}"));
                self.write_stock(record, quantity);
            }
            Event::Rise => self.rise(),
        }
    }

    fn rise(&mut self) {
        let first_pull = self.rng.random_range(0..30 * SECOND);
        let (now, at) = (self.instant(), self.our_time());
        let mut memory = Memory::new(&self.config, now, span(first_pull));
        memory.mind.restore(self.rows.budget.as_ref(), at, now);
        if let Some(until) = memory.mind.rests_until(now) {
            memory.agenda.rest_store(until);
        }
        memory.is_imported = self.rows.checkpoints.iter().all(|one| one.backfilled_at.is_some());
        self.memory = Some(memory);
        self.tell(|| "we rise".to_owned());
    }

    fn do_deed(&mut self, what: What) {
        let listed = |kept: &Kept| kept.place == Place::Listed;
        match what {
            What::CreateOrder => self.create(Noun::Order),
            What::CreateProduct => self.create(Noun::Product),
            What::Update { pick } => self.change_one(pick, listed, Alters::Sums, Dated::Now, Some("updated")),
            What::Save { pick } => self.change_one(pick, listed, Alters::Nothing, Dated::Now, Some("updated")),
            What::UpdateLate { pick, by_s } => {
                let event = (by_s % 2 == 0).then_some("updated");
                self.change_one(pick, listed, Alters::Sums, Dated::Earlier(by_s), event);
            }
            What::Flurry { pick, changes } => {
                if let Some(record) = self.pick(pick, listed) {
                    self.schedule(self.now, Event::ChangeAgain { record, left: changes });
                }
            }
            What::CreateAndDelete => {
                let record = self.shop.create(Noun::Order, self.now);
                self.announce(record, "created");
                let at = self.now + self.rng.random_range(0..3 * SECOND);
                self.schedule(at, Event::Vanish { record });
            }
            What::Edit { pick, in_depth } => {
                let alters = if in_depth { Alters::Depths } else { Alters::Sums };
                self.change_one(pick, listed, alters, Dated::Unmoved, None);
            }
            What::Import { records } => {
                for index in 0..records {
                    self.shop.create(if index % 4 == 0 { Noun::Product } else { Noun::Order }, self.now);
                }
            }
            What::Sale { pick } => {
                let Some(id) = self.pick(pick, |kept| listed(kept) && kept.noun == Noun::Product) else { return };
                let stock = self.shop.records[&id].stock;
                self.change(id, Alters::Stock(stock - 1), Dated::Now, "updated");
            }
            What::Trash { pick } => {
                let dated = if pick % 4 == 0 { Dated::Unmoved } else { Dated::Now };
                self.change_one(pick, listed, Alters::Place(Place::Trash), dated, Some("deleted"));
            }
            What::Restore { pick } => {
                let trashed = |kept: &Kept| kept.place == Place::Trash;
                self.change_one(pick, trashed, Alters::Place(Place::Listed), Dated::Now, Some("restored"));
            }
            What::Delete { pick } => {
                let there = |kept: &Kept| kept.place != Place::Gone;
                self.change_one(pick, there, Alters::Place(Place::Gone), Dated::Unmoved, Some("deleted"));
            }
            What::Loop { pick, saves } => {
                if let Some(record) = self.pick(pick, listed) {
                    self.schedule(self.now, Event::SaveAgain { record, left: saves });
                }
            }
            What::SetClock { by_s } => self.shop.clock_ahead += by_s,
            What::BreakHook { pick, how } => self.shop.break_hook(pick, how),
            What::Poison => {
                let body = r#"{"id":7,"total":"seven"}"#.to_owned();
                self.poison += usize::from(self.take_in("order.updated".to_owned(), body));
            }
            What::Wish { pick } => self.wish(pick),
            What::Click => {
                let now = self.instant();
                if let Some(memory) = &mut self.memory {
                    memory.agenda.hurry(Duty::Pull, now);
                    memory.mind.fuse.hurry(now);
                    memory.is_pull_wanted = true;
                }
            }
            What::Sky { sky, for_s } => {
                self.skies.push((sky, self.now + for_s * SECOND));
            }
            What::Kill { steps } => self.arm_kill(steps),
            What::LoseCommit { commits, is_kept } => self.arm_lost_commit(commits, is_kept),
            What::DatabaseAway { for_s } => self.take_database(self.now + for_s * SECOND),
        }
    }

    fn change_again(&mut self, record: u64, left: u32) {
        if self.shop.records[&record].place != Place::Listed {
            return;
        }
        if left > 0 {
            self.change(record, Alters::Sums, Dated::Now, "updated");
            let at = self.now + self.rng.random_range(SECOND / 20..SECOND);
            self.schedule(at, Event::ChangeAgain { record, left: left - 1 });
        } else if self.rng.random_bool(0.4) {
            let place = if self.rng.random() { Place::Gone } else { Place::Trash };
            self.change(record, Alters::Place(place), Dated::Unmoved, "deleted");
        }
    }

    fn create(&mut self, noun: Noun) {
        let id = self.shop.create(noun, self.now);
        self.announce(id, "created");
    }

    fn pick(&self, pick: u32, is_fit: impl Fn(&Kept) -> bool) -> Option<u64> {
        let fit: Vec<u64> = self.shop.records.values().filter(|kept| is_fit(kept)).map(|kept| kept.id).collect();
        // Half of all deeds are done to few records: what meets there goes wrong.
        let num_hot = if pick.is_multiple_of(2) { fit.len().min(2) } else { fit.len() };
        fit.get((pick as usize / 2).checked_rem(num_hot)?).copied()
    }

    fn change_one(
        &mut self,
        pick: u32,
        is_fit: impl Fn(&Kept) -> bool,
        alters: Alters,
        dated: Dated,
        event: Option<&str>,
    ) {
        let Some(id) = self.pick(pick, is_fit) else { return };
        match event {
            Some(event) => self.change(id, alters, dated, event),
            None => self.shop.alter(id, alters, dated, self.now),
        }
    }

    fn change(&mut self, id: u64, alters: Alters, dated: Dated, event: &str) {
        self.shop.alter(id, alters, dated, self.now);
        self.announce(id, event);
    }

    /// A request, ours or a late one, sets a product's stock.
    pub(super) fn write_stock(&mut self, id: u64, quantity: i64) -> bool {
        let is_there = self.shop.write_stock(id, quantity, self.now);
        if is_there {
            self.announce(id, "updated");
        }
        is_there
    }

    /// The store queues a delivery for each webhook of the topic.
    fn announce(&mut self, id: u64, event: &str) {
        let topic = self.shop.records[&id].topic(event);
        for hook in self.shop.hooks_of(&topic) {
            let latest = if self.rng.random_bool(0.6) { SECOND / 2 } else { 20 * SECOND };
            let made_at = self.now + self.rng.random_range(0..latest);
            self.schedule(made_at, Event::Make { topic: topic.clone(), hook, record: id });
        }
    }

    fn make_delivery(&mut self, topic: String, hook: RemoteId, record: u64) {
        let kept = &self.shop.records[&record];
        let is_error = kept.place == Place::Gone && !topic.ends_with(".deleted");
        let body = if topic.ends_with(".deleted") {
            format!(r#"{{"id":{record}}}"#)
        } else if is_error {
            r#"{"code":"woocommerce_rest_shop_order_invalid_id","message":"","data":{"status":404}}"#.to_owned()
        } else {
            kept.body.clone()
        };
        let changes = if is_error { 0 } else { kept.num_changes };
        let (is_flaky, is_late) = (self.is_under(Sky::Flaky), self.is_under(Sky::LateMail));
        if self.is_under(Sky::Down) || (is_flaky || is_late) && self.rng.random_bool(0.4) {
            self.tell(|| format!("a delivery is lost: {topic} {body}"));
            return self.shop.delivered(&hook, false);
        }
        for _ in 0..if is_late { self.rng.random_range(1..4) } else { 1 } {
            let longest: Tick = if is_late { 5 * MINUTE } else { 2 * SECOND };
            let at = self.now + self.rng.random_range(SECOND / 100..longest);
            self.schedule(
                at,
                Event::Arrive { topic: topic.clone(), hook: hook.clone(), body: body.clone(), record, changes },
            );
        }
    }

    /// Whether this sky hangs over us now.
    pub(super) fn is_under(&mut self, sky: Sky) -> bool {
        let now = self.now;
        self.skies.retain(|(_, until)| *until > now);
        self.skies.iter().any(|(known, _)| *known == sky)
    }

    /// A person asks for another stock, having seen what we show. Every wish has a quantity of its own, far from what sales make of others.
    fn wish(&mut self, pick: u32) {
        let shown: Vec<u64> = self.shop.records.values().map(|kept| kept.id).collect();
        let is_shown = |id: &u64| {
            let row = self.rows.copy.get(&(Noun::Product, RemoteId::from(*id)));
            row.is_some_and(|row| !row.held.is_deleted && !row.held.is_trashed)
        };
        let fit: Vec<u64> = shown.into_iter().filter(is_shown).collect();
        let index = (pick as usize / 2).checked_rem(fit.len());
        let Some(id) = index.and_then(|index| fit.get(index)).copied() else { return };
        if self.is_database_away() {
            return;
        }
        self.num_wishes += 1;
        let edit = Edit::Stock { quantity: (1_000 * self.num_wishes).into() };
        let row = &self.rows.copy[&(Noun::Product, RemoteId::from(id))];
        let seen = match &row.record {
            Record::Product(item) => edit.in_product(&item.value),
            _ => return,
        };
        let open = OpenIntent {
            id: Uuid::from_u128(1_000 + self.num_wishes.unsigned_abs() as u128),
            entity_id: row.held.id,
            remote_id: RemoteId::from(id),
            parent_remote_id: None,
            edit,
            expected: pick.is_multiple_of(2).then(|| serde_json::to_value(&seen).unwrap()),
            cause: Cause::of(UserId(Uuid::nil())),
            state: IntentState::Waiting,
            attempts: 0,
            before: None,
            sent_at: None,
            due_at: self.our_time(),
        };
        self.rows.intents.push(Intent { open, reason: None, is_finished: false });
        let now = self.instant();
        if let Some(memory) = &mut self.memory {
            memory.agenda.hurry(Duty::Outbox, now);
        }
    }
}
