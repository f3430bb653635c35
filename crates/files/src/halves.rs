//! The halves that a crash leaves in the middle of a put. The storage writes to `<place>#<n>` before it renames, and hides such names
//! from its lists: nobody else finds them.

use std::{
    fs,
    io::{self, ErrorKind},
    path::Path,
};

use jiff::Timestamp;

/// Removes the halves that were last written to before `before`; says how many.
pub(crate) fn clear(folder: &Path, before: Timestamp) -> io::Result<usize> {
    let mut cleared = 0;
    for tenant in fs::read_dir(folder)? {
        let tenant = tenant?;
        if tenant.file_type()?.is_dir() {
            cleared += clear_of_tenant(&tenant.path(), before)?;
        }
    }
    Ok(cleared)
}

fn clear_of_tenant(folder: &Path, before: Timestamp) -> io::Result<usize> {
    let mut cleared = 0;
    for file in fs::read_dir(folder)? {
        let file = file?;
        if is_half(&file.file_name().to_string_lossy()) && is_older(&file, before)? {
            match fs::remove_file(file.path()) {
                Ok(()) => cleared += 1,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(cleared)
}

fn is_half(name: &str) -> bool {
    name.split_once('#')
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// One that was renamed since it was listed has become a file.
fn is_older(file: &fs::DirEntry, before: Timestamp) -> io::Result<bool> {
    match file.metadata().and_then(|found| found.modified()) {
        Ok(at) => Ok(Timestamp::try_from(at).is_ok_and(|at| at < before)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
