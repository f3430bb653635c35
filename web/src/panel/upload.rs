//! Forms with files: read part by part, each within its bound and one file at a time, and never by way of a file of our own.

use std::collections::HashMap;

use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value};

use crate::error::WebError;

/// All texts of a form together, in bytes.
const TEXT_BYTES: usize = 128 * 1024;
/// Parts that are no file.
const TEXTS: usize = 50;

/// What a form may bring.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// The largest file, in bytes.
    pub file_bytes: usize,
    /// The number of files.
    pub files: usize,
}

/// A file as its sender named it.
#[derive(Clone, Debug)]
pub struct GivenFile {
    pub name: String,
    pub bytes: Bytes,
}

/// The texts of a form, by the names of their fields.
#[derive(Clone, Debug, Default)]
pub struct Texts(HashMap<String, String>);

impl Texts {
    /// A field's text, with line ends as we keep them; empty if the form has no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Reads a form to its end and hands each of its files to `keep` as it comes, with the texts that came before it, so that one lies in memory
/// at a time. File fields that were left empty bring none.
///
/// # Errors
/// 413 for what is too large, 400 for what is no form; of a file the answer has its name (`file`). What `keep` refused.
pub async fn read(
    mut form: Multipart,
    caps: Caps,
    mut keep: impl AsyncFnMut(&Texts, GivenFile) -> Result<(), WebError>,
) -> Result<Texts, WebError> {
    let (mut texts, mut files, mut room) = (Texts::default(), 0, TEXT_BYTES);
    let mut parts = 0;
    while let Some(mut part) = form.try_next().await.map_err(|_| unreadable())? {
        parts += 1;
        // A browser sends an empty file for each field that was left alone.
        if parts > TEXTS + caps.files + 1 {
            return Err(WebError::TooLarge);
        }
        let Some(name) = file_name(&part) else {
            let text = bytes(&mut part, room).await?.ok_or(WebError::TooLarge)?;
            room -= text.len();
            let text = String::from_utf8(text.into()).map_err(|_| unreadable())?.replace("\r\n", "\n");
            texts.0.insert(part.name().unwrap_or_default().to_owned(), text);
            continue;
        };
        let Some(bytes) = bytes(&mut part, caps.file_bytes).await? else {
            return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "the file is larger than allowed", &name));
        };
        if name.is_empty() && bytes.is_empty() {
            continue;
        }
        files += 1;
        if files > caps.files {
            return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too_many_files", "there are too many files", &name));
        }
        keep(&texts, GivenFile { name: name.clone(), bytes }).await.map_err(|error| about(error, &name))?;
    }
    Ok(texts)
}

/// What browsers send for a file field, also for an empty one.
fn file_name(part: &Field) -> Option<String> {
    part.content_disposition()?.get_filename().map(str::to_owned)
}

/// A part's bytes; `None` if they are more than `limit`. What is too much is read on to as much again and thrown away: a browser that is
/// still sending when it is answered shows a broken connection instead of the answer.
async fn bytes(part: &mut Field, limit: usize) -> Result<Option<Bytes>, WebError> {
    let (mut held, mut dropped) = (BytesMut::new(), 0);
    while let Some(chunk) = part.try_next().await.map_err(|_| unreadable())? {
        if dropped == 0 && held.len() + chunk.len() <= limit {
            held.extend_from_slice(&chunk);
            continue;
        }
        held = BytesMut::new();
        dropped += chunk.len();
        if dropped > limit {
            break;
        }
    }
    Ok((dropped == 0).then(|| held.freeze()))
}

fn unreadable() -> WebError {
    WebError::BadRequest("the form could not be read".to_owned())
}

fn refuse(status: StatusCode, code: &'static str, detail: &'static str, file: &str) -> WebError {
    about(WebError::Refused { status, code, detail, more: Map::new() }, file)
}

/// The same refusal with the name of the file that it is about.
fn about(error: WebError, file: &str) -> WebError {
    match error {
        WebError::Refused { status, code, detail, mut more } => {
            more.insert("file".to_owned(), Value::from(file));
            WebError::Refused { status, code, detail, more }
        }
        other => other,
    }
}
