//! A server that follows a script: one act for the greeting and one for each line that comes, whatever it says. In the text of a letter only
//! the line with the dot counts.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    task::JoinHandle,
};

#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// A line, or several.
    Say(&'static str),
    /// The connection ends.
    Cut,
    /// Nothing, for ever.
    Hush,
    /// The connection ends once the letter has begun to come.
    CutWithin,
}

/// What a server says until it is greeted, and the rest of an untroubled talk.
pub const HELLO: [Act; 2] = [Act::Say("220 script.test"), Act::Say("250-script.test\r\n250 AUTH PLAIN")];
pub const MAIL: Act = Act::Say("250 2.1.0 OK");
pub const RCPT: Act = Act::Say("250 2.1.5 OK");
pub const DATA: Act = Act::Say("354 go on");

pub struct Script {
    pub addr: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Script {
    /// Plays the acts to the first client. After the last one's line has come, it hangs up.
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (acts, heard) = (acts.into_iter().collect(), Arc::default());
        let task = tokio::spawn(play(listener, acts, Arc::clone(&heard)));
        Self { addr, heard, task }
    }

    /// The lines that came, but for a letter's text.
    pub async fn heard(&self) -> Vec<String> {
        self.heard.lock().await.clone()
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn play(listener: TcpListener, acts: Vec<Act>, heard: Arc<Mutex<Vec<String>>>) {
    let (client, _) = listener.accept().await.unwrap();
    let mut client = BufReader::new(client);
    for act in acts {
        match act {
            Act::Say(words) => {
                client.write_all(format!("{words}\r\n").as_bytes()).await.unwrap();
            }
            Act::Cut => return,
            Act::Hush => return std::future::pending().await,
            Act::CutWithin => {
                client.write_all(b"354 go on\r\n").await.unwrap();
                // What comes is not read: the client's next write or read ends in a reset.
                client.get_ref().readable().await.unwrap();
                client.get_ref().set_zero_linger().unwrap();
                return;
            }
        }
        let within = matches!(act, Act::Say(words) if words.starts_with("354"));
        let Some(line) = next(&mut client, within).await else { return };
        heard.lock().await.push(line);
    }
}

async fn next(client: &mut BufReader<TcpStream>, within: bool) -> Option<String> {
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if !within || line == ".\r\n" {
            return Some(line.trim_end().to_owned());
        }
    }
}
