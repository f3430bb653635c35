//! A small file system of a test's own, on which the disk can be full.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};

const FILLER: &str = "filler";
const BLOCK: [u8; 4096] = [0; 4096];

/// In memory. It goes when this is dropped.
#[derive(Debug)]
pub struct Volume {
    folder: PathBuf,
    is_mounted: AtomicBool,
}

impl Volume {
    /// Mounts an empty one as this new folder; `None`, with the reason printed, where this process may not mount.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn mount(folder: &Path, mebibytes: u32) -> Result<Option<Self>> {
        fs::create_dir(folder).with_context(|| folder.display().to_string())?;
        let size = format!("size={mebibytes}m,mode=700");
        let mounting = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        let refusal = match mounting {
            Ok(output) if output.status.success() => {
                return Ok(Some(Self { folder: folder.to_path_buf(), is_mounted: AtomicBool::new(true) }));
            }
            Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            Err(error) => error.to_string(),
        };
        eprintln!("no file system of our own here, so what needs one is skipped: {refusal}");
        Ok(None)
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes all the room that is left.
    ///
    /// # Errors
    /// Any but that there is no room left.
    pub fn fill(&self) -> Result<()> {
        let mut filler = File::options().create(true).append(true).open(self.folder.join(FILLER))?;
        loop {
            match filler.write_all(&BLOCK) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Gives it back.
    ///
    /// # Errors
    /// If it was not filled.
    pub fn empty(&self) -> Result<()> {
        Ok(fs::remove_file(self.folder.join(FILLER))?)
    }
}

impl Volume {
    pub(crate) fn unmount(&self) {
        if !self.is_mounted.swap(false, Ordering::Relaxed) {
            return;
        }
        // Lazily: a process that is about to end may still hold a file.
        let unmounted = Command::new("umount").arg("--lazy").arg(&self.folder).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.folder.display());
        }
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        self.unmount();
    }
}
