//! Stops the tests' shared server once no test process uses it any more.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

/// Every test process holds a shared lock on the file `$1` as long as it lives. This looks now and then whether the
/// lock can be had alone; then nobody is left, and the server `$2` of the data folder `$3` is stopped under the lock, so
/// that the next test process waits until it is gone. It ends by itself when somebody else stopped the server.
const WATCH: &str = r#"
while sleep 15; do
  [ "$(head -n 1 "$3/postmaster.pid" 2>/dev/null)" = "$2" ] || exit 0
  flock --nonblock --exclusive "$1" sh -c '
    kill -INT "$1"
    while [ -e "$2/postmaster.pid" ]; do sleep 0.2; done' sh "$2" "$3" && exit 0
done"#;

pub(crate) fn watch(users: &Path, pid: i32, data: &Path) -> Result<()> {
    let mut watcher = Command::new("/bin/sh")
        .args(["-c", WATCH, "storewire-test-reaper"])
        .arg(users)
        .arg(pid.to_string())
        .arg(data)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // It outlives this process, and a Ctrl-C that ends the tests must not end it.
        .process_group(0)
        .spawn()
        .context("cannot start the watcher of the test server")?;
    // Bury it, should it end before we do.
    std::thread::spawn(move || watcher.wait());
    Ok(())
}
