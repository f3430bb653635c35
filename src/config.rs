//! The configuration: defaults, then a file, then the environment, then flags; a key nobody knows is an error.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use config::{ConfigBuilder, Environment, File, FileFormat, builder::DefaultState};
use serde::Deserialize;

mod check;
mod database;
mod desk;
mod engine;
mod log;
mod mail;
mod metrics;
mod outbound;
mod server;
mod session;
mod value;

pub use database::{Database, DatabaseUrl};
pub use desk::Desk;
pub use engine::Engine;
pub use log::{Log, LogFormat};
pub use mail::Mail;
pub use metrics::Metrics;
pub use outbound::Outbound;
pub use server::Server;
pub use session::Session;
pub use value::parse_duration;

const DEFAULTS: &str = include_str!("config.default.toml");
const DEFAULT_FILE: &str = "/etc/storewire/config.toml";

/// The whole configuration, as it was merged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    data_dir: Option<PathBuf>,
    pub server: Server,
    pub metrics: Metrics,
    pub database: Database,
    pub outbound: Outbound,
    pub engine: Engine,
    pub desk: Desk,
    pub session: Session,
    pub mail: Mail,
    pub log: Log,
}

/// What the command line says, above everything else: a key such as `server.listen` and its value.
pub type Overrides = Vec<(&'static str, String)>;

impl Config {
    /// Reads and merges all layers. `file` must exist if it is given; without it the usual one is read if it exists.
    pub fn load(file: Option<&Path>, overrides: Overrides) -> Result<Self> {
        Self::merge(file, Environment::default(), overrides)
    }

    /// The defaults and `overrides` alone.
    pub fn defaults(overrides: Overrides) -> Result<Self> {
        Self::finish(default_layer(), overrides)
    }

    fn merge(file: Option<&Path>, environment: Environment, overrides: Overrides) -> Result<Self> {
        let layers = default_layer();
        let layers = match file {
            Some(path) if !path.exists() => bail!("there is no configuration file {}", path.display()),
            Some(path) => layers.add_source(File::from(path).format(FileFormat::Toml)),
            None => layers.add_source(File::new(DEFAULT_FILE, FileFormat::Toml).required(false)),
        };
        let environment = environment.prefix("STOREWIRE").prefix_separator("__").separator("__").ignore_empty(true);
        Self::finish(layers.add_source(environment), overrides)
    }

    fn finish(mut layers: ConfigBuilder<DefaultState>, overrides: Overrides) -> Result<Self> {
        for (key, value) in overrides {
            layers = layers.set_override(key, value)?;
        }
        let mut config: Self = layers.build()?.try_deserialize().context("the configuration is not valid")?;
        config.database.read_files()?;
        config.mail.read_files()?;
        check::check(&config)?;
        Ok(config)
    }

    pub fn data_dir(&self) -> Result<PathBuf> {
        match &self.data_dir {
            Some(path) => std::path::absolute(path).with_context(|| format!("data_dir {}", path.display())),
            None => default_data_dir(),
        }
    }
}

fn default_layer() -> ConfigBuilder<DefaultState> {
    config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml))
}

