//! What is in a letter: any script, any lines, and nothing that could leave its place.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use storewire_post::{Letter, Outcome};
use storewire_testkit::{Mailbox, mailbox::Received};

use crate::scene::{letter, post};

async fn deliver(letter: &Letter) -> Received {
    let mailbox = Mailbox::start().await.unwrap();
    let sent = post(mailbox.addr()).send(letter).await;
    assert_eq!(sent.outcome, Outcome::Sent, "{sent:?}");
    let mut letters = mailbox.letters();
    assert_eq!(letters.len(), 1, "one letter has become several");
    letters.remove(0)
}

/// The encoded words of a header (RFC 2047, base64 only), and what stands between.
fn decoded(header: &str) -> String {
    let joined = header.replace("?= =?", "?==?");
    let mut text = String::new();
    let mut rest = joined.as_str();
    while let Some((before, word)) = rest.split_once("=?utf-8?b?") {
        let (word, after) = word.split_once("?=").unwrap();
        text.push_str(before);
        text.push_str(&String::from_utf8(STANDARD.decode(word).unwrap()).unwrap());
        rest = after;
    }
    text + rest
}

/// A body in quoted-printable (RFC 2045 6.7) or base64.
fn body(received: &Received) -> String {
    let bytes = match received.header("Content-Transfer-Encoding").as_deref() {
        Some("base64") => STANDARD.decode(received.body().replace("\r\n", "")).unwrap(),
        Some("quoted-printable") => {
            let joined = received.body().replace("=\r\n", "");
            let mut parts = joined.split('=');
            let mut bytes = parts.next().unwrap().as_bytes().to_vec();
            for part in parts {
                let (code, rest) = part.split_at(2);
                bytes.push(u8::from_str_radix(code, 16).unwrap());
                bytes.extend_from_slice(rest.as_bytes());
            }
            bytes
        }
        _ => received.body().as_bytes().to_vec(),
    };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn names_subjects_and_bodies_of_any_script_arrive_as_they_were_written() {
    let written = Letter {
        to_name: "Gülşah \"Gül\" Öztürk, çok sevgili".to_owned(),
        subject: "İadeniz RT-3 hakkında — 返品について".to_owned(),
        body: "Merhaba Gülşah,\n\niadeniz bize ulaştı: 100 ₺ = 100 %.\n返品を受け取りました。\n.\n..two dots"
            .to_owned(),
        ..letter()
    };
    let received = deliver(&written).await;
    assert!(received.text.is_ascii(), "no server has to know more than ASCII");
    let name = decoded(&received.header("To").unwrap());
    assert!(name.contains("Gülşah") && name.ends_with("<mary.buyer@shop.example>"), "{name}");
    assert_eq!(decoded(&received.header("Subject").unwrap()), written.subject);
    assert_eq!(body(&received).trim_end(), written.body.replace('\n', "\r\n"));
}

#[tokio::test]
async fn lines_with_dots_and_ends_of_every_kind_stay_within_one_letter() {
    let ends = ["\n", "\r\n", "\r"];
    for (before, after) in ends.iter().flat_map(|before| ends.map(|after| (before, after))) {
        let smuggled = format!("first{before}.{after}MAIL FROM:<eve@evil.example>{after}.hidden{before}..{after}last");
        let received = deliver(&Letter { body: smuggled, ..letter() }).await;
        let arrived = body(&received);
        assert_eq!(arrived.trim_end(), "first\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n.hidden\r\n..\r\nlast");
    }
}

#[tokio::test]
async fn nothing_in_a_letter_makes_a_header_a_recipient_or_a_command() {
    for evil in [
        "x\r\nBcc: eve@evil.example",
        "x\nBcc: eve@evil.example",
        "x\rBcc: eve@evil.example",
        "x\r\n\r\nBcc: eve",
        "x\0\u{2028}Bcc: e",
    ] {
        let received = deliver(&Letter { to_name: evil.to_owned(), subject: evil.to_owned(), ..letter() }).await;
        assert_eq!(received.header("Bcc"), None, "{evil:?}");
        assert_eq!(received.to, ["mary.buyer@shop.example"], "{evil:?}");
        let subject = received.header("Subject").unwrap();
        assert!(decoded(&subject).starts_with('x') && decoded(&subject).contains("Bcc: e"), "{subject}");
        assert_eq!(body(&received), "Dear Mary,\r\n\r\nwe have it.\r\n", "{evil:?}");
    }
}

#[tokio::test]
async fn an_address_or_message_id_that_could_leave_its_place_is_refused_before_anybody_is_asked() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = post(mailbox.addr());
    for to in [
        "",
        "mary",
        "a@b.example\r\nRCPT TO:<eve@evil.example>",
        "a@b.example>\r\nDATA",
        "Mary <mary@shop.example>",
        "märy@shop.example",
    ] {
        let sent = post.send(&Letter { to: to.to_owned(), ..letter() }).await;
        assert_eq!(
            (sent.outcome, sent.said.as_str()),
            (Outcome::BadAddress, "the address of this letter is none"),
            "{to:?}"
        );
    }
    for id in [
        "",
        "0190@desk.example",
        "<0190>",
        "<0190@desk.example>\r\nBcc: eve@evil.example",
        "<a b@desk.example>",
        "<a@b@c>",
    ] {
        let sent = post.send(&Letter { message_id: id.to_owned(), ..letter() }).await;
        assert_eq!(sent.outcome, Outcome::Refused, "{id:?}");
    }
    assert_eq!(mailbox.letters(), []);
}

#[tokio::test]
async fn an_empty_letter_and_one_from_before_1970_are_letters_too() {
    let bare = Letter { to_name: String::new(), subject: String::new(), body: String::new(), ..letter() };
    let received = deliver(&Letter { written_at: "1969-01-01T00:00:00Z".parse().unwrap(), ..bare }).await;
    assert_eq!(received.header("To").as_deref(), Some("mary.buyer@shop.example"));
    assert_eq!(received.header("Date").as_deref(), Some("Thu, 01 Jan 1970 00:00:00 +0000"));
}

#[tokio::test]
async fn long_lines_long_subjects_and_many_lines_keep_to_what_servers_must_take() {
    let long = Letter {
        to_name: "n".repeat(5_000),
        subject: "s".repeat(5_000),
        body: format!("{}\n{}", "b".repeat(100_000), "line\n".repeat(10_000)),
        ..letter()
    };
    let received = deliver(&long).await;
    // RFC 5321 4.5.3.1.6: 1,000 octets with the CRLF.
    assert!(received.text.lines().all(|line| line.len() <= 998));
    assert_eq!(body(&received).replace("\r\n", "\n").trim_end(), long.body.trim_end());
}
