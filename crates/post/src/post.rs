//! The face of the crate: where letters go, and one try to send one there.

use std::{fmt, sync::Arc};

use crate::{
    Letter, Outcome, PostError, Recorder, Sent, SmtpConfig,
    compose::{Unfit, check, compose},
    smtp::Smtp,
    try_once,
};

/// Sends letters. Cheap to clone; holds no connection and no letter.
#[derive(Clone)]
pub struct Post(Arc<To>);

enum To {
    Server(Smtp),
    Nobody,
    Recorder(Recorder),
}

impl Post {
    /// By a mail server. Nothing is asked of it before the first letter.
    ///
    /// # Errors
    /// Where no letter could be sent like this, whatever the server says.
    pub fn smtp(config: SmtpConfig) -> Result<Self, PostError> {
        Ok(Self(Arc::new(To::Server(Smtp::new(config)?))))
    }

    /// Nowhere: each letter is answered [`Outcome::NoSmtp`].
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::new(To::Nobody))
    }

    /// Into memory, for tests; refuses what no server would be shown.
    #[must_use]
    pub fn recorder() -> (Self, Recorder) {
        let recorder = Recorder::default();
        (Self(Arc::new(To::Recorder(recorder.clone()))), recorder)
    }

    /// Whether letters go anywhere, so that a page can say that they do not.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !matches!(*self.0, To::Nobody)
    }

    /// The domain of the sender's address, for the right side of message ids; `None` if letters go nowhere.
    #[must_use]
    pub fn domain(&self) -> Option<&str> {
        match &*self.0 {
            To::Server(smtp) => Some(smtp.from.email.domain()),
            To::Nobody => None,
            To::Recorder(_) => Some("recorder.invalid"),
        }
    }

    /// Tries once to hand the letter over; ends within the time that is set, and two seconds for a goodbye. If it is not awaited to its end,
    /// the outcome is [`Outcome::Unknown`].
    pub async fn send(&self, letter: &Letter) -> Sent {
        match &*self.0 {
            To::Nobody => Sent::new(Outcome::NoSmtp, "no mail server is set"),
            To::Server(smtp) => match compose(letter, &smtp.from) {
                Ok(composed) => try_once::send(smtp, &composed).await,
                Err(unfit) => turned_down(unfit),
            },
            To::Recorder(recorder) => match check(letter) {
                Ok(()) => recorder.take(letter),
                Err(unfit) => turned_down(unfit),
            },
        }
    }
}

fn turned_down(unfit: Unfit) -> Sent {
    let outcome = if unfit == Unfit::Address { Outcome::BadAddress } else { Outcome::Refused };
    Sent::new(outcome, unfit.to_string())
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            To::Server(smtp) => write!(f, "Post(smtp to {}:{})", smtp.host, smtp.port),
            To::Nobody => f.write_str("Post(none)"),
            To::Recorder(_) => f.write_str("Post(recorder)"),
        }
    }
}
