//! The operating system's user that the server runs as: ourselves, or an unprivileged one when we are root.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{User, getegid, geteuid};

use crate::ClusterError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    uid: u32,
    gid: u32,
    /// True when this is not the user we are: files must be handed over and programs started as it.
    other: bool,
}

impl Account {
    /// PostgreSQL refuses to run as root, so root chooses `postgres` (Debian's) and, where it is missing, `nobody`.
    pub fn choose() -> Result<Self, ClusterError> {
        let ours = geteuid();
        if !ours.is_root() {
            let name = User::from_uid(ours).ok().flatten().map_or_else(|| ours.to_string(), |user| user.name);
            return Ok(Self { name, uid: ours.as_raw(), gid: getegid().as_raw(), other: false });
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), other: true })
            .ok_or(ClusterError::NoAccount)
    }

    pub fn uid(&self) -> u32 {
        self.uid
    }

    /// A command that runs as this user, with a small fixed environment: a user's PGDATA or LC_ALL must not leak in.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").stdin(Stdio::null());
        if self.other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    pub(crate) fn give(&self, path: &Path) -> Result<(), ClusterError> {
        if self.other {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .map_err(ClusterError::io("hand over", path))?;
        }
        Ok(())
    }

    /// Asks the system itself (by a process of that user), since mode bits alone do not tell about access lists.
    pub(crate) fn can_reach(&self, folder: &Path) -> bool {
        if !self.other {
            return true;
        }
        let status = self.command(Path::new("/usr/bin/test")).arg("-x").arg(folder).current_dir("/").status();
        status.is_ok_and(|status| status.success())
    }
}
