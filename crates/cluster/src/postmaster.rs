//! The server's process: looked for, started, waited for.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::pidfile::PidFile;
use crate::{Account, ClusterError, Profile, Programs, make_private_folder, settings};

/// The longest path the system takes for a socket, without its closing zero.
const LONGEST_SOCKET_PATH: usize = 107;
/// In a private folder the number only names the socket file.
const SOCKET_PORT: u16 = 5432;
/// Recovery after a power cut replays the log of one checkpoint interval.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(120);
pub(crate) const LOOK_EVERY: Duration = Duration::from_millis(20);
const LARGEST_LOG: u64 = 8 << 20;

pub(crate) fn running(data: &Path) -> Option<PidFile> {
    PidFile::read(data).filter(|found| found.is_alive(data))
}

/// Waits for "ready" in the server's own file; None when it ended or the time is over.
pub(crate) fn wait_ready(data: &Path, mut child: Option<&mut Child>, deadline: Instant) -> Option<PidFile> {
    while Instant::now() < deadline {
        let found = running(data);
        let ended = match &mut child {
            Some(child) => child.try_wait().ok().flatten().is_some(),
            None => found.is_none(),
        };
        if ended {
            return None;
        }
        if let Some(ready) = found.filter(|found| found.ready) {
            return Some(ready);
        }
        thread::sleep(LOOK_EVERY);
    }
    None
}

pub(crate) fn spawn(
    home: &Path,
    programs: &Programs,
    account: &Account,
    profile: Profile,
    log: &Path,
) -> Result<Child, ClusterError> {
    let run = home.join("run");
    make_private_folder(&run, account)?;
    let longest = run.join(format!(".s.PGSQL.{SOCKET_PORT}")).as_os_str().len();
    let (socket, port) = if longest <= LONGEST_SOCKET_PATH {
        (Some(run.as_path()), SOCKET_PORT)
    } else {
        (None, free_port().map_err(ClusterError::io("find a free port for", home))?)
    };
    let output = open_log(log)?;
    let errors = output.try_clone().map_err(ClusterError::io("open", log))?;
    let program = programs.path("postgres");
    let mut command = account.command(&program);
    command.current_dir(home).arg("-D").arg(home.join("data"));
    for (name, value) in settings::common(socket, port) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    for (name, value) in profile.settings() {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // Its own process group: the terminal's Ctrl-C is for us, we stop the server when our work is put away.
    command.process_group(0).stdout(Stdio::from(output)).stderr(Stdio::from(errors));
    command.spawn().map_err(ClusterError::io("run", program))
}

/// The port is free now; if somebody takes it before the server does, the start fails and says so.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn open_log(path: &Path) -> Result<File, ClusterError> {
    let large = fs::metadata(path).is_ok_and(|found| found.len() > LARGEST_LOG);
    let mut options = OpenOptions::new();
    options.create(true).mode(0o600);
    if large {
        options.write(true).truncate(true)
    } else {
        options.append(true)
    };
    options.open(path).map_err(ClusterError::io("open", path))
}

pub(crate) fn tail(log: &Path) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
}