/// For root a folder that PostgreSQL's unprivileged user can reach; for everybody else their own.
fn default_data_dir() -> Result<PathBuf> {
    if nix::unistd::geteuid().is_root() {
        return Ok(PathBuf::from("/var/lib/storewire"));
    }
    let home = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share")))
        .context("neither XDG_DATA_HOME nor HOME is set: say where to keep data with --data-dir")?;
    Ok(home.join("storewire"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, environment: &[(&str, &str)], overrides: Overrides) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, toml).unwrap();
        let source = environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Config::merge(Some(&path), Environment::default().source(Some(source)), overrides)
    }

    #[test]
    fn the_defaults_alone_are_a_valid_configuration() {
        let config = load("", &[], vec![]).unwrap();
        assert_eq!(config.server.listen.port(), 8080);
        assert_eq!(config.session.ttl.as_secs(), 12 * 3600);
        assert!(config.outbound.allow_networks.is_empty());
        assert!(config.database.url.is_none());
    }

    #[test]
    fn a_flag_outranks_the_environment_which_outranks_the_file() {
        let file = "[server]\nlisten = \"127.0.0.1:1\"\n[metrics]\nlisten = \"127.0.0.1:11\"";
        let environment = [("STOREWIRE__SERVER__LISTEN", "127.0.0.1:2"), ("STOREWIRE__DATABASE__CONNECTIONS", "7")];
        let config = load(file, &environment, vec![("server.listen", "127.0.0.1:3".to_owned())]).unwrap();
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.database.connections, 7);
        assert_eq!(config.metrics.listen.map(|address| address.port()), Some(11));
        let config = load(file, &environment, vec![]).unwrap();
        assert_eq!(config.server.listen.port(), 2);
    }

    #[test]
    fn networks_come_as_a_list_or_separated_by_commas() {
        let from_file = load("[outbound]\nallow_networks = [\"10.0.0.0/8\", \"127.0.0.1/32\"]", &[], vec![]).unwrap();
        let environment = [("STOREWIRE__OUTBOUND__ALLOW_NETWORKS", "10.0.0.0/8, 127.0.0.1/32")];
        let from_environment = load("", &environment, vec![]).unwrap();
        assert_eq!(from_file.outbound.allow_networks, from_environment.outbound.allow_networks);
        assert_eq!(from_file.outbound.allow_networks.len(), 2);
        assert!(load("", &[("STOREWIRE__OUTBOUND__ALLOW_NETWORKS", "10.0.0.0/99")], vec![]).is_err());
    }

    #[test]
    fn an_unknown_key_is_refused_by_its_name_wherever_it_comes_from() {
        let error = load("[server]\nlisten_on = \"x\"", &[], vec![]).unwrap_err();
        assert!(format!("{error:#}").contains("listen_on"), "{error:#}");
        let error = load("", &[("STOREWIRE__SERVR__LISTEN", "x")], vec![]).unwrap_err();
        assert!(format!("{error:#}").contains("servr"), "{error:#}");
    }

    /// The settings of a section of the default file that are told there and not set.
    fn told(section: &str) -> String {
        let (_, rest) = DEFAULTS.split_once(&format!("\n[{section}]\n")).unwrap();
        rest.lines()
            .take_while(|line| !line.starts_with('['))
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|line| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ') && key != "arbiters"))
            .map(|line| format!("{line}\n"))
            .collect()
    }

    #[test]
    fn the_desk_settings_in_the_default_file_are_the_defaults_of_the_desk() {
        let defaults = storewire_actors::EngineConfig::new("https://ops.example.com".parse().unwrap()).desk;
        let mut written = defaults.clone();
        load("", &[], vec![]).unwrap().desk.apply(&mut written);
        assert_eq!(format!("{written:?}"), format!("{defaults:?}"));
        let stated = load(&format!("[desk]\n{}", told("desk")), &[], vec![]).unwrap();
        stated.desk.apply(&mut written);
        assert_eq!(format!("{written:?}"), format!("{defaults:?}"));
        assert_eq!(format!("{:?}", stated.desk).matches("None").count(), 0, "{:?}", stated.desk);
        let environment = [("STOREWIRE__DESK__REQUEST_REMINDS", "1h, 90m")];
        load("", &environment, vec![]).unwrap().desk.apply(&mut written);
        assert_eq!(written.request_reminds.iter().map(|wait| wait.as_secs()).collect::<Vec<_>>(), [3_600, 5_400]);
        for bad in [
            "interval = \"0s\"",
            "request_reminds = [\"24h\", \"0s\"]",
            "request_expires = \"soon\"",
            "zone = \"Mars/North\"",
            "hours = \"always\"",
            "holidays = [\"2026-02-30\"]",
            "answer_high = \"0s\"",
            "file_bytes = 10485761",
        ] {
            assert!(load(&format!("[desk]\n{bad}"), &[], vec![]).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_engine_settings_in_the_default_file_are_the_defaults_of_the_engine() {
        let settings = told("engine");
        let defaults = storewire_actors::EngineConfig::new("https://ops.example.com".parse().unwrap());
        let mut written = defaults.clone();
        let unset = load("", &[], vec![]).unwrap();
        unset.engine.apply(&mut written);
        assert_eq!(format!("{written:?}"), format!("{defaults:?}"));

        // Every key is in the file, with the value that the engine has anyway.
        let stated = load(&format!("[engine]\n{settings}"), &[], vec![]).unwrap();
        stated.engine.apply(&mut written);
        assert_eq!(format!("{written:?}"), format!("{defaults:?}"));
        let unstated = format!("{:?}", stated.engine).matches("None").count();
        assert_eq!(unstated, 1, "only `arbiters` depends on the machine: {:?}", stated.engine);
    }

    #[test]
    fn the_database_address_may_come_from_a_file_and_is_never_printed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("url");
        std::fs::write(&path, "postgresql://app:hunter2@db/storewire\n").unwrap();
        let config = load(&format!("[database]\nurl_file = {path:?}"), &[], vec![]).unwrap();
        assert_eq!(
            config.database.url.as_ref().map(DatabaseUrl::expose),
            Some("postgresql://app:hunter2@db/storewire")
        );
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn letters_go_nowhere_until_a_mail_server_is_named() {
        assert!(!load("", &[], vec![]).unwrap().mail.post().unwrap().is_set());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "hunter2\n").unwrap();
        let mail = format!("[mail]\nfrom = \"Desk <desk@example.com>\"\nuser = \"desk\"\npassword_file = {path:?}");
        let environment = [("STOREWIRE__MAIL__HOST", "mail.internal")];
        let config = load(&mail, &environment, vec![]).unwrap();
        assert_eq!(config.mail.post().unwrap().domain(), Some("example.com"));
        assert!(!format!("{config:?}").contains("hunter2"));
        // Settings that would send nothing are refused when the program starts.
        for (settings, word) in [
            ("from = \"desk@example.com\"", "mail.host"),
            ("host = \"mail.internal\"", "mail.from"),
            ("host = \"mail.internal\"\nfrom = \"nobody\"", "mail.from"),
            ("host = \"mail.internal\"\nfrom = \"desk@example.com\"\nuser = \"desk\"", "mail.password"),
            ("host = \"mail.internal\"\nfrom = \"desk@example.com\"\ntimeout = \"5m\"", "mail.timeout"),
            ("host = \"mail.internal\"\nfrom = \"desk@example.com\"\ntls = \"perhaps\"", "perhaps"),
        ] {
            let error = load(&format!("[mail]\n{settings}"), &[], vec![]).unwrap_err();
            assert!(format!("{error:#}").contains(word), "{settings}: {error:#}");
        }
    }
}
