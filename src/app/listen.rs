//! Listeners: bound early, so that a busy port is told before anything was started.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use crate::failure::{Exit, Failure, Outcome};
use crate::output::say;

const PORTS_TRIED: u16 = 50;

pub fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).map_err(|error| {
        let advice = match error.kind() {
            ErrorKind::AddrInUse => ": another program uses it; choose another with --listen",
            ErrorKind::PermissionDenied => ": ports below 1024 need rights; choose a higher one",
            ErrorKind::AddrNotAvailable => ": this machine has no such address",
            _ => "",
        };
        Failure::new(Exit::Unavailable, format!("cannot listen on {address}: {error}{advice}"))
    })
}

/// The wanted port or the next free one after it, which is said.
pub fn bind_near(wanted: SocketAddr, what: &str) -> Outcome<TcpListener> {
    let ports = wanted.port()..=wanted.port().saturating_add(PORTS_TRIED);
    for port in ports {
        match TcpListener::bind(SocketAddr::new(wanted.ip(), port)) {
            Ok(listener) => {
                let bound = listener.local_addr()?;
                if wanted.port() != 0 && bound != wanted {
                    say(&format!("port {} is busy: {what} listens on {}", wanted.port(), bound.port()));
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == ErrorKind::AddrInUse => {}
            Err(_) => break,
        }
    }
    bind(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_is_refused_or_passed_over_as_asked() {
        let first = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let busy = first.local_addr().unwrap();
        assert_eq!(bind(busy).unwrap_err().exit, Exit::Unavailable);
        let near = bind_near(busy, "the test").unwrap().local_addr().unwrap();
        assert!(near.port() > busy.port());
    }
}
