//! The binary as an operator meets it: exit codes, one process a folder, an orderly end, and a start after a disorderly one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod failpoints;
mod settings;
mod verbs;

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// A data folder that an unprivileged PostgreSQL can reach, whatever the tests run as.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("swcli").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn storewire(arguments: &[&str], data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_storewire"));
    command.args(arguments).arg("--data-dir").arg(data_dir).stdin(Stdio::null()).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("STOREWIRE_")) {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str], data_dir: &Path) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = storewire(arguments, data_dir).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// A server that answers, and what it says from then on. Killed when the test ends early.
struct Server(Child);

impl Server {
    fn start(data_dir: &Path) -> Self {
        let mut command = storewire(&["serve", "--listen", "127.0.0.1:0"], data_dir);
        let mut server = Self(command.env("STOREWIRE__METRICS__LISTEN", "127.0.0.1:0").spawn().unwrap());
        let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        loop {
            let Some(Ok(line)) = lines.next() else { panic!("the server ended: {said:?}") };
            said.push(line);
            if said.last().is_some_and(|line| line.contains("storewire serves")) {
                // Somebody must go on reading, or the server would wait for room in the pipe.
                std::thread::spawn(move || lines.for_each(drop));
                return server;
            }
        }
    }

    fn signal(&mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.0.id().cast_signed()), signal).unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = kill(Pid::from_raw(self.0.id().cast_signed()), Signal::SIGTERM);
        let _ = self.0.wait();
    }
}

fn postgres_of(data_dir: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(data_dir.join("postgres/data/postmaster.pid")).ok()?;
    text.lines().next()?.parse().ok()
}

#[test]
fn an_interrupt_leaves_nothing_running() {
    let folder = folder();
    let mut server = Server::start(folder.path());
    let postgres = postgres_of(folder.path()).unwrap();
    assert_eq!(server.signal(Signal::SIGINT), Some(0));
    assert_eq!(postgres_of(folder.path()), None);
    assert!(!Path::new(&format!("/proc/{postgres}")).exists(), "PostgreSQL still runs");
}

#[test]
fn after_a_kill_the_next_start_finds_the_data_and_the_running_database() {
    let folder = folder();
    let mut server = Server::start(folder.path());
    let (code, id, _) = run(&["user", "create", "--email", "a@example.com", "--role", "platform-admin"], folder.path());
    assert_eq!((code, id.trim().len()), (Some(0), 36), "beside a running server");
    let postgres = postgres_of(folder.path());
    server.signal(Signal::SIGKILL);

    let mut server = Server::start(folder.path());
    assert_eq!(postgres_of(folder.path()), postgres, "the database was adopted");
    let again = ["user", "create", "--email", "A@example.com", "--role", "platform-admin"];
    let (code, _, said) = run(&again, folder.path());
    assert_eq!(code, Some(1));
    assert!(said.contains("already"), "{said}");
    assert_eq!(server.signal(Signal::SIGTERM), Some(0));
    assert_eq!(postgres_of(folder.path()), None);
}

#[test]
fn a_second_server_in_the_same_folder_refuses_and_names_the_first() {
    let folder = folder();
    let server = Server::start(folder.path());
    let (code, _, said) = run(&["serve", "--listen", "127.0.0.1:0"], folder.path());
    assert_eq!(code, Some(75));
    assert!(said.contains(&format!("process {}", server.0.id())), "{said}");
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let folder = folder();
    let output = storewire(&["doctor"], folder.path()).env("STOREWIRE__SERVER__LISTNE", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&output.stderr).contains("listne"));
}

#[test]
fn wrong_usage_is_told_from_wrong_configuration() {
    let folder = folder();
    assert_eq!(
        run(&["user", "create", "--email", "m@example.com", "--role", "merchant-user"], folder.path()).0,
        Some(2)
    );
    assert_eq!(run(&["user", "create", "--email", "nobody", "--role", "platform-admin"], folder.path()).0, Some(78));
    assert_eq!(run(&["store", "test", "--url", "https://shop.example.com"], folder.path()).0, Some(78));
}

#[test]
fn the_doctor_finds_a_key_file_that_others_can_read() {
    let folder = folder();
    assert_eq!(run(&["migrate"], folder.path()).0, Some(0));
    let (code, findings, said) = run(&["doctor"], folder.path());
    assert_eq!(code, Some(0), "{findings}{said}");
    let key = folder.path().join("storewire.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, findings, _) = run(&["doctor"], folder.path());
    assert_eq!(code, Some(1));
    assert!(findings.contains("chmod 600"), "{findings}");
}

#[test]
fn a_short_demo_sees_its_orders_arrive_and_finds_no_difference() {
    let folder = folder();
    let arguments = ["demo", "--stores", "2", "--rate", "20", "--for", "4s", "--listen", "127.0.0.1:0"];
    let (code, report, said) = run(&arguments, folder.path());
    assert_eq!(code, Some(0), "{report}{said}");
    assert!(report.contains("differences  0"), "{report}");
    assert!(!report.contains(" 0 new ones"), "{report}");
    assert_eq!(postgres_of(folder.path()), None);
}
