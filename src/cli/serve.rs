//! `storewire serve`

use std::net::SocketAddr;

use clap::Args;
use url::Url;

use super::Installation;
use crate::app;
use crate::failure::Outcome;

/// Run the server until it is told to stop
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire serve\n  \
    storewire serve --listen 0.0.0.0:8080 --public-url https://ops.example.com\n  \
    STOREWIRE__DATABASE__URL_FILE=/run/secrets/db storewire serve --config /etc/storewire/config.toml\n\n\
    Without database.url it runs a private PostgreSQL in the data folder.")]
pub struct Serve {
    #[command(flatten)]
    installation: Installation,
    /// The address to listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where browsers and stores reach this server
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
}

impl Serve {
    pub fn run(self) -> Outcome {
        let listen = self.listen.map(|address| ("server.listen", address.to_string()));
        let public_url = self.public_url.map(|url| ("server.public_url", url.to_string()));
        let config = self.installation.load(listen.into_iter().chain(public_url).collect())?;
        app::serve(&config)
    }
}
