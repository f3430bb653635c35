//! Who is looking at a record, and who writes: known to this node while it lasts, and to nobody for longer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use storewire_domain::{RoleClass, StoreId, TenantId, UserId};
use uuid::Uuid;

use super::{Desk, Hand, Part};
use crate::feed::Whisper;

/// Who says nothing for so long is gone: pages say it every ten seconds.
const STAYS: SignedDuration = SignedDuration::from_secs(25);
/// More people than this are not remembered on one node; who is longest silent goes first.
const MOST: usize = 10_000;

/// A record whose pages people look at.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub tenant: TenantId,
    pub store: StoreId,
    /// Our id of the record.
    pub record: Uuid,
    /// Whether merchants hear who writes: in a ticket the two sides talk, elsewhere staff are among themselves.
    pub is_shared: bool,
}

/// What somebody does there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Viewing,
    /// A form is touched; of which part of the record, if it says so.
    Editing(Option<Part>),
    /// They write to the other side.
    Typing,
}

/// Somebody who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here {
    pub name: String,
    pub class: RoleClass,
    pub doing: Doing,
}

/// One person at one record.
struct Entry {
    here: Here,
    until: Timestamp,
}

/// All of this node. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Presence(Arc<Mutex<HashMap<(Uuid, UserId), Entry>>>);

impl Desk {
    /// Somebody says that they are there, and is told who else is. Those of the record's pages on this node whose readers would be told
    /// something else than before hear that there is news.
    #[must_use]
    pub fn here(&self, by: &Hand, at: Place, doing: Doing) -> Vec<Here> {
        let (others, news) = self.shared.presence.note(by, at, doing, self.shared.clock.now());
        if news.for_staff {
            let (tenant, store, about) = (at.tenant, at.store, at.record);
            self.shared.feed.whisper(Whisper { tenant, store, about, for_merchants: news.for_merchants });
        }
        others
    }
}

/// Who would now be told something else than before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct News {
    for_staff: bool,
    for_merchants: bool,
}

impl News {
    /// Something about this person is new.
    fn of(&mut self, here: &Here, at: Place) {
        self.for_staff = true;
        self.for_merchants |= may_know(RoleClass::Merchant, here, at);
    }
}

impl Presence {
    /// Notes it; answers who else this person may know of, by name, and for whom there is news.
    fn note(&self, by: &Hand, at: Place, doing: Doing, now: Timestamp) -> (Vec<Here>, News) {
        let here = Here { name: by.name.clone(), class: by.class, doing };
        let mut people = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = News::default();
        people.retain(|(record, _), entry| {
            let stays = entry.until > now;
            if !stays && *record == at.record {
                news.of(&entry.here, at);
            }
            stays
        });
        let key = (at.record, by.user);
        if people.len() >= MOST && !people.contains_key(&key) {
            let silent = people.iter().min_by_key(|(_, entry)| entry.until).map(|(key, _)| *key);
            silent.and_then(|silent| people.remove(&silent));
        }
        let until = now.checked_add(STAYS).unwrap_or(Timestamp::MAX);
        let before = people.insert(key, Entry { here: here.clone(), until });
        if before.as_ref().is_none_or(|before| before.here != here) {
            news.of(&here, at);
            before.iter().for_each(|before| news.of(&before.here, at));
        }
        let others = people.iter().filter(|((record, user), _)| *record == at.record && *user != by.user);
        let mut others: Vec<Here> =
            others.map(|(_, entry)| &entry.here).filter(|here| may_know(by.class, here, at)).cloned().collect();
        others.sort_by(|a, b| a.name.cmp(&b.name));
        (others, news)
    }
}

