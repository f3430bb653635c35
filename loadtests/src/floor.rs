//! The limits' own processes: each does nothing but what no product can leave out, and is measured as the product is.

mod broadcast;
mod live;
mod page;

use std::io::Read as _;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;
use storewire_testkit::wait_until;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use crate::port;

pub use broadcast::BroadcastPoster;
pub use live::FloorPoster;

const STARTS_WITHIN: Duration = Duration::from_secs(20);
/// The variable by which a process is told what it works with; a flag would show a database's password to every user.
const GIVEN: &str = "STOREWIRE_FLOOR_GIVEN";

/// Which limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Of the way from a webhook to a socket; given a database.
    Live,
    /// Of many sockets; given the size of a message.
    Broadcast,
    /// Of a page; given a file that holds it.
    Page,
}

/// A limit's process, as the test sees it. Dropped, it is killed; it also ends when its standard input does.
pub struct Floor {
    child: Child,
    address: SocketAddr,
}

impl Floor {
    /// # Errors
    /// If it does not start.
    pub async fn start(kind: Kind, given: &str) -> Result<Self> {
        let address = port::free()?;
        let name = kind.to_possible_value().context("a limit without a name")?;
        let child = Command::new(std::env::current_exe()?)
            .args(["floor", name.get_name(), "--listen", &address.to_string()])
            .env(GIVEN, given)
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("cannot run the limit's process")?;
        let floor = Self { child, address };
        let listens = || async { TcpStream::connect(address).await.is_ok() };
        wait_until(STARTS_WITHIN, "the limit's process listens", listens).await?;
        Ok(floor)
    }

    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// # Errors
    /// When it has ended.
    pub fn pid(&self) -> Result<u32> {
        self.child.id().context("the limit's process has ended")
    }

    /// # Errors
    /// If it cannot be ended.
    pub async fn stop(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// The process itself; runs until its standard input ends.
///
/// # Errors
/// If it cannot listen, or what it needs is not there.
pub async fn serve(kind: Kind, address: SocketAddr) -> Result<()> {
    let given = std::env::var(GIVEN).context("this is started by the other commands")?;
    match kind {
        Kind::Live => live::serve(address, &given).await,
        Kind::Broadcast => broadcast::serve(address, given.parse()?).await,
        Kind::Page => page::serve(address, given.as_ref()).await,
    }
}

/// The test is gone, however it went.
async fn input_ends() -> Result<(), oneshot::error::RecvError> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        // Nothing is ever written to it: this returns at its end.
        let _ = std::io::stdin().read(&mut [0; 1]);
        tell.send(())
    });
    told.await
}
