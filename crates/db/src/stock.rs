//! Stock: the ledger of every change of a count, levels at which people are warned, what is low, and files of counts.
//!
//! The transaction that stores a count enters its move and says whether it is low now. Who sets a level holds the product still meanwhile, so
//! that neither of the two misses the other.

mod imports;
mod levels;
mod low;
mod moves;
mod read;

pub use imports::{
    Ended, ImportFilter, ImportLine, ImportRow, LineFilter, NewImport, Pending, Total, end_lines, find_import, held,
    imports, insert_import, lines_of, lock_import, pending, step_import, totals,
};
pub use levels::{LevelRow, Levelled, Standing, level_of, levels_of, set_level, standing};
pub use low::{NewLow, end_low, raise_low};
pub use moves::{MoveRow, NewMove, Write, append, moves, writes_under_way};
pub use read::{StockFilter, StockKey, StockRow, find, list, siblings};
