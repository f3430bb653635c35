//! One letter over one connection, step by step, so that it is known how far it came.

use std::{fmt, iter, time::Duration};

use lettre::{
    address::Address,
    transport::smtp::{
        Error,
        authentication::Mechanism,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt},
        response::{Response, Severity},
    },
};
use tokio::time::timeout;

use crate::{
    Outcome, Sent,
    compose::Composed,
    said,
    smtp::{Smtp, Way},
};

/// For the server's goodbye. The letter's fate is known by then.
const GOODBYE: Duration = Duration::from_secs(2);
const GO_ON: u16 = 354;

/// How far a letter has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Connecting,
    LoggingIn,
    /// MAIL, RCPT, DATA, and the letter without its end.
    Handing,
    /// The line with the dot, which may have left us. Nothing but an answer of the server tells what became of it.
    Ended,
}

/// Why a step failed.
enum Trouble {
    Lettre(Error),
    /// STARTTLS is set, and the server does not offer it.
    NoStartTls,
    /// A login is set, and the server offers none that we speak.
    NoLogin,
    /// A good answer at the wrong place.
    Unexpected(u16),
}

impl Trouble {
    /// Whether the server still listens: it has answered, and waits for what we say next.
    fn is_answer(&self) -> bool {
        match self {
            Self::Lettre(error) => error.status().is_some(),
            Self::NoStartTls | Self::NoLogin | Self::Unexpected(_) => true,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Lettre(error)
    }
}

/// A talk with the server, kept outside its own future: the time may end at any of its steps.
struct Talk {
    step: Step,
    connection: Option<AsyncSmtpConnection>,
}

/// Tries once, within the time that is set.
pub(crate) async fn send(smtp: &Smtp, letter: &Composed) -> Sent {
    let mut talk = Talk { step: Step::Connecting, connection: None };
    let ended = timeout(smtp.timeout, talk.hold(smtp, letter)).await;
    let (is_answered, sent) = match &ended {
        Ok(Ok(reply)) => (true, taken(reply, |words| tidy(smtp, &letter.to, words))),
        Ok(Err(trouble)) => (trouble.is_answer(), judge(talk.step, trouble, |words| tidy(smtp, &letter.to, words))),
        Err(_) => (false, lost(talk.step, format!("no answer within {} s", smtp.timeout.as_secs_f32()))),
    };
    if let (true, Some(mut connection)) = (is_answered, talk.connection) {
        // Whatever comes of it changes nothing: the server has answered for the letter.
        let _ = timeout(GOODBYE, connection.quit()).await;
    }
    sent
}

impl Talk {
    async fn hold(&mut self, smtp: &Smtp, letter: &Composed) -> Result<Response, Trouble> {
        let Self { step, connection } = self;
        let connection = connection.insert(connect(smtp).await?);
        *step = Step::LoggingIn;
        if let Some(login) = &smtp.login {
            let ways = [Mechanism::Plain, Mechanism::Login];
            connection.server_info().get_auth_mechanism(&ways).ok_or(Trouble::NoLogin)?;
            connection.auth(&ways, &login.credentials()).await?;
        }
        *step = Step::Handing;
        connection.command(Mail::new(Some(smtp.from.email.clone()), Vec::new())).await?;
        connection.command(Rcpt::new(letter.to.clone(), Vec::new())).await?;
        let ready = connection.command(Data).await?;
        if !ready.has_code(GO_ON) {
            return Err(Trouble::Unexpected(ready.code().into()));
        }
        // `lettre` asks for the next part when the one before is written and flushed, and ends the letter when there is none.
        let parts = iter::once(letter.bytes.as_slice()).chain(iter::from_fn(|| {
            *step = Step::Ended;
            None
        }));
        Ok(connection.message_iter(parts).await?)
    }
}

async fn connect(smtp: &Smtp) -> Result<AsyncSmtpConnection, Trouble> {
    let wrapped = if let Way::Tls(tls) = &smtp.way { Some(tls.clone()) } else { None };
    let place = (smtp.host.as_str(), smtp.port);
    // For each of the name's addresses, so that a dead one leaves time for the next.
    let each = Some(smtp.timeout / 3);
    let mut connection = AsyncSmtpConnection::connect_tokio1(place, each, &smtp.hello, wrapped, None).await?;
    if let Way::StartTls(tls) = &smtp.way {
        if !connection.can_starttls() {
            return Err(Trouble::NoStartTls);
        }
        connection.starttls(tls.clone(), &smtp.hello).await?;
    }
    Ok(connection)
}

fn taken(reply: &Response, tidy: impl Fn(&str) -> String) -> Sent {
    let code = reply.code();
    let outcome = if code.severity == Severity::PositiveCompletion { Outcome::Sent } else { Outcome::Unknown };
    let words: Vec<&str> = reply.message().collect();
    Sent::new(outcome, format!("{code} {}", tidy(&words.join(" "))).trim_end())
}

fn judge(step: Step, trouble: &Trouble, tidy: impl Fn(&str) -> String) -> Sent {
    let error = match trouble {
        Trouble::NoStartTls => return Sent::new(Outcome::Refused, "the server offers no STARTTLS, which is set"),
        Trouble::NoLogin => return Sent::new(Outcome::Refused, "the server offers no login that we speak"),
        Trouble::Unexpected(code) => return Sent::new(Outcome::Later, format!("{code} is no answer to DATA")),
        Trouble::Lettre(error) => error,
    };
    let Some(code) = error.status() else { return lost(step, tidy(&innermost(error))) };
    let outcome = if error.is_permanent() { Outcome::Refused } else { Outcome::Later };
    match step {
        // Some servers repeat the command that they refuse, and this one is the password.
        Step::LoggingIn => Sent::new(outcome, format!("{code} to our login")),
        _ => Sent::new(outcome, format!("{code} {}", tidy(&innermost(error))).trim_end()),
    }
}

/// No answer, or none that can be read.
fn lost(step: Step, why: impl fmt::Display) -> Sent {
    match step {
        Step::Connecting => Sent::new(Outcome::Later, format!("not reached: {why}")),
        Step::LoggingIn => Sent::new(Outcome::Later, "lost at our login"),
        Step::Handing => Sent::new(Outcome::Later, format!("lost before the letter's end: {why}")),
        Step::Ended => Sent::new(Outcome::Unknown, format!("lost after the letter's end: {why}")),
    }
}

fn tidy(smtp: &Smtp, to: &Address, words: &str) -> String {
    let mut hidden = smtp.hidden();
    hidden.extend([to.as_ref(), to.user()]);
    said::tidy(words, &hidden)
}

/// The cause itself: `lettre`'s own texts repeat it at every level.
fn innermost(error: &Error) -> String {
    let first: &(dyn std::error::Error + 'static) = error;
    let last = iter::successors(Some(first), |error| error.source()).last();
    last.map(ToString::to_string).unwrap_or_default()
}
