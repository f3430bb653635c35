//! Cases of the actors.
