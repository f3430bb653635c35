//! Memory of a process, from `/proc`.

use std::fs;

use anyhow::{Context, Result};

/// What a process holds and has held, in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Resident {
    pub now: u64,
    pub peak: u64,
}

impl Resident {
    /// # Errors
    /// If the process is gone.
    pub fn of(pid: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid}"))?;
        Self::parse(&status).with_context(|| format!("process {pid} tells no memory"))
    }

    fn parse(status: &str) -> Option<Self> {
        let kib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix("kB")?.trim().parse().ok()
        };
        Some(Self { now: kib("VmRSS:")?, peak: kib("VmHWM:")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_with_what_is_touched() {
        let before = Resident::of(std::process::id()).unwrap();
        let touched = vec![1_u8; 32 << 20];
        let after = Resident::of(std::process::id()).unwrap();
        assert!(after.peak >= before.now + (30 << 10), "{before:?} {after:?} {}", touched.len());
    }
}