/// Staff know of everybody. A merchant hears in a ticket who writes to them; who looks, or writes a note, is staff's affair.
fn may_know(reader: RoleClass, here: &Here, at: Place) -> bool {
    reader == RoleClass::Staff || (at.is_shared && here.doing == Doing::Typing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hand(name: &str, class: RoleClass) -> Hand {
        Hand { user: UserId::fresh(), name: name.to_owned(), class }
    }

    fn place(is_shared: bool) -> Place {
        Place { tenant: TenantId::fresh(), store: StoreId::fresh(), record: Uuid::now_v7(), is_shared }
    }

    fn names(here: &[Here]) -> Vec<&str> {
        here.iter().map(|here| here.name.as_str()).collect()
    }

    fn second(number: i64) -> Timestamp {
        Timestamp::from_second(number).unwrap()
    }

    #[test]
    fn who_is_there_is_told_of_the_others_until_they_have_been_silent_for_a_while() {
        let (presence, at) = (Presence::default(), place(false));
        let (ada, bob) = (hand("Ada", RoleClass::Staff), hand("Bob", RoleClass::Staff));
        let look = |by: &Hand, doing, now| presence.note(by, at, doing, second(now));
        let for_staff = News { for_staff: true, for_merchants: false };
        assert_eq!(look(&ada, Doing::Viewing, 0), (Vec::new(), for_staff));
        let (others, news) = look(&bob, Doing::Viewing, 5);
        assert_eq!((names(&others), news), (vec!["Ada"], for_staff));
        let (others, news) = look(&ada, Doing::Viewing, 10);
        assert_eq!((names(&others), news), (vec!["Bob"], News::default()), "the same again is no news");
        assert_eq!(look(&ada, Doing::Editing(None), 11).1, for_staff, "that she edits is");
        let price = Doing::Editing(Some(Part::Price));
        assert_eq!(look(&ada, price, 11).1, for_staff, "and so is what");
        assert_eq!(look(&bob, Doing::Viewing, 12).0.first().map(|here| here.doing), Some(price));
        assert_eq!(look(&ada, Doing::Viewing, 60), (Vec::new(), for_staff), "Bob is gone");
        assert_eq!(presence.note(&bob, place(false), Doing::Viewing, second(61)).0, [], "at another record");
    }

    #[test]
    fn a_merchant_hears_who_writes_in_a_ticket_and_neither_who_looks_nor_who_notes() {
        for (at, heard) in [(place(true), vec!["Ada"]), (place(false), vec![])] {
            let presence = Presence::default();
            let (ada, mia) = (hand("Ada", RoleClass::Staff), hand("Mia", RoleClass::Merchant));
            let mut told = Vec::new();
            for doing in [Doing::Viewing, Doing::Editing(Some(Part::Note)), Doing::Typing] {
                let news = presence.note(&ada, at, doing, second(0)).1;
                assert_eq!(news.for_merchants, at.is_shared && doing == Doing::Typing, "{doing:?}");
                let (others, _) = presence.note(&mia, at, Doing::Viewing, second(1));
                told.extend(others.into_iter().map(|here| (here.name, here.doing)));
            }
            let wanted: Vec<_> = heard.iter().map(|name| ((*name).to_owned(), Doing::Typing)).collect();
            assert_eq!(told, wanted);
            assert_eq!(names(&presence.note(&ada, at, Doing::Viewing, second(2)).0), ["Mia"]);
        }
    }

    #[test]
    fn of_too_many_who_was_silent_longest_is_forgotten() {
        let (presence, first) = (Presence::default(), place(false));
        let ada = hand("Ada", RoleClass::Staff);
        let _ = presence.note(&ada, first, Doing::Viewing, second(0));
        for number in 0..MOST {
            let now = second(1 + i64::from(number > 0));
            let _ = presence.note(&hand("Bob", RoleClass::Staff), place(false), Doing::Viewing, now);
        }
        assert_eq!(presence.0.lock().unwrap().len(), MOST);
        let (others, _) = presence.note(&hand("Cem", RoleClass::Staff), first, Doing::Viewing, second(3));
        assert_eq!(others, []);
    }
}
