//! The server's settings, given on its command line so that no file of the cluster needs editing.

use std::path::Path;

/// What a cluster is for, which decides what it may lose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Holds data that must survive a power cut.
    Lasting,
    /// Holds test databases; after a power cut it is thrown away and made anew.
    Scratch,
}

impl Profile {
    pub(crate) fn settings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Lasting => &[
                ("max_connections", "80"),
                ("shared_buffers", "128MB"),
                ("synchronous_commit", "on"),
                ("default_toast_compression", "lz4"),
                // A first import fills empty tables within seconds: plans made for empty tables must not outlive it.
                ("autovacuum_naptime", "10s"),
                // Compiling a query costs more than running it at our sizes.
                ("jit", "off"),
            ],
            Self::Scratch => &[
                ("max_connections", "300"),
                ("shared_buffers", "128MB"),
                ("fsync", "off"),
                ("full_page_writes", "off"),
                ("default_toast_compression", "lz4"),
                ("jit", "off"),
            ],
        }
    }
}

/// Settings of every cluster: where it listens, and the clock and log it keeps.
pub(crate) fn common(socket: Option<&Path>, port: u16) -> Vec<(&'static str, String)> {
    let (folder, listen) = match socket {
        Some(folder) => (folder.display().to_string(), String::new()),
        None => (String::new(), "127.0.0.1".to_owned()),
    };
    vec![
        ("unix_socket_directories", folder),
        ("unix_socket_permissions", "0700".to_owned()),
        ("listen_addresses", listen),
        ("port", port.to_string()),
        ("password_encryption", "scram-sha-256".to_owned()),
        ("timezone", "UTC".to_owned()),
        ("log_timezone", "UTC".to_owned()),
        ("log_line_prefix", "%m [%p] ".to_owned()),
        // Statements in the server's log would carry customers' names.
        ("log_min_error_statement", "panic".to_owned()),
        ("log_parameter_max_length_on_error", "0".to_owned()),
    ]
}
