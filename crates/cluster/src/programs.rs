//! Finds the machine's PostgreSQL programs where Debian puts them: `/usr/lib/postgresql/<major>/bin`.

use std::path::{Path, PathBuf};

use crate::ClusterError;

/// Older servers lack what the schema uses (`lz4` for stored payloads, `MERGE`); 15 is what Debian 12 ships.
pub const MINIMUM_MAJOR: u32 = 15;

const ROOT: &str = "/usr/lib/postgresql";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    pub major: u32,
    folder: PathBuf,
}

impl Programs {
    pub fn newest() -> Result<Self, ClusterError> {
        newest_under(Path::new(ROOT)).ok_or(ClusterError::NoPrograms { minimum: MINIMUM_MAJOR })
    }

    /// A cluster stays with the major version that made it, also after a newer one was installed beside it.
    pub(crate) fn for_cluster(home: &Path, found: u32) -> Result<Self, ClusterError> {
        let newest = Self::newest()?;
        all_under(Path::new(ROOT))
            .into_iter()
            .find(|programs| programs.major == found)
            .ok_or_else(|| ClusterError::OtherMajor { home: home.to_path_buf(), found, installed: newest.major })
    }

    pub fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }
}

fn newest_under(root: &Path) -> Option<Programs> {
    all_under(root).into_iter().filter(|programs| programs.major >= MINIMUM_MAJOR).max_by_key(|programs| programs.major)
}

fn all_under(root: &Path) -> Vec<Programs> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            // Client packages leave a folder without the server's programs.
            (folder.join("postgres").exists() && folder.join("initdb").exists()).then_some(Programs { major, folder })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(root: &Path, major: &str, programs: &[&str]) {
        let bin = root.join(major).join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        for program in programs {
            std::fs::write(bin.join(program), "").unwrap();
        }
    }

    #[test]
    fn the_newest_server_is_chosen_by_number_and_client_only_folders_are_passed_over() {
        let root = tempfile::tempdir().unwrap();
        install(root.path(), "9", &["postgres", "initdb"]);
        install(root.path(), "15", &["postgres", "initdb"]);
        install(root.path(), "17", &["psql"]);
        assert_eq!(newest_under(root.path()).map(|programs| programs.major), Some(15));
    }

    #[test]
    fn a_server_that_is_too_old_counts_as_none() {
        let root = tempfile::tempdir().unwrap();
        install(root.path(), "13", &["postgres", "initdb"]);
        assert_eq!(newest_under(root.path()), None);
    }
}
