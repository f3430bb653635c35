//! A letter's bytes: headers and body as they go over the wire, but for the doubled dots.

use lettre::{
    Address, Message,
    message::{Mailbox, SinglePart},
};

use jiff::Timestamp;

use crate::{Letter, address};

const LONGEST_NAME: usize = 100;
const LONGEST_SUBJECT: usize = 200;
const LONGEST_ID: usize = 200;

/// A letter that is ready for the wire.
pub(crate) struct Composed {
    pub(crate) to: Address,
    pub(crate) bytes: Vec<u8>,
}

/// Why no server would be shown this letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("the address of this letter is none")]
    Address,
    #[error("the message id of this letter cannot be written in a header")]
    MessageId,
    #[error("this letter cannot be put together")]
    Message,
}

/// Two calls with the same letter give the same bytes.
pub(crate) fn compose(letter: &Letter, from: &Mailbox) -> Result<Composed, Unfit> {
    let to = addressee(letter)?;
    let name = one_line(&letter.to_name, LONGEST_NAME);
    let message = Message::builder()
        .message_id(Some(letter.message_id.clone()))
        // `lettre` cannot write a date before 1970.
        .date(letter.written_at.max(Timestamp::UNIX_EPOCH).into())
        .from(from.clone())
        .to(Mailbox::new((!name.is_empty()).then_some(name), to.clone()))
        .subject(one_line(&letter.subject, LONGEST_SUBJECT))
        .singlepart(SinglePart::plain(tidy(&letter.body)))
        .map_err(|_| Unfit::Message)?;
    let mut bytes = message.formatted();
    // The end of the last line comes with the dot.
    if bytes.ends_with(b"\r\n") {
        bytes.truncate(bytes.len() - 2);
    }
    Ok(Composed { to, bytes })
}

/// Whether it can be composed, whoever it is from.
pub(crate) fn check(letter: &Letter) -> Result<(), Unfit> {
    addressee(letter).map(drop)
}

fn addressee(letter: &Letter) -> Result<Address, Unfit> {
    let to = address::read(&letter.to).ok_or(Unfit::Address)?;
    if is_message_id(&letter.message_id) { Ok(to) } else { Err(Unfit::MessageId) }
}

/// Text for a header: whatever is not shown is a space.
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    let shown: String = text.chars().map(|letter| if is_shown(letter) { letter } else { ' ' }).collect();
    shown.trim().chars().take(longest).collect()
}

/// Line and paragraph separators would be ends of lines to some readers.
fn is_shown(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}')
}

/// A body whose lines end one way, with nothing in it that is no text. A lone CR or LF inside could pass for the end of a letter with some
/// servers ("smuggling"). The CRs are put in here because `lettre` would insert them one by one, which takes minutes for a long body.
fn tidy(body: &str) -> String {
    let lines = body.replace("\r\n", "\n").replace('\r', "\n");
    let mut text = String::with_capacity(lines.len() + lines.len() / 8);
    for letter in lines.trim_end().chars() {
        match letter {
            '\n' => text.push_str("\r\n"),
            letter if letter == '\t' || !letter.is_control() => text.push(letter),
            _ => {}
        }
    }
    text
}

fn is_message_id(text: &str) -> bool {
    let inside =
        text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).and_then(|inside| inside.split_once('@'));
    let is_part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>@".contains(&byte));
    text.len() <= LONGEST_ID && inside.is_some_and(|(left, right)| is_part(left) && is_part(right))
}
