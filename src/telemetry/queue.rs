//! A queue before stderr, so that nobody who has something to say waits for whoever reads it: a pipe that is full, a disk that is full,
//! a terminal that stands still.
//!
//! One thread writes. What finds the queue full is left out and counted, and the count is told as soon as there is room again.

use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait.
const BOUND: usize = 8_192;
/// How long the end of the process waits for lines that are still to be written.
const FLUSHED_WITHIN: Duration = Duration::from_secs(1);

static QUEUE: OnceLock<Queue> = OnceLock::new();

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Queue {
    lines: SyncSender<Vec<u8>>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    waiting: AtomicUsize,
    left_out: AtomicU64,
}

impl Queue {
    /// The process's queue; its thread starts with it.
    pub fn of_process() -> &'static Self {
        QUEUE.get_or_init(|| Self::before(io::stderr()))
    }

    fn before(to: impl Write + Send + 'static) -> Self {
        let (lines, waiting) = sync_channel(BOUND);
        let counts = Arc::new(Counts::default());
        let seen = Arc::clone(&counts);
        let started = std::thread::Builder::new().name("log".to_owned()).spawn(move || write(to, &waiting, &seen));
        if let Err(error) = started {
            let _ = writeln!(io::stderr(), "the log has no thread and is silent: {error}");
        }
        Self { lines, counts }
    }

    /// Never waits.
    pub fn put(&self, line: Vec<u8>) {
        self.counts.waiting.fetch_add(1, Ordering::AcqRel);
        if self.lines.try_send(line).is_err() {
            self.counts.waiting.fetch_sub(1, Ordering::AcqRel);
            self.counts.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits a moment for what was put to be written.
    fn flush(&self) {
        let deadline = Instant::now() + FLUSHED_WITHIN;
        while self.counts.waiting.load(Ordering::Acquire) > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Waits a moment for what was said to be written, if anything was said by this process.
pub fn flush() {
    if let Some(queue) = QUEUE.get() {
        queue.flush();
    }
}

fn write(mut to: impl Write, lines: &Receiver<Vec<u8>>, counts: &Counts) {
    for line in lines {
        // A reader that is gone and a disk that is full are no reason to fail, and there is nobody to tell.
        let _ = to.write_all(&line);
        let left_out = counts.left_out.swap(0, Ordering::Relaxed);
        if left_out > 0 {
            let told = format!("{left_out} lines of the log were left out: nobody took them in time\n");
            let _ = to.write_all(told.as_bytes());
        }
        counts.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Gathers one event, which is put when it is complete.
#[derive(Debug)]
pub struct Line<'a> {
    queue: &'a Queue,
    bytes: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { queue: self, bytes: Vec::new() }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        if !self.bytes.is_empty() {
            self.queue.put(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// Takes a line whenever it is told to.
    struct Slow {
        go: Receiver<()>,
        taken: std::sync::mpsc::Sender<String>,
    }

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.go.recv();
            let _ = self.taken.send(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nobody_waits_for_a_reader_and_what_was_left_out_is_counted() {
        let (going, go) = channel();
        let (taken, lines) = channel();
        let queue = Queue::before(Slow { go, taken });
        for number in 0..BOUND + 100 {
            queue.put(format!("{number}\n").into_bytes());
        }
        let waits = queue.counts.waiting.load(Ordering::Acquire);
        assert!((BOUND..=BOUND + 1).contains(&waits), "{waits} lines wait");
        drop(going);
        queue.flush();
        let said: Vec<String> = lines.try_iter().collect();
        assert_eq!(said[0], "0\n");
        assert_eq!(said[2], "1\n");
        let told: String = said.concat();
        let left_out = BOUND + 100 - waits;
        assert!(told.contains(&format!("{left_out} lines of the log were left out")), "{}", said[1]);
    }

    #[test]
    fn an_event_is_one_line_whole() {
        let (going, go) = channel();
        let (taken, lines) = channel();
        let queue = Queue::before(Slow { go, taken });
        drop(going);
        let mut line = queue.make_writer();
        line.write_all(b"half ").unwrap();
        line.write_all(b"and half\n").unwrap();
        drop(line);
        queue.flush();
        assert_eq!(lines.try_iter().collect::<Vec<_>>(), ["half and half\n"]);
    }
}
