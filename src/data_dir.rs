//! The data folder: one process at a time, the key file, and where the embedded cluster lies.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use nix::unistd::geteuid;
use storewire_guard::seal::{KeyFileError, Keyring};
use uuid::Uuid;

use crate::failure::{Exit, Failure, Outcome};
use crate::output::say;

/// A data folder that is ours alone as long as this value lives.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

impl DataDir {
    /// Makes the folder if need be. Refuses politely when another process works in it.
    pub fn lock(path: &Path) -> Outcome<Self> {
        match Self::try_lock(path)? {
            Ok(own) => Ok(own),
            Err(other) => Err(Failure::new(
                Exit::TryLater,
                format!(
                    "another storewire (process {other}) works in {}: stop it, or choose another folder with --data-dir",
                    path.display()
                ),
            )),
        }
    }

    /// Answers the process that holds the folder when it is not free.
    pub fn try_lock(path: &Path) -> Outcome<Result<Self, String>> {
        make(path)?;
        let file = path.join("storewire.lock");
        let mut lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o644)
            .open(&file)
            .with_context(|| {
                format!("data_dir must be a folder that can be written to; cannot open {}", file.display())
            })
            .map_err(Failure::config)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                lock.read_to_string(&mut holder).ok();
                return Ok(Err(holder.trim().to_owned()));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Failure::config(
                    anyhow::Error::new(error)
                        .context(format!("{} cannot be locked: data_dir must lie on a local disk", file.display())),
                ));
            }
        }
        lock.set_len(0)?;
        lock.rewind()?;
        lock.write_all(format!("{}\n", std::process::id()).as_bytes())?;
        let path = path.canonicalize()?;
        Ok(Ok(Self { path, _lock: lock }))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The installation's keys. They are made at the first start; a database whose keys are gone is not given new ones,
    /// since every secret in it would be lost without a word.
    pub fn keyring(&self, database_is_new: bool) -> Outcome<Keyring> {
        let path = key_file(&self.path);
        if path.exists() || !database_is_new {
            return load_keyring(&self.path);
        }
        say(&format!("making the key file {} (back it up: the database is worth little without it)", path.display()));
        Ok(Keyring::generate_file(&path)?)
    }

    /// This node's lasting identity: after a restart it finds its own leases again.
    pub fn node(&self) -> Outcome<Uuid> {
        let path = self.path.join("node");
        if let Some(known) = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()) {
            return Ok(known);
        }
        let fresh = Uuid::now_v7();
        fs::write(&path, format!("{fresh}\n")).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(fresh)
    }

    pub fn has_cluster(&self) -> bool {
        self.path.join("postgres").exists()
    }
}

pub fn key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("storewire.key")
}

pub fn load_keyring(data_dir: &Path) -> Outcome<Keyring> {
    let path = key_file(data_dir);
    Keyring::load(&path).map_err(|error| {
        let advice = match &error {
            KeyFileError::OpenToOthers { .. } => "",
            _ if path.exists() => ": restore it from a backup",
            _ => ": restore it from a backup, or start with an empty data_dir",
        };
        Failure::new(Exit::Config, format!("{error}{advice}"))
    })
}

fn make(path: &Path) -> Outcome {
    // Root's embedded PostgreSQL is another user: it must get through, but need not look around.
    let mode = if geteuid().is_root() { 0o711 } else { 0o700 };
    if !path.exists() {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| refused(path, error))?;
        }
        DirBuilder::new().mode(mode).create(path).map_err(|error| refused(path, error))?;
    }
    Ok(())
}

fn refused(path: &Path, error: std::io::Error) -> Failure {
    Failure::config(anyhow::Error::new(error).context(format!("cannot make data_dir {}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_process_is_told_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::lock(folder.path()).unwrap();
        let refusal = DataDir::lock(folder.path()).unwrap_err();
        assert_eq!(refusal.exit, Exit::TryLater);
        assert!(refusal.to_string().contains(&format!("process {}", std::process::id())), "{refusal}");
        drop(first);
        DataDir::lock(folder.path()).unwrap();
    }

    #[test]
    fn keys_are_made_once_and_never_again_for_a_database_that_lost_them() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::lock(folder.path()).unwrap();
        let made = data_dir.keyring(true).unwrap();
        let loaded = data_dir.keyring(true).unwrap();
        assert_eq!(format!("{made:?}"), format!("{loaded:?}"));
        fs::remove_file(key_file(folder.path())).unwrap();
        assert_eq!(data_dir.keyring(false).unwrap_err().exit, Exit::Config);
    }
}
