//! Where a cluster lives: in its owner's data folder, or beside it when the server's user cannot get there.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use crate::{Account, ClusterError};

/// Folders that an unprivileged server can always reach; used when we are root and the data folder is, say, in /root.
const FALLBACK: &str = "/var/lib/storewire";

const NAME: &str = "postgres";

/// The home of the cluster that belongs to `data_dir`, made if need be.
///
/// In the usual case that is `data_dir/postgres`. Otherwise `data_dir/postgres` is a link to the home under
/// `/var/lib/storewire`, so that moving or deleting the data folder moves or forgets the cluster with it.
pub fn place_in(data_dir: &Path, account: &Account, progress: &dyn Fn(&str)) -> Result<PathBuf, ClusterError> {
    let data_dir = data_dir.canonicalize().map_err(ClusterError::io("find", data_dir))?;
    let here = data_dir.join(NAME);
    if let Ok(home) = here.canonicalize() {
        return Ok(home);
    }
    if account.can_reach(&data_dir) {
        make_private_folder(&here, account)?;
        return Ok(here);
    }
    let home = unused(Path::new(FALLBACK), &data_dir, progress)?;
    make_private_folder(&home, account)?;
    // A dangling link is left when the home was deleted by hand.
    if here.symlink_metadata().is_ok() {
        fs::remove_file(&here).map_err(ClusterError::io("replace", &here))?;
    }
    symlink(&home, &here).map_err(ClusterError::io("link", &here))?;
    progress(&format!(
        "the user {} cannot reach {}: its database is kept in {}",
        account.name,
        data_dir.display(),
        home.display()
    ));
    Ok(home)
}

/// A data folder that was deleted and made again does not get the old one's cluster: its keys are gone.
fn unused(parent: &Path, data_dir: &Path, progress: &dyn Fn(&str)) -> Result<PathBuf, ClusterError> {
    fs::DirBuilder::new().recursive(true).mode(0o755).create(parent).map_err(ClusterError::io("make", parent))?;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, data_dir.as_os_str().as_encoded_bytes());
    let name: String = hex::encode(digest).chars().take(8).collect();
    let first = parent.join(&name);
    if !first.exists() {
        return Ok(first);
    }
    progress(&format!(
        "{} is the database of an earlier {}; it is left alone and can be deleted",
        first.display(),
        data_dir.display()
    ));
    Ok((2..).map(|number| parent.join(format!("{name}-{number}"))).find(|path| !path.exists()).unwrap_or(first))
}

/// Makes `folder` (not its parents' modes) so that only the server's user, and root, can look into it.
pub fn make_private_folder(folder: &Path, account: &Account) -> Result<(), ClusterError> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => account.give(folder),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => owned(folder, account),
        Err(error) => Err(ClusterError::io("make", folder)(error)),
    }
}

/// In a folder that everybody may write to, somebody else may have been there first.
fn owned(folder: &Path, account: &Account) -> Result<(), ClusterError> {
    let metadata = folder.symlink_metadata().map_err(ClusterError::io("look at", folder))?;
    let owner = metadata.uid();
    if !metadata.is_dir() || (owner != account.uid() && owner != geteuid().as_raw()) {
        return Err(ClusterError::ForeignFolder { path: folder.to_path_buf() });
    }
    account.give(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(ClusterError::io("close", folder))
}
