//! One HTTP/1.1 request as WordPress' cURL sends it: header names in their captured case, a connection of its own, the answer read to its end.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// More of an answer is not kept.
const MAX_ANSWER: usize = 256 * 1024;

/// Sends a request and reads the status; redirects are answers like any other.
///
/// # Errors
/// When the connection breaks before a whole head has come, or what came is no HTTP.
pub async fn exchange<S>(stream: &mut S, request: &[u8]) -> io::Result<u16>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(request).await?;
    stream.flush().await?;
    let mut answer = Vec::with_capacity(512);
    let mut chunk = [0; 2048];
    while answer.len() < MAX_ANSWER && !is_whole(&answer) {
        match stream.read(&mut chunk).await {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(chunk.get(..count).unwrap_or_default()),
            // A head that has come counts, whatever happens to the connection after it.
            Err(_) if head_end(&answer).is_some() => break,
            Err(error) => return Err(error),
        }
    }
    status(&answer).ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "no answer"))
}

fn head_end(answer: &[u8]) -> Option<usize> {
    answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

/// Whether nothing more needs to be read. Without a length the end is the end of the connection.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = head_end(answer) else { return false };
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).to_ascii_lowercase();
    if matches!(status(answer), Some(204 | 304)) {
        return true;
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    length.map_or_else(
        || answer.ends_with(b"0\r\n\r\n") && head.contains("chunked"),
        |length| answer.len() >= end + length,
    )
}

fn status(answer: &[u8]) -> Option<u16> {
    head_end(answer)?;
    let line = answer.split(|byte| *byte == b'\r').next()?;
    let text = std::str::from_utf8(line).ok()?;
    let (version, rest) = text.split_once(' ')?;
    version.starts_with("HTTP/1.").then(|| rest.get(..3)?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_by_its_length_or_its_last_chunk() {
        assert!(is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"));
        assert!(is_whole(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
        assert!(is_whole(b"HTTP/1.1 204 No Content\r\n\r\n"));
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\n\r\n"), "only the end of the connection ends it");
        assert_eq!(status(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), Some(503));
        assert_eq!(status(b"nonsense\r\n\r\n"), None);
    }
}
