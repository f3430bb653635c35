//! How the mail server is reached, and why that cannot be.

use std::{fmt, time::Duration};

use secrecy::SecretString;

/// The mail server that takes our letters over.
#[derive(Clone)]
pub struct SmtpConfig {
    /// A name or an address. With TLS, the certificate must be for it.
    pub host: String,
    /// Usually 465 for [`Encryption::Tls`], 587 for [`Encryption::StartTls`].
    pub port: u16,
    pub tls: Encryption,
    /// With a password, the login; with neither, there is none.
    pub user: Option<String>,
    pub password: Option<SecretString>,
    /// Whom letters are from: `Name <name@example.com>` or the address alone. Its domain is what we greet the server with.
    pub from: String,
    /// For one try, from the look-up of the name to the server's last word.
    pub timeout: Duration,
    /// An extra certificate authority for the server, PEM.
    pub ca_pem: Option<Vec<u8>>,
}

/// How the way to the server is closed to others. A way that is set and cannot be had is refused, never replaced by a weaker one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// In clear at first, encrypted before anything of ours is said (RFC 3207).
    StartTls,
    /// From the first byte (RFC 8314).
    Tls,
    /// Not at all: for a server on this machine or in a network of one's own.
    None,
}

/// Why no letters can be sent with this configuration; told when the program starts.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("mail.from is no address; write it as: Name <name@example.com>")]
    From,
    #[error("mail.user and mail.password go together; set both or neither")]
    Login,
    #[error("mail.password would go over the network in clear; set mail.tls to starttls or tls")]
    PasswordInClear,
    #[error("mail.host can be no name in a certificate; write it as a plain name or address")]
    Host,
    #[error("the extra certificate authority for mail is no PEM certificate")]
    Authority,
    #[error("tls cannot be set up for mail")]
    Tls(#[source] lettre::transport::smtp::Error),
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
