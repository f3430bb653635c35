//! Load tests: the built binary under load, with its real database, measured beside the physical limit in the same run.
//!
//! What is trusted here: CPU time per operation, of whole process trees, and ratios of interleaved rounds. Rates and
//! percentiles hold for the machine and the hour.

pub mod bare;
pub mod chaos;
pub mod closed;
pub mod cpu;
pub mod floor;
pub mod ingest;
pub mod ladder;
pub mod latency;
pub mod live;
pub mod open;
pub mod pace;
pub mod port;
pub mod poster;
pub mod report;
pub mod rig;
pub mod source;
pub mod tally;
pub mod template;
pub mod watch;
