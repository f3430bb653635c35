//! The process and its machine: death at every named place, limits of the system, an orderly end, and the wrong keys.

mod decisions;
mod desk;
mod imports;
mod keys;
mod limits;
mod logs;
mod places;
mod stop;
