//! Makes a cluster's data folder, so that a crash half-way leaves nothing that looks finished.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::{Account, ClusterError, Profile, Programs};

pub(crate) const SUPERUSER: &str = "postgres";

/// Returns the programs that fit the cluster in `home`, which is made first when there is none.
pub(crate) fn ensure(
    home: &Path,
    account: &Account,
    profile: Profile,
    progress: &dyn Fn(&str),
) -> Result<Programs, ClusterError> {
    if let Some(major) = major_of(home)? {
        return Programs::for_cluster(home, major);
    }
    let programs = Programs::newest()?;
    progress(&format!("making a private PostgreSQL {} in {} (once)", programs.major, home.display()));
    let password_file = home.join("superuser");
    write_password(&password_file, account)?;

    let (unfinished, data) = (home.join("data.new"), home.join("data"));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(ClusterError::io("clear", &unfinished))?;
    }
    let mut initdb = account.command(&programs.path("initdb"));
    initdb
        .current_dir(home)
        .args(["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256"])
        .arg(format!("--username={SUPERUSER}"))
        .arg(format!("--pwfile={}", password_file.display()))
        .arg("-D")
        .arg(&unfinished);
    if profile == Profile::Scratch {
        initdb.arg("--no-sync");
    }
    let output = initdb.output().map_err(ClusterError::io("run", programs.path("initdb")))?;
    if !output.status.success() {
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(ClusterError::Program { program: "initdb", output });
    }
    fs::rename(&unfinished, &data).map_err(ClusterError::io("put in place", &data))?;
    Ok(programs)
}

/// The programs of a cluster that is there already.
pub(crate) fn programs_of(home: &Path) -> Result<Programs, ClusterError> {
    match major_of(home)? {
        Some(major) => Programs::for_cluster(home, major),
        None => Err(ClusterError::NotRunning { home: home.to_path_buf() }),
    }
}

pub(crate) fn password(home: &Path) -> Result<String, ClusterError> {
    let path = home.join("superuser");
    let text = fs::read_to_string(&path).map_err(ClusterError::io("read", &path))?;
    Ok(text.trim().to_owned())
}

/// PostgreSQL notes the major version that made a data folder in `PG_VERSION`.
fn major_of(home: &Path) -> Result<Option<u32>, ClusterError> {
    let path = home.join("data").join("PG_VERSION");
    match fs::read_to_string(&path) {
        // A version that is not a number is none of ours: number 0 is refused as another major version.
        Ok(text) => Ok(Some(text.trim().parse().unwrap_or(0))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ClusterError::io("read", path)(error)),
    }
}

fn write_password(path: &Path, account: &Account) -> Result<(), ClusterError> {
    let mut random = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| ClusterError::Random)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(ClusterError::io("write", path))?;
    file.write_all(hex::encode(random).as_bytes()).map_err(ClusterError::io("write", path))?;
    account.give(path)
}
