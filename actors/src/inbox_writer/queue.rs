//! What waits for a commit, by store: each store has its turn, so that a flood from one delays the others by one commit at most.

use std::collections::{HashMap, VecDeque};

use storewire_domain::StoreId;

use super::SaveDelivery;

/// Deliveries of one store in a commit while others wait too, and under way at once.
const QUANTUM: usize = 16;

/// See the module.
#[derive(Default)]
pub(super) struct Queue {
    /// Never empty for a store that is in `turns`.
    waiting: HashMap<StoreId, VecDeque<SaveDelivery>>,
    /// Whose turn is next; each store once.
    turns: VecDeque<StoreId>,
    /// Deliveries of stores that were taken and are not done.
    under_way: HashMap<StoreId, usize>,
    bytes: usize,
}

/// How much a commit holds.
#[derive(Clone, Copy)]
pub(super) struct Room {
    pub(super) rows: usize,
    /// A single larger delivery is taken all the same.
    pub(super) bytes: usize,
}

impl Queue {
    pub(super) fn push(&mut self, save: SaveDelivery) {
        let store = save.delivery.store_id;
        self.bytes += save.delivery.body.len();
        let of_store = self.waiting.entry(store).or_default();
        if of_store.is_empty() {
            self.turns.push_back(store);
        }
        of_store.push_back(save);
    }

    /// Bodies that wait.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// What goes into the next commit: a few of each store in turn, in the order in which they came. Empty if nothing may go now.
    pub(super) fn take(&mut self, room: Room) -> Vec<SaveDelivery> {
        let mut batch = Vec::new();
        let mut left = room;
        for _ in 0..self.turns.len() {
            let Some(store) = self.turns.pop_front() else { break };
            let under_way = self.under_way.get(&store).copied().unwrap_or(0);
            // Alone it may have all the room there is.
            let share = if self.turns.is_empty() { left.rows } else { QUANTUM.saturating_sub(under_way) };
            let taken = self.take_of(store, share, &mut left, &mut batch);
            if taken > 0 {
                *self.under_way.entry(store).or_default() += taken;
            }
            if self.waiting.get(&store).is_some_and(|rest| !rest.is_empty()) {
                self.turns.push_back(store);
            } else {
                self.waiting.remove(&store);
            }
        }
        batch
    }

    fn take_of(&mut self, store: StoreId, share: usize, left: &mut Room, batch: &mut Vec<SaveDelivery>) -> usize {
        let Some(of_store) = self.waiting.get_mut(&store) else { return 0 };
        let mut taken = 0;
        while taken < share && left.rows > 0 {
            let Some(size) = of_store.front().map(|save| save.delivery.body.len()) else { break };
            if size > left.bytes && !batch.is_empty() {
                left.rows = 0;
                break;
            }
            batch.extend(of_store.pop_front());
            left.bytes = left.bytes.saturating_sub(size);
            left.rows -= 1;
            self.bytes -= size;
            taken += 1;
        }
        taken
    }

    /// Says that these were written, or failed to be.
    pub(super) fn done(&mut self, stores: &[StoreId]) {
        for store in stores {
            if let Some(under_way) = self.under_way.get_mut(store) {
                *under_way -= 1;
                if *under_way == 0 {
                    self.under_way.remove(store);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use storewire_db::inbox::NewDelivery;
    use storewire_domain::{DeliveryId, TenantId};
    use tokio::sync::oneshot;

    use super::*;

    const ROOM: Room = Room { rows: 64, bytes: 1 << 20 };

    fn save(store: StoreId, body: usize) -> SaveDelivery {
        let delivery = NewDelivery {
            id: DeliveryId::fresh(),
            tenant_id: TenantId::fresh(),
            store_id: store,
            received_at: jiff::Timestamp::UNIX_EPOCH,
            topic: "order.updated".to_owned(),
            webhook_id: "1".to_owned(),
            delivery_id: String::new(),
            source: String::new(),
            body: vec![0; body],
            body_sha256: [0; 32],
        };
        SaveDelivery { delivery, reply: oneshot::channel().0 }
    }

    fn stores(batch: &[SaveDelivery]) -> Vec<StoreId> {
        batch.iter().map(|save| save.delivery.store_id).collect()
    }

    fn count(batch: &[SaveDelivery], store: StoreId) -> usize {
        stores(batch).into_iter().filter(|of| *of == store).count()
    }

    #[test]
    fn a_flood_takes_its_share_of_a_commit_and_a_latecomer_is_in_the_next_one() {
        let (flood, quiet) = (StoreId::fresh(), StoreId::fresh());
        let mut queue = Queue::default();
        (0..500).for_each(|_| queue.push(save(flood, 10)));
        queue.push(save(quiet, 10));
        let batch = queue.take(ROOM);
        assert_eq!((count(&batch, flood), count(&batch, quiet)), (QUANTUM, 1));
        // What is under way counts: a second commit beside the first one is not the flood's.
        queue.push(save(quiet, 10));
        let beside = queue.take(ROOM);
        assert_eq!((count(&beside, flood), count(&beside, quiet)), (0, 1));
        queue.done(&stores(&batch));
        queue.push(save(quiet, 10));
        assert_eq!(count(&queue.take(ROOM), flood), QUANTUM);
    }

    #[test]
    fn a_store_that_waits_alone_has_all_the_room() {
        let store = StoreId::fresh();
        let mut queue = Queue::default();
        (0..100).for_each(|_| queue.push(save(store, 10)));
        assert_eq!(queue.take(ROOM).len(), 64);
        assert_eq!(queue.take(ROOM).len(), 36);
        assert_eq!((queue.take(ROOM).len(), queue.bytes()), (0, 0));
    }

    #[test]
    fn all_that_came_goes_in_the_order_in_which_it_came_and_nothing_twice() {
        let known: Vec<StoreId> = (0..7).map(|_| StoreId::fresh()).collect();
        let mut queue = Queue::default();
        let mut came: HashMap<StoreId, Vec<DeliveryId>> = HashMap::new();
        for turn in 0..900_usize {
            let one = save(known[turn * turn % 7], 1 + turn % 50);
            came.entry(one.delivery.store_id).or_default().push(one.delivery.id);
            queue.push(one);
        }
        let mut went: HashMap<StoreId, Vec<DeliveryId>> = HashMap::new();
        loop {
            let batch = queue.take(Room { rows: 64, bytes: 300 });
            if batch.is_empty() {
                break;
            }
            assert!(batch.iter().map(|save| save.delivery.body.len()).sum::<usize>() <= 300);
            queue.done(&stores(&batch));
            for save in batch {
                went.entry(save.delivery.store_id).or_default().push(save.delivery.id);
            }
        }
        assert_eq!((went, queue.bytes()), (came, 0));
    }

    #[test]
    fn what_is_larger_than_a_commit_goes_alone() {
        let store = StoreId::fresh();
        let mut queue = Queue::default();
        queue.push(save(store, 50));
        queue.push(save(store, 5_000));
        queue.push(save(store, 50));
        let room = Room { rows: 64, bytes: 1_000 };
        let sizes = |batch: Vec<SaveDelivery>| batch.iter().map(|save| save.delivery.body.len()).collect::<Vec<_>>();
        assert_eq!(sizes(queue.take(room)), [50]);
        assert_eq!(sizes(queue.take(room)), [5_000]);
        assert_eq!(sizes(queue.take(room)), [50]);
    }
}
