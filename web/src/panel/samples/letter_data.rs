//! Letters as staff see them on the pages of what they are about.

use storewire_db::letters::{LetterRow, TryRow};
use storewire_domain::{
    LetterId, StoreId, TenantId,
    letter::{LetterFault, LetterState, TryOutcome},
};
use uuid::Uuid;

use super::data::{Cast, before, id, now};
use crate::panel::{view::LetterLog, words::Words};

/// One in each state, tried in each way.
pub fn log(cast: Cast, about: Uuid) -> LetterLog {
    let letters: Vec<LetterRow> = LetterState::ALL.iter().map(|state| letter(cast, about, *state)).collect();
    LetterLog::new(&letters, now(), &Words::default())
}

fn letter(cast: Cast, about: Uuid, state: LetterState) -> LetterRow {
    let tried = |(outcome, number): (&TryOutcome, i16)| TryRow {
        number,
        at: before(600 / i64::from(number)),
        outcome: *outcome,
        said: cast.say("250 2.0.0 Ok: queued"),
    };
    LetterRow {
        tenant_id: TenantId(id(3)),
        id: LetterId(id(3_500 + state as u128)),
        store_id: Some(StoreId(id(10))),
        to_address: cast.say("meral@example.org"),
        to_name: cast.say("Meral Kaya"),
        subject: cast.say("T-7 Two boxes are wet"),
        body: cast.say("We send two others."),
        about_kind: "ticket".to_owned(),
        about_id: about,
        state,
        due_at: before(-600),
        fault: (state == LetterState::Failed).then_some(LetterFault::GaveUp),
        created_at: before(700),
        finished_at: (state != LetterState::Waiting).then(now),
        tries: TryOutcome::ALL.iter().zip(1..).map(tried).collect(),
    }
}
