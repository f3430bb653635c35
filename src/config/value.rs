//! How single values are written: durations such as "5m", addresses, lists as a list or separated by commas.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

/// A duration as it is written in a file.
#[derive(Clone, Copy, Debug)]
pub struct Written(Duration);

impl FromStr for Written {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse_duration(text).map(Self)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        duration(deserializer).map(Self)
    }
}

impl From<Written> for Duration {
    fn from(written: Written) -> Self {
        written.0
    }
}

pub fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).map_err(D::Error::custom)
}

pub fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.trim().parse().map_err(|_| {
        D::Error::custom(format!("{text:?} is no address and port such as \"127.0.0.1:8080\" or \"[::]:8080\""))
    })
}

pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration =
        text.trim().parse().map_err(|_| format!("{text:?} is no duration such as \"300ms\", \"10s\" or \"5m\""))?;
    Duration::try_from(parsed).map_err(|_| format!("{text:?} is less than nothing"))
}

pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display> + DeserializeOwned,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        List(Vec<String>),
        Commas(String),
    }
    let words = match Given::deserialize(deserializer)? {
        Given::List(words) => words,
        Given::Commas(text) => text.split(',').map(str::to_owned).collect(),
    };
    words
        .iter()
        .map(|word| word.trim())
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().map_err(|error| D::Error::custom(format!("{word:?}: {error}"))))
        .collect()
}

/// The same, of a list that may be left out.
pub fn some_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display> + DeserializeOwned,
{
    list(deserializer).map(Some)
}
