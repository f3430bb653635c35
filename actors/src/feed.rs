//! The live feed: every committed change reaches every screen that may see it, in order, without a gap.
//!
//! One reader follows the change log. In each cycle it reads what its last snapshot may have missed, renders each change once
//! per view, and hands the same bytes to every session of that view. A session that joins or fell behind is caught up from the log,
//! in the same order of events, before it goes on live.

mod actor;
mod frame;
mod log;
mod view;

pub use actor::{Feed, Join, Leave, Revoke};
pub use frame::{BEAT_SECONDS, Frame, Rendered};
pub use log::{FeedEvent, Subject};
pub use view::{Page, Renderer, View};

pub(crate) use actor::{Changed, Close};
