//! Wrong settings and wrong keys: refused before anything is started, by name, with what to do, and by an exit code of their own.

mod table;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use table::{Set, WRONG};

use crate::{folder, run, storewire};

const WRONG_CONFIGURATION: Option<i32> = Some(78);
/// A server that should have refused is not waited for.
const REFUSES_WITHIN: Duration = Duration::from_secs(60);

/// Runs what should end by itself. Its exit code, and what it said.
fn refusal(command: &mut Command) -> (Option<i32>, String) {
    let mut child = command.spawn().unwrap();
    let deadline = Instant::now() + REFUSES_WITHIN;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// It must refuse with these words; answers all of them.
fn assert_refused(command: &mut Command, words: &[&str], what: &str) -> String {
    let (code, said) = refusal(command);
    assert_eq!(code, WRONG_CONFIGURATION, "{what}: {said}");
    for word in words {
        assert!(said.contains(word), "{what}: it does not say {word:?}: {said}");
    }
    assert!(!said.contains("panicked") && !said.contains("crashed"), "{what}: {said}");
    said
}

#[test]
fn e5_each_of_many_wrong_settings_is_refused_by_name_with_what_to_do_and_nothing_is_started() {
    let folder = folder();
    let (data, file) = (folder.path().join("data"), folder.path().join("config.toml"));
    for (set, words) in WRONG {
        let mut command = storewire(&["serve", "--config", &file.to_string_lossy()], &data);
        std::fs::write(&file, "").unwrap();
        match set {
            Set::File(text) => std::fs::write(&file, text).unwrap(),
            Set::Variable(name, value) => drop(command.env(format!("STOREWIRE__{name}"), value)),
        }
        let said = assert_refused(&mut command, words, &format!("{set:?}"));
        assert!(!said.contains("hunter2"), "a password was told: {said}");
        assert!(!data.join("postgres").exists(), "{set:?}: a database was made");
    }
}

#[test]
fn e5_places_that_cannot_serve_are_refused_by_name() {
    let folder = folder();
    let (file, nowhere) = (folder.path().join("file"), folder.path().join("nowhere.toml"));
    std::fs::write(&file, "").unwrap();
    assert_refused(&mut storewire(&["serve"], &file), &["data_dir", "folder"], "a data folder that is a file");
    assert_refused(&mut storewire(&["serve"], &file.join("below")), &["data_dir"], "a data folder below a file");
    for config in [&nowhere, folder.path()] {
        let mut command = storewire(&["serve", "--config", &config.to_string_lossy()], &folder.path().join("data"));
        assert_refused(&mut command, &["configuration", &config.to_string_lossy()], "a configuration that is no file");
    }
    let keyless = ["store", "add", "--tenant", "Coffee", "--url", "https://shop.example.com", "--name", "Shop"];
    assert_refused(&mut storewire(&keyless, &folder.path().join("data")), &["STOREWIRE_CONSUMER_KEY"], "no keys");
}

/// Starts the server without a port of its own, so that tests do not meet.
fn serve(data: &Path) -> Command {
    let mut command = storewire(&["serve", "--listen", "127.0.0.1:0"], data);
    command.env("STOREWIRE__METRICS__LISTEN", "127.0.0.1:0");
    command
}

#[test]
fn e5_a_key_file_that_others_can_read_or_that_holds_no_key_is_refused_before_the_database_is_started() {
    const GOOD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
    let folder = folder();
    let key = folder.path().join("storewire.key");
    let chmod = |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o644, 0o640, 0o604, 0o660, 0o620, 0o602, 0o601, 0o777] {
        std::fs::write(&key, GOOD).unwrap();
        chmod(mode);
        let what = format!("a key file of mode {mode:o}");
        assert_refused(&mut serve(folder.path()), &["storewire.key", "chmod 600"], &what);
    }
    chmod(0o600);
    for text in ["", "\n# no key\n", "not base64!\n", "AAECAwQFBgc=\n", "\u{feff}", GOOD.get(1..).unwrap()] {
        std::fs::write(&key, text).unwrap();
        let what = format!("a key file that holds {text:?}");
        assert_refused(&mut serve(folder.path()), &["storewire.key", "restore it from a backup"], &what);
    }
    std::fs::remove_file(&key).unwrap();
    std::fs::create_dir(folder.path().join("postgres")).unwrap();
    assert_refused(
        &mut serve(folder.path()),
        &["storewire.key", "restore it from a backup"],
        "a key file that is gone",
    );
    assert!(!key.exists(), "a new key was made for an old database");
    let entries = std::fs::read_dir(folder.path().join("postgres")).unwrap().count();
    assert_eq!(entries, 0, "a database was made");
    // And the good one is good.
    std::fs::remove_dir(folder.path().join("postgres")).unwrap();
    std::fs::write(&key, GOOD).unwrap();
    chmod(0o600);
    assert_eq!(run(&["migrate"], folder.path()).0, Some(0));
}
