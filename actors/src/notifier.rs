//! Sends letters: takes each in hand, tries once, and writes down what came of it.
//!
//! It looks at the rows on its tick, and at once when it is told that some were written; it keeps nothing in memory. Any node may do it; who
//! has a letter in hand is said by its row. A letter whose sender died is sent again by the next with the same `Message-ID`: at least once,
//! and known as one by who gets it twice.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use actix::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Context, Handler, Message, WrapFuture};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use storewire_db::{
    Db, DbError,
    letters::{self, Claimed, Due, Try},
};
use storewire_domain::{
    Clock,
    letter::{LetterFault, Next, TryOutcome, after_try, message_id},
};
use storewire_post::{Letter, Outcome, Post, Sent};
use tokio::runtime::Handle;

use crate::{config::MailConfig, failpoint};

/// Letters seen to in one look; the others in the next.
const IN_ONE_LOOK: u32 = 50;

/// End; the engine stops. What is in hand is sent as long as the runtime lives, and nothing more is taken in hand.
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Stop;

/// Letters were committed: look now.
#[derive(Message)]
#[rtype(result = "()")]
struct Look;

/// Tells the notifier that letters were committed, so that they leave without waiting for its tick.
#[derive(Clone)]
pub(crate) struct LetterNudge(Addr<Notifier>);

impl LetterNudge {
    pub(crate) const fn new(notifier: Addr<Notifier>) -> Self {
        Self(notifier)
    }

    pub(crate) fn send(&self) {
        // A full mailbox loses nothing: it looks on its tick too.
        let _ = self.0.try_send(Look);
    }
}

/// What sending letters needs.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) post: Post,
    pub(crate) config: MailConfig,
}

/// See the module.
pub(crate) struct Notifier {
    office: Office,
    engine: Handle,
    is_looking: bool,
    /// Letters were written since the look began that is under way.
    is_behind: bool,
    /// Read by the look under way, which outlives the actor.
    is_over: Arc<AtomicBool>,
}

impl Notifier {
    pub(crate) fn new(office: Office, engine: Handle) -> Self {
        Self { office, engine, is_looking: false, is_behind: false, is_over: Arc::default() }
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        if std::mem::replace(&mut self.is_looking, true) {
            return;
        }
        self.is_behind = false;
        let looked = self.engine.spawn(look(self.office.clone(), self.is_over.clone()));
        ctx.spawn(looked.into_actor(self).map(|outcome, this, ctx| {
            this.is_looking = false;
            if this.is_behind {
                this.look(ctx);
            }
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "letters could not be looked for"),
                Err(error) => tracing::error!(%error, "the look for letters ended"),
            }
        }));
    }
}

impl Actor for Notifier {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(self.office.config.interval, Self::look);
    }
}

impl Handler<Look> for Notifier {
    type Result = ();

    fn handle(&mut self, _: Look, ctx: &mut Self::Context) {
        self.is_behind = true;
        self.look(ctx);
    }
}

impl Handler<Stop> for Notifier {
    type Result = ();

    fn handle(&mut self, _: Stop, ctx: &mut Self::Context) {
        self.is_over.store(true, Ordering::Release);
        ctx.stop();
    }
}

async fn look(office: Office, is_over: Arc<AtomicBool>) -> Result<(), DbError> {
    // Staff's sight ends at rehearsals: no letter of a twin leaves the house.
    let tx = office.db.staff().await?;
    let (due, ended) = tokio::join!(biased; letters::due(&tx, office.clock.now(), IN_ONE_LOOK), tx.end());
    ended?;
    let wanted = stream::iter(due?).take_while(|_| std::future::ready(!is_over.load(Ordering::Acquire)));
    wanted.for_each_concurrent(office.config.at_once, |due| see_to(&office, due)).await;
    Ok(())
}

/// One that cannot be seen to now keeps no other back: its row says when it may be taken next.
async fn see_to(office: &Office, due: Due) {
    if let Err(error) = deliver(office, due).await {
        tracing::warn!(letter.id = %due.id, %error, "a letter waits");
    }
}

async fn deliver(office: &Office, due: Due) -> Result<(), DbError> {
    let Some(claimed) = claim(office, due).await? else { return Ok(()) };
    let ended = match given_up(&claimed, office.clock.now()) {
        Some(fault) => Ended { tried: None, said: String::new(), next: Next::Failed(fault) },
        None => try_once(office, &claimed).await,
    };
    let word = match (ended.tried, ended.next) {
        (_, Next::Failed(fault)) => fault.as_str(),
        (Some(outcome), _) => outcome.as_str(),
        (None, _) => TryOutcome::Later.as_str(),
    };
    let now = office.clock.now();
    let tx = office.db.tenant(due.tenant).await?;
    let tried = ended.tried.map(|outcome| Try { outcome, said: &ended.said });
    let is_ours = letters::mark(&tx, &claimed, tried.as_ref(), ended.next, now).await?;
    failpoint!("mail.before_mark");
    tx.commit().await?;
    metrics::counter!("storewire_letters_total", "outcome" => word).increment(1);
    match ended.next {
        _ if !is_ours => tracing::warn!(letter.id = %due.id, "a letter was in hand for too long: another took it"),
        Next::Failed(fault) => tracing::warn!(letter.id = %due.id, fault = %fault, "a letter was not sent"),
        Next::At(at) => tracing::info!(letter.id = %due.id, outcome = word, %at, "a letter is tried again"),
        Next::Sent => tracing::debug!(letter.id = %due.id, "a letter is sent"),
    }
    Ok(())
}

/// Takes the letter in hand, durably: from here on, whoever finds it knows that there was a try.
async fn claim(office: &Office, due: Due) -> Result<Option<Claimed>, DbError> {
    let now = office.clock.now();
    let in_hand = SignedDuration::try_from(office.config.in_hand).unwrap_or(SignedDuration::from_mins(2));
    let until = now.checked_add(in_hand).unwrap_or(Timestamp::MAX);
    let tx = office.db.tenant(due.tenant).await?;
    let claimed = letters::claim(&tx, due.id, until, now).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// One whose senders die over it does not go on for ever.
fn given_up(claimed: &Claimed, now: Timestamp) -> Option<LetterFault> {
    let before = claimed.tries.saturating_sub(1);
    match after_try(before, TryOutcome::Unknown, now) {
        Next::Failed(fault) if claimed.was_lost => Some(fault),
        _ => None,
    }
}

/// A try and what follows from it.
struct Ended {
    /// `None` if nobody was asked.
    tried: Option<TryOutcome>,
    said: String,
    next: Next,
}

async fn try_once(office: &Office, claimed: &Claimed) -> Ended {
    failpoint!("mail.before_send");
    let letter = Letter {
        // Without a sender nothing is sent, and so nobody reads the name.
        message_id: message_id(claimed.id, office.post.domain().unwrap_or("localhost")),
        to: claimed.to_address.clone(),
        to_name: claimed.to_name.clone(),
        subject: claimed.subject.clone(),
        body: claimed.body.clone(),
        written_at: claimed.written_at,
    };
    let Sent { outcome, said } = office.post.send(&letter).await;
    failpoint!("mail.after_send");
    let tried = outcome.of_try();
    let next = match (outcome, tried) {
        (Outcome::NoSmtp, _) => Next::Failed(LetterFault::NoSmtp),
        (Outcome::BadAddress, _) => Next::Failed(LetterFault::BadAddress),
        (_, Some(tried)) => after_try(claimed.tries, tried, office.clock.now()),
        (_, None) => Next::Failed(LetterFault::Refused),
    };
    Ended { tried, said, next }
}
