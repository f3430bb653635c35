//! Logins.

use std::time::Duration;

use serde::Deserialize;

use super::value;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    #[serde(deserialize_with = "value::duration")]
    pub ttl: Duration,
}
