//! Load tests: the built binary under load, with its real database, measured beside the physical limit in the same run.
//!
//! What is trusted here: CPU time per operation, of whole process trees, and ratios of interleaved rounds. Rates and
//! percentiles hold for the machine and the hour.

pub mod backfill;
pub mod bare;
pub mod chaos;
pub mod closed;
pub mod common;
pub mod converge;
pub mod cpu;
pub mod crash;
pub mod crowd;
pub mod fanout;
pub mod floor;
mod ground;
pub mod held;
pub mod ingest;
pub mod isolation;
pub mod ladder;
pub mod latency;
pub mod lean;
pub mod live;
pub mod load;
pub mod memory;
pub mod open;
pub mod pace;
pub mod page;
pub mod port;
pub mod poster;
pub mod report;
pub mod results;
pub mod rig;
pub mod row;
pub mod scale;
pub mod source;
pub mod stop;
pub mod tally;
pub mod template;
pub mod timing;
pub mod watch;
