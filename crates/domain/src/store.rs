//! A connected store's state, as people are shown it.

use serde::{Deserialize, Serialize};

use crate::remote::text_enum;

text_enum! {
    /// Where a store stands. Only `live` promises fresh data.
    pub enum StoreState {
        /// Connected; nothing read yet.
        New = "new",
        /// The first backfill is under way; the panel is usable meanwhile.
        Importing = "importing",
        /// Reads succeed and the checkpoints move.
        Live = "live",
        /// The last reads failed in a way that time may heal; backing off.
        Degraded = "degraded",
        /// A person must act (keys, permissions, address); not retried hard.
        NeedsAttention = "needs_attention",
        /// A person paused it.
        Paused = "paused",
        /// Its actor stopped trying after too many restarts; a person may resume it.
        Parked = "parked",
    }
}

text_enum! {
    /// How the store's REST API is given our keys; found once by probing, then kept.
    pub enum AuthScheme {
        /// `Authorization: Basic`, over https only.
        Basic = "basic",
        /// `consumer_key`/`consumer_secret` in the query, for hosts that drop the header; over https only.
        Query = "query",
        /// Each request signed by OAuth 1.0a, for hosts where neither arrives, and for shops without https.
        OAuth = "oauth",
        /// The same over https where PHP believes that it is asked over http: the signature names an http address.
        OAuthPlain = "oauth_plain",
    }
}
