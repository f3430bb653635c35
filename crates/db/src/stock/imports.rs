//! Files of counts: kept as they were looked at, written line by line, each line once.

mod read;
mod write;

pub use read::{
    ImportFilter, ImportLine, ImportRow, LineFilter, Total, find_import, imports, lines_of, lock_import, totals,
};
pub use write::{Ended, NewImport, Pending, end_lines, held, insert_import, pending, step_import};
