//! The live feed: every committed change reaches every screen that may see it, in order, without a gap.
//!
//! One reader follows the change log. In each cycle it reads what its last snapshot may have missed, renders each change once
//! per view, and hands the same bytes to every session of that view. A session that joins or fell behind is caught up from the log,
//! in the same order of events, before it goes on live. Between two cycles it takes the word of those who commit, as far as that leaves
//! no number out.

mod actor;
mod audience;
mod cycle;
mod frame;
mod log;
mod logins;
mod message;
mod news;
mod outlet;
#[cfg(test)]
mod sample;
mod seen;
mod view;
mod whisper;

pub use actor::Feed;
pub use frame::{BEAT_SECONDS, Frame, Rendered, Texts};
pub use log::{FeedEvent, Subject};
pub use message::{Join, Leave, Revoke};
pub use outlet::{Outlet, Relay};
pub use view::{Page, Renderer, View};

pub(crate) use message::{Changed, Close};
pub(crate) use news::{FeedNudge, News};
pub(crate) use whisper::Whisper;

#[cfg(test)]
mod tests;
