//! A page that cannot be shown whole: the one record that breaks it is found and passed by, and the rest is read.

use jiff::Timestamp;
use storewire_db::{
    DbError,
    dead_letters::{self, NewDeadLetter},
    rechecks::{NewRecheck, RecheckKind},
};
use storewire_domain::Source;
use storewire_woo::{Failure, WooError};

use super::{
    context::StoreContext,
    follow::wish,
    listing::{self, Ask, content_id},
    record::Noun,
};

/// How often a row without a name must prove that it is the row.
const PROOFS: usize = 8;
/// More broken rows than any store has.
const MANY: u32 = 1_000;

/// A record that no page can hold.
pub(crate) enum Broken {
    /// It is asked about by itself.
    Known(NewRecheck),
    /// Not even its id can be read.
    Nameless(NewDeadLetter<'static>),
}

/// What a page that cannot be read, asked for as a single row, comes to: the record that breaks it, or the store's own failure.
///
/// # Errors
/// The failure, if it may be the store's, or if a smaller page may still do.
pub(crate) async fn isolate(
    context: &StoreContext,
    ask: Ask,
    source: Source,
    error: WooError,
) -> Result<Broken, WooError> {
    if ask.per_page > 1 || !may_be_of_record(&error) || !others_can_be_read(context, ask).await {
        return Err(error);
    }
    let id = listing::glances(context, ask).await.ok().and_then(|read| Some(read.items.first()?.remote_id.clone()));
    let letter = letter(context, ask, &error, context.now());
    if id.is_none() && !is_set_aside(context, &letter).await && !fails_each_time(context, ask).await {
        return Err(error);
    }
    tracing::warn!(store.id = %context.store, resource = %ask.resource, page = ask.page, id = ?id, %error, "record breaks its page");
    Ok(match id {
        Some(id) => {
            let key = (Noun::from(ask.resource), id);
            Broken::Known(wish(context, &key, RecheckKind::from(key.0), "unreadable", source))
        }
        None => {
            metrics::counter!("storewire_dead_letters_total").increment(1);
            Broken::Nameless(letter)
        }
    })
}

/// Whose fault it is that a record could not be read by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Record,
    Store,
    /// A crash over one record looks like a store that is down: something that shows no record tells which.
    Open,
}

/// Judges by the failure alone. Pure.
pub(crate) const fn fault(class: Failure) -> Fault {
    match class {
        Failure::BadJson | Failure::BadRequest | Failure::Forbidden | Failure::TooLarge => Fault::Record,
        Failure::Overloaded | Failure::Timeout | Failure::Interrupted => Fault::Open,
        _ => Fault::Store,
    }
}

/// Whether a record that was asked for by itself is what failed, or its store.
pub(crate) async fn is_of_record(context: &StoreContext, error: &WooError) -> bool {
    match fault(error.class) {
        Fault::Record => true,
        Fault::Store => false,
        Fault::Open => context.ping_orders().await.is_ok(),
    }
}

/// Whether a failure is of the kind that one record can cause: it takes too long or too much memory, or spoils the JSON around it.
pub(crate) fn may_be_of_record(error: &WooError) -> bool {
    matches!(
        error.class,
        Failure::Timeout | Failure::Interrupted | Failure::Overloaded | Failure::TooLarge | Failure::BadJson
    )
}

/// A store that is unwell fails everywhere; two broken neighbours are rare, so three places are looked at.
async fn others_can_be_read(context: &StoreContext, ask: Ask) -> bool {
    for page in [ask.page.saturating_sub(1), ask.page.saturating_add(1), 1] {
        if page > 0 && page != ask.page && listing::records(context, Ask { page, ..ask }).await.is_ok() {
            return true;
        }
    }
    false
}

/// Whether a row that has no name fails whenever it is asked for, while another is read beside it each time. A named record is asked about
/// again and clears itself; a nameless one is left to people, and a store that fails now and then would soon have blamed them all.
async fn fails_each_time(context: &StoreContext, ask: Ask) -> bool {
    for _ in 0..PROOFS {
        let is_shown = listing::records(context, ask).await.is_ok() || listing::glances(context, ask).await.is_ok();
        if is_shown || !others_can_be_read(context, ask).await {
            return false;
        }
    }
    true
}

/// Whether this row is with people already: then it need not prove again that it is broken.
async fn is_set_aside(context: &StoreContext, letter: &NewDeadLetter<'_>) -> bool {
    let open = async {
        let tx = context.shared.db.tenant(context.tenant).await?;
        let open = dead_letters::open(&tx, context.store, Some(letter.cause), MANY).await?;
        tx.commit().await?;
        Ok::<_, DbError>(open)
    };
    open.await.is_ok_and(|open| open.contains(&letter.id))
}

fn letter(context: &StoreContext, ask: Ask, error: &WooError, now: Timestamp) -> NewDeadLetter<'static> {
    let place = format!("row {} of {} ({})", ask.page, ask.resource, ask.listing);
    NewDeadLetter {
        id: content_id(context.store, place.as_bytes()),
        origin: "page",
        topic: ask.resource.as_str(),
        remote_id: None,
        cause: "unreadable",
        reason: format!("{place} breaks its page: {error}"),
        body: Vec::new(),
        received_at: now,
    }
}
