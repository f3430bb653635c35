//! A private cluster through its whole life, with the machine's real PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use storewire_cluster::{Account, Cluster, Endpoint, Profile, Programs, place_in};
use tempfile::TempDir;

/// A folder that an unprivileged user can reach, whatever the tests run as.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("swc").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn start(home: &Path) -> Cluster {
    Cluster::start(home, &Account::choose().unwrap(), Profile::Scratch, &|_| ()).unwrap()
}

fn query(cluster: &Cluster, sql: &str) -> String {
    let psql = Programs::newest().unwrap().path("psql");
    let output = Command::new(psql).args(["-XAtqc", sql, &cluster.admin_url("postgres")]).output().unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn is_alive(pid: i32) -> bool {
    // A dead child of ours that was not waited for counts as gone.
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn wait_gone(pid: i32) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while is_alive(pid) {
        assert!(Instant::now() < deadline, "process {pid} is still there");
        std::thread::yield_now();
    }
}

#[test]
fn what_was_written_is_there_after_a_stop_and_a_start() {
    let folder = folder();
    let home = folder.path().join("pg");
    let cluster = start(&home);
    let pid = cluster.pid();
    query(&cluster, "create table kept as select 42 as answer");
    assert_eq!(query(&cluster, "select pg_encoding_to_char(encoding) || datcollate from pg_database limit 1"), "UTF8C");
    cluster.stop().unwrap();
    assert!(!is_alive(pid), "the server outlived its stop");

    let cluster = start(&home);
    assert_eq!(query(&cluster, "select answer from kept"), "42");
    cluster.stop().unwrap();
}

#[test]
fn a_server_that_outlived_its_owner_is_adopted_and_can_be_stopped() {
    let folder = folder();
    let home = folder.path().join("pg");
    let first = start(&home);
    let adopted = start(&home);
    assert_eq!(adopted.pid(), first.pid());
    let attached = Cluster::attach(&home).unwrap();
    attached.ensure_database("made_here").unwrap();
    attached.ensure_database("made_here").unwrap();
    assert_eq!(query(&adopted, "select count(*) from pg_database where datname = 'made_here'"), "1");
    attached.drop_database("made_here").unwrap();
    assert_eq!(query(&adopted, "select count(*) from pg_database where datname = 'made_here'"), "0");
    let pid = adopted.pid();
    adopted.stop().unwrap();
    wait_gone(pid);
}

#[test]
fn a_killed_server_leaves_a_stale_file_that_does_not_stop_the_next_start() {
    let folder = folder();
    let home = folder.path().join("pg");
    let first = start(&home);
    query(&first, "create table kept as select 1");
    kill(Pid::from_raw(first.pid()), Signal::SIGKILL).unwrap();
    // Buried as the system would bury it: PostgreSQL takes an unburied process for a living one.
    nix::sys::wait::waitpid(Pid::from_raw(first.pid()), None).unwrap();
    let second = start(&home);
    assert_ne!(second.pid(), first.pid());
    assert_eq!(query(&second, "select count(*) from kept"), "1");
    second.stop().unwrap();
}

#[test]
fn a_path_too_long_for_a_socket_means_loopback_only() {
    let folder = folder();
    let long = folder.path().join("d".repeat(100));
    std::fs::create_dir(&long).unwrap();
    let cluster = start(&long.join("pg"));
    assert!(matches!(cluster.endpoint(), Endpoint::Loopback { .. }));
    assert_eq!(query(&cluster, "show listen_addresses"), "127.0.0.1");
    cluster.stop().unwrap();
}

#[test]
fn a_wrong_password_is_refused() {
    let folder = folder();
    let cluster = start(&folder.path().join("pg"));
    let url = cluster.admin_url("postgres");
    let (head, tail) = url.split_once("postgres:").unwrap();
    let forged = format!("{head}postgres:guessed{}", &tail[tail.find('@').unwrap()..]);
    let psql = Programs::newest().unwrap().path("psql");
    let output = Command::new(psql).args(["-XAtqc", "select 1", &forged]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("password authentication failed"));
    cluster.stop().unwrap();
}

#[test]
fn the_data_of_another_major_version_is_refused_with_the_remedy() {
    let folder = folder();
    let home = folder.path().join("pg");
    std::fs::create_dir_all(home.join("data")).unwrap();
    std::fs::write(home.join("data/PG_VERSION"), "11\n").unwrap();
    let refused = Cluster::start(&home, &Account::choose().unwrap(), Profile::Scratch, &|_| ()).unwrap_err();
    assert!(refused.to_string().contains("apt-get install postgresql-11"), "{refused}");
}

#[test]
fn the_home_lies_in_a_data_folder_that_the_server_can_reach() {
    let folder = folder();
    let home = place_in(folder.path(), &Account::choose().unwrap(), &|_| ()).unwrap();
    assert_eq!(home, folder.path().canonicalize().unwrap().join("postgres"));
    assert_eq!(std::fs::metadata(&home).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn the_home_of_an_unreachable_data_folder_lies_elsewhere_and_is_found_again() {
    if !nix::unistd::geteuid().is_root() {
        return; // Only root has a server that cannot go where its owner goes.
    }
    let folder = folder();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let account = Account::choose().unwrap();
    let home = place_in(folder.path(), &account, &|_| ()).unwrap();
    assert!(home.starts_with("/var/lib/storewire"), "{}", home.display());
    assert_eq!(place_in(folder.path(), &account, &|_| ()).unwrap(), home);
    let cluster = Cluster::start(&home, &account, Profile::Scratch, &|_| ()).unwrap();
    assert_eq!(query(&cluster, "select 1"), "1");
    cluster.stop().unwrap();
    std::fs::remove_dir_all(&home).unwrap();
}
