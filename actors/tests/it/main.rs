//! The engine against simulated shops and a real database, in this process.

mod house;
mod intake;
mod smoke;
