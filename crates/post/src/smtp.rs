//! A mail server as it is set, checked once.

use std::{net::IpAddr, time::Duration};

use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{authentication::Credentials, client::TlsParameters, extension::ClientId},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::{Encryption, PostError, SmtpConfig, address, tls};

pub(crate) struct Smtp {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) way: Way,
    pub(crate) login: Option<Login>,
    pub(crate) from: Mailbox,
    pub(crate) hello: ClientId,
    pub(crate) timeout: Duration,
}

/// An [`Encryption`] with what it needs.
pub(crate) enum Way {
    StartTls(TlsParameters),
    Tls(TlsParameters),
    Clear,
}

pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

impl Smtp {
    pub(crate) fn new(config: SmtpConfig) -> Result<Self, PostError> {
        let from = sender(&config.from)?;
        let way = match config.tls {
            Encryption::StartTls => Way::StartTls(tls::parameters(&config)?),
            Encryption::Tls => Way::Tls(tls::parameters(&config)?),
            Encryption::None => Way::Clear,
        };
        let login = match (config.user, config.password) {
            (Some(user), Some(password)) => Some(Login { user, password }),
            (None, None) => None,
            _ => return Err(PostError::Login),
        };
        if login.is_some() && matches!(way, Way::Clear) && !is_this_machine(&config.host) {
            return Err(PostError::PasswordInClear);
        }
        let hello = hello(&from.email);
        Ok(Self { host: config.host, port: config.port, way, login, from, hello, timeout: config.timeout })
    }

    /// What a server's words are stripped of, beside whom the letter is for.
    pub(crate) fn hidden(&self) -> Vec<&str> {
        let from = [self.from.email.as_ref(), self.from.email.user()];
        let login = self.login.iter().flat_map(|login| [login.user.as_str(), login.password.expose_secret()]);
        from.into_iter().chain(login).collect()
    }
}

impl Login {
    pub(crate) fn credentials(&self) -> Credentials {
        Credentials::new(self.user.clone(), self.password.expose_secret().to_owned())
    }
}

fn sender(text: &str) -> Result<Mailbox, PostError> {
    let from: Mailbox = text.parse().map_err(|_| PostError::From)?;
    let is_plain = address::is_address(from.email.as_ref()) && !text.chars().any(char::is_control);
    if is_plain { Ok(from) } else { Err(PostError::From) }
}

/// The sender's domain: our own name is known to nobody, and some servers take no greeting without one.
fn hello(from: &Address) -> ClientId {
    let domain = from.domain();
    match domain.trim_matches(['[', ']']).parse() {
        Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
        Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
        Err(_) => ClientId::Domain(domain.to_owned()),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
