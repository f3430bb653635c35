//! Examines an installation the way an operator would, and says what to do about each thing that is wrong.

use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde::Serialize;
use storewire_cluster::{Account, Programs};
use storewire_db::{bootstrap, migrations};
use storewire_domain::Clock;
use url::Host;

use crate::config::Config;
use crate::data_dir::{key_file, load_keyring};
use crate::failure::{Exit, Failure, Outcome};
use crate::loopback;
use crate::storage::{Reach, Storage, engine_runtime};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    /// Works here, but perhaps not as meant.
    Note,
    Wrong,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Wrong => "WRONG",
        }
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub about: &'static str,
    pub verdict: Verdict,
    pub found: String,
    pub advice: Option<String>,
}

fn ok(about: &'static str, found: impl Into<String>) -> Finding {
    Finding { about, verdict: Verdict::Ok, found: found.into(), advice: None }
}

fn note(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { about, verdict: Verdict::Note, found: found.into(), advice: Some(advice.into()) }
}

fn wrong(about: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Finding {
    Finding { about, verdict: Verdict::Wrong, found: found.into(), advice: Some(advice.into()) }
}

/// All checks, in the order in which a start would trip over them.
pub fn examine(config: &Config) -> Outcome<Vec<Finding>> {
    let data_dir = config.data_dir()?;
    let mut findings = Vec::new();
    if config.database.url.is_none() {
        findings.push(programs());
    }
    findings.push(folder(&data_dir));
    findings.push(key(&data_dir));
    findings.extend(database(config, &data_dir));
    findings.push(public_url(config));
    findings.push(clock(&Clock::system()));
    Ok(findings)
}

fn programs() -> Finding {
    match (Programs::newest(), Account::choose()) {
        (Ok(programs), Ok(account)) => {
            ok("programs", format!("PostgreSQL {}, run as the user {}", programs.major, account.name))
        }
        (Err(error), _) => wrong("programs", error.to_string(), "apt-get install postgresql"),
        (_, Err(error)) => wrong("programs", error.to_string(), "run storewire as a user of its own instead of root"),
    }
}

fn folder(path: &Path) -> Finding {
    let shown = path.display();
    let Ok(metadata) = path.metadata() else {
        return ok("data_dir", format!("{shown} will be made at the first start"));
    };
    if !metadata.is_dir() {
        return wrong("data_dir", format!("{shown} is no folder"), "choose another data_dir");
    }
    if nix::unistd::access(path, nix::unistd::AccessFlags::W_OK).is_err() {
        return wrong(
            "data_dir",
            format!("{shown} cannot be written to"),
            format!("chown it: chown -R $(id -un) {shown}"),
        );
    }
    if metadata.permissions().mode() & 0o022 != 0 {
        return wrong("data_dir", format!("others may write to {shown}"), format!("chmod go-w {shown}"));
    }
    ok("data_dir", shown.to_string())
}

fn key(data_dir: &Path) -> Finding {
    let path = key_file(data_dir);
    if !path.exists() {
        let is_used = data_dir.join("postgres").exists();
        let shown = path.display();
        return if is_used {
            wrong("key file", format!("{shown} is missing, but there is a database"), "restore it from a backup")
        } else {
            ok("key file", format!("{shown} will be made at the first start"))
        };
    }
    match load_keyring(data_dir) {
        Ok(_) => ok("key file", path.display().to_string()),
        Err(error) => wrong("key file", error.to_string(), format!("chmod 600 {}", path.display())),
    }
}

fn database(config: &Config, data_dir: &Path) -> Vec<Finding> {
    if config.database.url.is_none() && !data_dir.join("postgres").exists() {
        return vec![ok("database", "a private cluster will be made at the first start")];
    }
    let reach = match Storage::reach(config) {
        Ok(reach) => reach,
        Err(failure) => return vec![wrong("database", failure.to_string(), "see the log named above")],
    };
    let findings = ask_database(&reach);
    match reach.close_after(Ok(())) {
        Ok(()) => findings,
        Err(failure) => vec![wrong("database", failure.to_string(), "stop it by hand: pg_ctl stop")],
    }
}

fn ask_database(reach: &Reach) -> Vec<Finding> {
    let asked = engine_runtime(1).and_then(|runtime| {
        let known = runtime.block_on(async {
            let target = reach.admin_url.expose().parse().map_err(storewire_db::DbError::Driver)?;
            let mut client = bootstrap::connect(&target, runtime.handle()).await?;
            migrations::status(&mut client).await
        });
        Ok(known?)
    });
    match asked {
        Err(failure) => {
            let advice = "is the address in database.url right, does the server run, may this host connect?";
            vec![wrong("database", failure.to_string(), advice)]
        }
        Ok(known) => {
            let missing = known.iter().filter(|migration| !migration.is_applied).count();
            let schema = match missing {
                0 => ok("schema", format!("all {} migrations are there", known.len())),
                _ => {
                    note("schema", format!("{missing} migrations are missing"), "storewire migrate (serve does it too)")
                }
            };
            vec![ok("database", "answers"), schema]
        }
    }
}

fn public_url(config: &Config) -> Finding {
    let Some(url) = &config.server.public_url else {
        return note(
            "public_url",
            format!("not set: stores would be told http://{}", config.server.listen),
            "set server.public_url to the https address at which stores reach this server; \
             until then changes arrive by pulls only",
        );
    };
    let private = match url.host() {
        Some(Host::Ipv4(address)) => is_inside(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_inside(IpAddr::V6(address)),
        Some(Host::Domain(name)) => name == "localhost" || !name.contains('.'),
        None => true,
    };
    if private {
        let advice = "only stores in the same network can send webhooks there";
        return note("public_url", format!("{url} is a private address"), advice);
    }
    if url.scheme() != "https" {
        return wrong("public_url", format!("{url} is not encrypted"), "put an https reverse proxy in front");
    }
    ok("public_url", url.to_string())
}

fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Stores' answers carry their own time, and certificates and logins expire by ours.
fn clock(clock: &Clock) -> Finding {
    let now = clock.now();
    let synchronised =
        std::process::Command::new("timedatectl").args(["show", "-p", "NTPSynchronized", "--value"]).output();
    match synchronised {
        Ok(output) if output.stdout.starts_with(b"no") => {
            note("clock", format!("{now}, not kept by a time server"), "timedatectl set-ntp true")
        }
        _ => ok("clock", now.to_string()),
    }
}

/// Asks the running server over its own listener.
pub fn ready(config: &Config) -> Outcome {
    let address = loopback::reachable(config.server.listen);
    match loopback::request(address, loopback::Question::get("/readyz")) {
        Ok(answer) if answer.status == 200 => Ok(()),
        Ok(answer) => Err(Failure::new(Exit::TryLater, format!("not ready: {} {}", answer.status, answer.body.trim()))),
        Err(error) => Err(Failure::new(Exit::Unavailable, format!("no answer from {address}: {error}"))),
    }
}
