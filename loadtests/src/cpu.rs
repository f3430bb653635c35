//! CPU time of process trees, from `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::Result;

/// The unit of the times in `/proc/<pid>/stat`: a hundredth of a second on every architecture we build for.
const TICK: Duration = Duration::from_millis(10);

/// Time used so far by what is measured, in its two parts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// The binary, or the limit's process.
    pub program: Duration,
    /// PostgreSQL with all its backends.
    pub database: Duration,
}

impl Used {
    #[must_use]
    pub fn total(&self) -> Duration {
        self.program + self.database
    }

    /// What was used since an earlier look.
    #[must_use]
    pub const fn since(&self, before: &Self) -> Self {
        Self {
            program: self.program.saturating_sub(before.program),
            database: self.database.saturating_sub(before.database),
        }
    }
}

struct Stat {
    pid: u32,
    parent: u32,
    /// Its own, and that of its children that have ended and were waited for.
    ticks: u64,
}

/// User and system time of `root` and of every process below it, the ended ones included.
///
/// # Errors
/// If `root` is gone: its time would silently count as none.
pub fn of_tree(root: u32) -> Result<Duration> {
    let ticks: u64 = family(root)?.iter().map(|stat| stat.ticks).sum();
    Ok(TICK * u32::try_from(ticks).unwrap_or(u32::MAX))
}

/// `root` and every process below it, parents before children.
///
/// # Errors
/// If `root` is gone.
pub fn tree(root: u32) -> Result<Vec<u32>> {
    Ok(family(root)?.iter().map(|stat| stat.pid).collect())
}

fn family(root: u32) -> Result<Vec<Stat>> {
    let all = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let (mut family, mut others): (Vec<Stat>, Vec<Stat>) = all.filter_map(read).partition(|stat| stat.pid == root);
    anyhow::ensure!(!family.is_empty(), "process {root} is gone");
    let mut next = 0;
    while let Some(parent) = family.get(next).map(|stat| stat.pid) {
        let (children, rest) = others.into_iter().partition(|stat| stat.parent == parent);
        family.extend::<Vec<Stat>>(children);
        (others, next) = (rest, next + 1);
    }
    Ok(family)
}

fn read(pid: u32) -> Option<Stat> {
    parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The command's name stands in brackets and may hold anything, brackets and blanks among it: fields count from its end.
fn parse(pid: u32, stat: &str) -> Option<Stat> {
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)? + number(13)? + number(14)?;
    Some(Stat { pid, parent: u32::try_from(number(1)?).ok()?, ticks })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_and_blanks_does_not_shift_the_fields() {
        let line = "7 (a) b (c) S 3 7 7 0 -1 4194560 1 0 0 0 11 12 13 14 20 0 1 0 9 0 0";
        let stat = parse(7, line).unwrap();
        assert_eq!((stat.parent, stat.ticks), (3, 50));
    }

    #[test]
    fn time_burnt_by_a_child_that_ended_counts_for_its_parent() {
        let before = of_tree(std::process::id()).unwrap();
        let counting = ["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"];
        assert!(std::process::Command::new("sh").args(counting).status().unwrap().success());
        assert!(of_tree(std::process::id()).unwrap() > before);
    }

    #[test]
    fn a_process_that_is_gone_is_an_error() {
        assert!(of_tree(u32::MAX).is_err());
    }
}
