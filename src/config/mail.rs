//! How letters leave: by which mail server, or not at all.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use secrecy::SecretString;
use serde::Deserialize;
use storewire_post::{Encryption, Post, SmtpConfig};

use super::outbound::read_authority;
use super::value;

/// A try that may take longer than this could outlive the time for which its letter is nobody else's.
const LONGEST_TRY: Duration = Duration::from_secs(90);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// None: no letter is sent.
    host: Option<String>,
    port: u16,
    tls: Seal,
    user: Option<String>,
    password: Option<SecretString>,
    password_file: Option<PathBuf>,
    from: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "value::duration")]
    timeout: Duration,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Seal {
    StartTls,
    Tls,
    None,
}

impl Mail {
    pub(super) fn read_files(&mut self) -> Result<()> {
        let Some(path) = &self.password_file else { return Ok(()) };
        if self.password.is_some() {
            bail!("mail.password and mail.password_file are both set: keep one");
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read mail.password_file {}", path.display()))?;
        self.password = Some(text.trim_end_matches(['\r', '\n']).to_owned().into());
        Ok(())
    }

    /// What sends letters; nothing is asked of the server yet.
    pub fn post(&self) -> Result<Post> {
        let Some(host) = &self.host else {
            let is_unset = self.user.is_none() && self.password.is_none() && self.from.is_none();
            ensure!(
                is_unset,
                "mail.host is not set, so no letter is sent: name a mail server, or unset the rest of [mail]"
            );
            return Ok(Post::none());
        };
        let within = (Duration::from_secs(1)..=LONGEST_TRY).contains(&self.timeout);
        ensure!(within, "mail.timeout is {:?}: give it a length from \"1s\" to {LONGEST_TRY:?}", self.timeout);
        let from = self
            .from
            .clone()
            .context("mail.from is not set: say whom letters are from, as: Name <name@example.com>")?;
        let post = Post::smtp(SmtpConfig {
            host: host.clone(),
            port: self.port,
            tls: match self.tls {
                Seal::StartTls => Encryption::StartTls,
                Seal::Tls => Encryption::Tls,
                Seal::None => Encryption::None,
            },
            user: self.user.clone(),
            password: self.password.clone(),
            from,
            timeout: self.timeout,
            ca_pem: self.ca_file.as_deref().map(|path| read_authority("mail.ca_file", path)).transpose()?,
        })?;
        Ok(post)
    }
}
