//! Reads `postmaster.pid`, the file by which a running server tells who and where it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PidFile {
    pub pid: i32,
    pub port: u16,
    /// Empty in the file when the server listens on loopback only.
    pub socket: Option<PathBuf>,
    /// The server accepts connections.
    pub ready: bool,
}

impl PidFile {
    /// None when there is no file, or it is just being written.
    pub(crate) fn read(data: &Path) -> Option<Self> {
        Self::look(data).ok().flatten()
    }

    /// The same; an error says that it cannot be known now, as when this process may open no more files.
    pub(crate) fn look(data: &Path) -> io::Result<Option<Self>> {
        match fs::read_to_string(data.join("postmaster.pid")) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The lines are: process, data folder, start time, port, socket folder, listen address, shared memory, status.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok().filter(|pid| *pid > 1)?;
        let port = lines.nth(2)?.trim().parse().ok()?;
        let socket = lines.next().map(str::trim).filter(|socket| !socket.is_empty()).map(PathBuf::from);
        let ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
        Some(Self { pid, port, socket, ready })
    }

    /// True while that process is a server of this data folder; a number that the system gave to another process, or
    /// a dead server that nobody has buried, does not count.
    pub(crate) fn is_alive(&self, data: &Path) -> bool {
        if !exists(self.pid) {
            return false;
        }
        match fs::read(format!("/proc/{}/cmdline", self.pid)) {
            Ok(line) => {
                let wanted = data.as_os_str().as_encoded_bytes();
                line.split(|byte| *byte == 0).any(|argument| argument == wanted)
            }
            // No /proc here: believe the file.
            Err(_) => true,
        }
    }
}

/// True while there is a process of this number.
pub(crate) fn exists(pid: i32) -> bool {
    !matches!(kill(Pid::from_raw(pid), None), Err(Errno::ESRCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_server_on_a_socket_is_understood() {
        let text = "4711\n/srv/pg/data\n1795000000\n5432\n/srv/pg/run\n\n  1310861         3\nready   \n";
        let wanted = PidFile { pid: 4711, port: 5432, socket: Some(PathBuf::from("/srv/pg/run")), ready: true };
        assert_eq!(PidFile::parse(text), Some(wanted));
    }

    #[test]
    fn a_server_on_loopback_that_is_still_starting_is_not_ready() {
        let text = "4711\n/srv/pg/data\n1795000000\n40123\n\n127.0.0.1\n  1310861         3\nstarting\n";
        assert_eq!(PidFile::parse(text), Some(PidFile { pid: 4711, port: 40123, socket: None, ready: false }));
    }

    #[test]
    fn a_file_that_is_not_there_is_told_from_one_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(PidFile::look(folder.path()).unwrap(), None);
        std::fs::create_dir(folder.path().join("postmaster.pid")).unwrap();
        assert!(PidFile::look(folder.path()).is_err());
        assert_eq!(PidFile::read(folder.path()), None);
    }

    #[test]
    fn half_written_and_hostile_files_are_no_server() {
        for text in ["", "4711\n", "4711\n/srv\n", "-1\n/srv\n1\n5432\n\n", "0\n/a\n1\n5432\n", "1\n/a\n1\n99999999\n"]
        {
            assert_eq!(PidFile::parse(text), None, "{text:?}");
        }
    }
}
