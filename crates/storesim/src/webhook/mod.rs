//! Telling others: the queue of deliveries, how they are signed and sent, and what an answer counts for.

pub mod body;
pub mod exchange;
pub mod memory;
pub mod queue;
pub mod sender;
pub mod sign;
pub mod worker;
