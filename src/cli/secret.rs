//! Reads secrets from a file, standard input or the environment; never from a flag, which every user of a machine can see.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use secrecy::SecretString;

use crate::failure::{Exit, Failure, Outcome};

/// From `file` (`-`: standard input) if it is given, otherwise from the variable `name`.
pub fn read(file: Option<&Path>, name: &str) -> Outcome<Option<SecretString>> {
    let text = match file {
        Some(path) if path == Path::new("-") => {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
            Some(text)
        }
        Some(path) => Some(std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?),
        None => std::env::var(name).ok(),
    };
    // Editors and `echo` end a file with a line break that is no part of the secret.
    Ok(text.map(|text| text.trim_end_matches(['\n', '\r']).to_owned()).filter(|text| !text.is_empty()).map(Into::into))
}

pub fn require(file: Option<&Path>, name: &str, what: &str, flag: &str) -> Outcome<SecretString> {
    read(file, name)?
        .ok_or_else(|| Failure::new(Exit::Config, format!("no {what}: set {name}, or name a file with {flag}")))
}
