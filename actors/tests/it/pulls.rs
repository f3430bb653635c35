//! What pulls find.
