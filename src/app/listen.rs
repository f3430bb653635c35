//! Listeners: bound early, so that a busy port is told before anything was started.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use nix::sys::socket::{Backlog, listen};

use crate::failure::{Exit, Failure, Outcome};
use crate::output::say;

const PORTS_TRIED: u16 = 50;

pub fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    bind_with_line(address).map_err(|error| {
        let advice = match error.kind() {
            ErrorKind::AddrInUse => ": another program uses it; choose another with --listen",
            ErrorKind::PermissionDenied => ": ports below 1024 need rights; choose a higher one",
            ErrorKind::AddrNotAvailable => ": this machine has no such address",
            _ => "",
        };
        Failure::new(Exit::Unavailable, format!("cannot listen on {address}: {error}{advice}"))
    })
}

/// The standard library's line is 128 long, and who finds it full tries again a second later. After a restart every page calls at once.
fn bind_with_line(address: SocketAddr) -> std::io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listen(&listener, Backlog::MAXCONN)?;
    Ok(listener)
}

/// The wanted port or the next free one after it, which is said.
pub fn bind_near(wanted: SocketAddr, what: &str) -> Outcome<TcpListener> {
    let ports = wanted.port()..=wanted.port().saturating_add(PORTS_TRIED);
    for port in ports {
        match bind_with_line(SocketAddr::new(wanted.ip(), port)) {
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
    use std::{net::TcpStream, time::Duration};

    use super::*;

    #[test]
    fn a_busy_port_is_refused_or_passed_over_as_asked() {
        let first = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let busy = first.local_addr().unwrap();
        assert_eq!(bind(busy).unwrap_err().exit, Exit::Unavailable);
        let near = bind_near(busy, "the test").unwrap().local_addr().unwrap();
        assert!(near.port() > busy.port());
    }

    #[test]
    fn hundreds_who_call_at_once_wait_in_line_and_are_not_sent_away() {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        // Nobody takes the calls. One that finds the line full would be tried again until the time is over.
        let call = |_| TcpStream::connect_timeout(&address, Duration::from_secs(30)).unwrap();
        let callers: Vec<TcpStream> = (0..400).map(call).collect();
        assert_eq!(callers.len(), 400);
    }
}
