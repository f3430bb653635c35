//! A WebSocket's client that costs next to nothing: it hands out whole frames of the server's and answers pings.
//!
//! Where thousands of sockets share the cores with what is measured, a full client would be most of the load.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const READ_BYTES: usize = 16 << 10;
/// No server of ours sends a larger one.
const MAX_FRAME_BYTES: usize = 1 << 20;
const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;
/// A pong without content, masked with a key of zeros as a client's must be masked.
const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

/// See the module.
pub struct Lean {
    stream: TcpStream,
    /// What was read and is no whole frame yet.
    rest: Vec<u8>,
}

impl Lean {
    /// Upgrades; `headers` are further lines of the request, each with its end.
    ///
    /// # Errors
    /// If it is refused.
    pub async fn open(address: SocketAddr, path: &str, headers: &str) -> Result<Self> {
        let mut stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut rest = Vec::new();
        loop {
            ensure!(stream.read_buf(&mut rest).await? > 0, "a socket was closed before it was open");
            let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let (head, frames) = rest.split_at(end + 4);
            ensure!(head.starts_with(b"HTTP/1.1 101"), "a socket was refused: {}", String::from_utf8_lossy(head));
            rest = frames.to_vec();
            rest.shrink_to_fit();
            return Ok(Self { stream, rest });
        }
    }

    /// Waits for more and hands out every text that is whole by then.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn read(&mut self, mut each: impl FnMut(&[u8])) -> Result<()> {
        let mut pings = 0;
        if self.take(&mut each, &mut pings)? == 0 {
            // Nothing is kept while it waits: thousands wait.
            self.stream.readable().await?;
            self.rest.reserve(READ_BYTES);
            match self.stream.try_read_buf(&mut self.rest) {
                Ok(0) => bail!("a socket was closed"),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
            self.take(&mut each, &mut pings)?;
        }
        for _ in 0..pings {
            self.stream.write_all(&PONG).await?;
        }
        if self.rest.is_empty() {
            self.rest = Vec::new();
        }
        Ok(())
    }

    /// Takes the whole frames from the front; answers how many.
    fn take(&mut self, each: &mut impl FnMut(&[u8]), pings: &mut usize) -> Result<usize> {
        let (mut taken, mut number) = (0, 0);
        while let Some(frame) = Frame::first(self.rest.get(taken..).unwrap_or_default())? {
            match frame.opcode {
                TEXT => each(frame.payload),
                PING => *pings += 1,
                CLOSE => bail!("a socket was closed by the server"),
                _ => {}
            }
            taken += frame.bytes;
            number += 1;
        }
        self.rest.drain(..taken);
        Ok(number)
    }
}

/// A frame as servers send it: unmasked.
struct Frame<'a> {
    opcode: u8,
    payload: &'a [u8],
    /// With its head.
    bytes: usize,
}

impl<'a> Frame<'a> {
    /// None if the first is not whole.
    fn first(bytes: &'a [u8]) -> Result<Option<Self>> {
        let Some(([first, second], rest)) = bytes.split_first_chunk::<2>() else { return Ok(None) };
        ensure!(second & 0x80 == 0, "a server masks nothing");
        let (length, rest) = match second {
            126 => match rest.split_first_chunk::<2>() {
                Some((length, rest)) => (usize::from(u16::from_be_bytes(*length)), rest),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk::<8>() {
                Some((length, rest)) => (usize::try_from(u64::from_be_bytes(*length))?, rest),
                None => return Ok(None),
            },
            short => (usize::from(*short), rest),
        };
        ensure!(length <= MAX_FRAME_BYTES, "a frame of {length} bytes");
        let Some(payload) = rest.get(..length) else { return Ok(None) };
        Ok(Some(Self { opcode: first & 0x0f, payload, bytes: bytes.len() - rest.len() + length }))
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_frame_is_taken_once_it_is_whole_whatever_the_form_of_its_length() {
        for length in [0_usize, 125, 126, 300, 70_000] {
            let mut bytes = vec![0x81];
            match length {
                0..126 => bytes.push(u8::try_from(length).unwrap()),
                126..65_536 => {
                    bytes.push(126);
                    bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
                }
                _ => {
                    bytes.push(127);
                    bytes.extend((length as u64).to_be_bytes());
                }
            }
            bytes.resize(bytes.len() + length, b'x');
            let whole = bytes.len();
            bytes.push(0x81);
            for part in 0..whole {
                assert!(Frame::first(&bytes[..part]).unwrap().is_none(), "{part} of {whole}");
            }
            let frame = Frame::first(&bytes).unwrap().unwrap();
            assert_eq!((frame.opcode, frame.payload.len(), frame.bytes), (TEXT, length, whole));
        }
    }

    #[tokio::test]
    async fn texts_arrive_whole_and_in_order_and_pings_are_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_buf(&mut request).await.unwrap();
            }
            stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x02ab\x81").await.unwrap();
            stream.write_all(b"\x03cde\x89\x00\x81\x01f").await.unwrap();
            let mut pong = [0; 6];
            stream.read_exact(&mut pong).await.unwrap();
            (request, pong)
        });
        let mut socket = Lean::open(address, "/live", "Cookie: sw=x\r\n").await.unwrap();
        let mut texts = Vec::new();
        while texts.len() < 3 {
            socket.read(|text| texts.push(String::from_utf8(text.to_vec()).unwrap())).await.unwrap();
        }
        assert_eq!(texts, ["ab", "cde", "f"]);
        let (request, pong) = server.await.unwrap();
        assert!(request.starts_with(b"GET /live HTTP/1.1\r\n"));
        assert_eq!(pong, PONG);
        assert!(socket.read(|_| ()).await.is_err());
    }
}
