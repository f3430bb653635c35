//! What the mailbox says to one client, command by command.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::{Answer, Received, Shared};

/// One connection.
pub(super) struct Talk {
    client: BufReader<TcpStream>,
    shared: Arc<Shared>,
    /// The envelope of the letter that is being handed over.
    letter: Option<(String, Vec<String>)>,
    login: Option<(String, String)>,
}

impl Talk {
    pub(super) fn new(client: TcpStream, shared: Arc<Shared>) -> Self {
        Self { client: BufReader::new(client), shared, letter: None, login: None }
    }

    /// Until the client has said goodbye or is gone.
    pub(super) async fn hold(mut self) -> Result<()> {
        self.say("220 mailbox.test ESMTP").await?;
        while let Some(line) = self.line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.say("250-mailbox.test\r\n250-8BITMIME\r\n250 AUTH PLAIN").await?,
                "HELO" | "NOOP" => self.say("250 OK").await?,
                "AUTH" => self.log_in(rest).await?,
                "MAIL" => {
                    self.letter = Some((address(rest), Vec::new()));
                    self.say("250 2.1.0 OK").await?;
                }
                "RCPT" => self.recipient(&address(rest)).await?,
                "DATA" => {
                    if self.take().await? == Answer::CutAfterData {
                        break;
                    }
                }
                "RSET" => {
                    self.letter = None;
                    self.say("250 OK").await?;
                }
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    break;
                }
                _ => self.say("502 5.5.2 what is that?").await?,
            }
        }
        Ok(())
    }

    async fn log_in(&mut self, rest: &str) -> Result<()> {
        let told = rest.strip_prefix("PLAIN ").and_then(|told| STANDARD.decode(told).ok());
        let told = told.and_then(|told| String::from_utf8(told).ok()).unwrap_or_default();
        // On whose behalf, who, password.
        match told.split('\0').collect::<Vec<_>>()[..] {
            [_, user, password] => {
                self.login = Some((user.to_owned(), password.to_owned()));
                self.say("235 2.7.0 welcome").await
            }
            _ => self.say("501 5.5.2 that is no login").await,
        }
    }

    async fn recipient(&mut self, address: &str) -> Result<()> {
        let answer = self.shared.answer();
        match (answer, &mut self.letter) {
            (_, None) => self.say("503 5.5.1 MAIL first").await,
            (Answer::Later, _) => self.say("451 4.7.1 come back later").await,
            (Answer::Refuse, _) => self.say(&format!("550 5.1.1 <{address}>: nobody of that name here")).await,
            (_, Some((_, to))) => {
                to.push(address.to_owned());
                self.say("250 2.1.5 OK").await
            }
        }
    }

    /// Takes the text and keeps the letter; says how it answered.
    async fn take(&mut self) -> Result<Answer> {
        let Some((from, to)) = self.letter.take().filter(|(_, to)| !to.is_empty()) else {
            self.say("503 5.5.1 RCPT first").await?;
            return Ok(Answer::Refuse);
        };
        self.say("354 go on").await?;
        let mut text = String::new();
        loop {
            let line = self.line().await?.context("hung up within a letter")?;
            if line == "." {
                break;
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        self.shared.keep(Received { from, to, login: self.login.clone(), text });
        let answer = self.shared.answer();
        if answer != Answer::CutAfterData {
            self.say("250 2.0.0 OK: queued as 1").await?;
        }
        Ok(answer)
    }

    /// The next line; `None` at the end. As careless as some servers are: a lone LF ends one too.
    async fn line(&mut self) -> Result<Option<String>> {
        let mut line = String::new();
        let bytes = self.client.read_line(&mut line).await?;
        Ok((bytes > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Never ends while the mailbox is silent.
    async fn say(&mut self, words: &str) -> Result<()> {
        if self.shared.answer() == Answer::Silent {
            std::future::pending::<()>().await;
        }
        Ok(self.client.write_all(format!("{words}\r\n").as_bytes()).await?)
    }
}

/// What stands between the angle brackets.
fn address(rest: &str) -> String {
    rest.split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'))
        .map(|(address, _)| address.to_owned())
        .unwrap_or_default()
}
