//! The parts of a record that people edit apart from each other.

use serde::Deserialize;

/// What somebody has begun to change. Pages name it by the word in `data-part`, and nothing else is taken for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Stock,
    Price,
    Status,
    Categories,
    Texts,
    Variation,
    Account,
    Billing,
    Shipping,
    Tags,
    Note,
    Tracking,
    Charges,
    /// A request that waits, or the next step of a return.
    Decision,
    /// Words to a buyer.
    Message,
}
