//! A writer that is killed: what it has left in the folder, and what the sweep makes of it.

use std::{
    env, fs,
    io::{self, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use storewire_domain::{AttachmentId, TenantId};
use storewire_files::{Files, FilesError};

use crate::scene::{far_ahead, is_whole, letters, stored};

const FOLDER: &str = "STOREWIRE_FILES_TEST_FOLDER";

/// Long enough for a kill to find a put in its middle.
const LENGTH: usize = 2 << 20;

/// More than a kill waits for, and no disk is filled by it.
const MOST: usize = 100;

#[tokio::test]
#[ignore = "the process that is killed by the test below"]
async fn a_writer_writes_until_it_is_killed() {
    let files = Files::open(env::var(FOLDER).unwrap()).unwrap();
    let tenant = TenantId::fresh();
    for _ in 0..MOST {
        // No row follows: this is where the kill is.
        files.put(tenant, AttachmentId::fresh(), letters(LENGTH)).await.unwrap();
    }
    // Ends with whoever should have killed it.
    io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

struct Writer(Child);

impl Writer {
    fn start(folder: &Path) -> Self {
        let name = "killed::a_writer_writes_until_it_is_killed";
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--ignored", "--exact", name]).env(FOLDER, folder);
        Self(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Writer {
    /// SIGKILL.
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Lets a writer put a few files and strikes it down.
async fn write_and_be_killed(folder: &Path, files: &Files) {
    let before = stored(files).await.len();
    let mut writer = Writer::start(folder);
    let deadline = Instant::now() + Duration::from_secs(60);
    while stored(files).await.len() < before + 3 {
        assert!(Instant::now() < deadline, "the writer writes nothing");
        assert!(writer.0.try_wait().unwrap().is_none(), "the writer ended by itself");
    }
}

#[tokio::test]
async fn a_kill_between_put_and_row_leaves_whole_loose_files_that_the_sweep_finds() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    for _ in 0..5 {
        write_and_be_killed(folder.path(), &files).await;
    }
    let loose = stored(&files).await;
    assert!(loose.len() >= 15);
    for file in &loose {
        assert_eq!(file.bytes, LENGTH as u64 + 1);
        assert!(is_whole(&files.get(file.tenant, file.id).await.unwrap()), "{file:?}");
    }
    for file in &loose {
        files.delete(file.tenant, file.id).await.unwrap();
    }
    files.clear_halves(far_ahead()).await.unwrap();
    assert_eq!(files_below(folder.path()), 0, "something is left that nobody finds");
}

#[tokio::test]
async fn a_half_is_no_file_and_is_cleared_once_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path()).unwrap();
    let (tenant, id) = (TenantId::fresh(), AttachmentId::fresh());
    // As a kill in the middle of a put leaves it.
    fs::create_dir(folder.path().join(tenant.to_string())).unwrap();
    fs::write(folder.path().join(format!("{tenant}/{id}#1")), letters(100)).unwrap();
    assert_eq!(stored(&files).await, []);
    let missing = files.get(tenant, id).await.unwrap_err();
    assert!(matches!(missing, FilesError::Missing { .. }), "{missing}");

    files.put(tenant, id, letters(200)).await.expect("a half is in nobody's way");
    assert_eq!(files.clear_halves(Timestamp::UNIX_EPOCH).await.unwrap(), 0, "it may still be written to");
    assert_eq!(files.clear_halves(far_ahead()).await.unwrap(), 1);
    assert_eq!(files.get(tenant, id).await.unwrap(), letters(200));
}

fn files_below(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}
