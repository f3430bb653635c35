//! The key file: one base64 key of 32 bytes a line, the newest first, readable by its owner only.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

/// A key file of honest size is a few hundred bytes.
const MAX_BYTES: u64 = 64 * 1024;

pub(crate) type Key = Zeroizing<[u8; 32]>;

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error("the key file {path} could not be read or written")]
    Io { path: PathBuf, source: io::Error },
    #[error("the key file {path} is open to others (mode {mode:04o}); run: chmod 600 {path}")]
    OpenToOthers { path: PathBuf, mode: u32 },
    #[error("line {line} of the key file {path} is no base64 key of 32 bytes")]
    Malformed { path: PathBuf, line: usize },
    #[error("the key file {path} holds no key")]
    Empty { path: PathBuf },
}

/// Writes a file with one new key. An existing file is never touched.
pub(crate) fn create(path: &Path) -> Result<Key, KeyFileError> {
    let key = Key::new(crate::random::bytes());
    let line = Zeroizing::new(format!("{}\n", STANDARD.encode(*key)));
    write_new(path, line.as_bytes()).map_err(|source| KeyFileError::Io { path: path.to_owned(), source })?;
    Ok(key)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    // A key that a power cut takes away makes every sealed secret worthless, so its folder entry is made durable too.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Reads the keys, the newest first.
pub(crate) fn read(path: &Path) -> Result<Vec<Key>, KeyFileError> {
    let io_error = |source| KeyFileError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(io_error)?;
    // Asked of the open file, so that it cannot be exchanged in between.
    let mode = file.metadata().map_err(io_error)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::OpenToOthers { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(io_error)?;
    parse(&text, path)
}

fn parse(text: &str, path: &Path) -> Result<Vec<Key>, KeyFileError> {
    let mut keys = Vec::new();
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let malformed = || KeyFileError::Malformed { path: path.to_owned(), line: number + 1 };
        let bytes = Zeroizing::new(STANDARD.decode(line).map_err(|_| malformed())?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| malformed())?;
        keys.push(Key::new(key));
    }
    if keys.is_empty() {
        return Err(KeyFileError::Empty { path: path.to_owned() });
    }
    Ok(keys)
}
