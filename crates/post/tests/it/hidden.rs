//! What never leaves: passwords, addresses, and the text of a letter.

use storewire_post::{Encryption, Letter, Outcome, Post, PostError, SmtpConfig};

use crate::{
    scene::{PASSWORD, USER, config, letter, post, with_login},
    script::{Act::Say, HELLO, MAIL, Script},
};

fn assert_is_silent(told: &str) {
    for secret in [USER, PASSWORD, "mary", "Mary", "buyer", "desk@", "return", "we have it"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[tokio::test]
async fn nothing_that_can_be_printed_holds_a_password_an_address_or_a_text() {
    let server = "127.0.0.1:2525".parse().unwrap();
    let (recording, recorder) = Post::recorder();
    let sent = recording.send(&letter()).await;
    assert_is_silent(&format!("{:?}", with_login(server)));
    assert_is_silent(&format!("{:?}", Post::smtp(with_login(server)).unwrap()));
    assert_is_silent(&format!("{recording:?} {recorder:?} {sent:?} {:?}", Post::none()));
    let shown = Letter { message_id: "<0190@x>".to_owned(), ..letter() };
    assert_eq!(format!("{shown:?}"), "Letter { message_id: \"<0190@x>\", .. }");
}

#[tokio::test]
async fn what_a_server_repeats_of_an_address_is_not_kept() {
    let [greeting, hello] = HELLO;
    let talkative = Say(
        "550 5.1.1 <Mary.Buyer@shop.example> (mary.buyer) refused by desk@storewire.example, see https://x.example/?to=mary.buyer%40shop.example",
    );
    let script = Script::start([greeting, hello, MAIL, talkative]).await;
    let sent = post(script.addr).send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Refused);
    assert_eq!(sent.said, "550 5.1.1 … … refused by … see …");
    assert_is_silent(&format!("{sent:?}"));
}

type Is = fn(&PostError) -> bool;

#[test]
fn a_configuration_that_cannot_work_is_refused_and_told_without_its_secrets() {
    let server = "127.0.0.1:2525".parse().unwrap();
    let good = || with_login(server);
    let table: [(SmtpConfig, Is); 8] = [
        (SmtpConfig { from: "mary@".to_owned(), ..good() }, |why| matches!(why, PostError::From)),
        (SmtpConfig { from: "Mary\r\nBcc: x <mary@shop.example>".to_owned(), ..good() }, |why| {
            matches!(why, PostError::From)
        }),
        (SmtpConfig { from: "märy@shop.example".to_owned(), ..good() }, |why| matches!(why, PostError::From)),
        (SmtpConfig { password: None, ..good() }, |why| matches!(why, PostError::Login)),
        (SmtpConfig { user: None, ..good() }, |why| matches!(why, PostError::Login)),
        (SmtpConfig { host: "mail.example".to_owned(), ..good() }, |why| matches!(why, PostError::PasswordInClear)),
        (SmtpConfig { host: "no name".to_owned(), tls: Encryption::Tls, ..good() }, |why| {
            matches!(why, PostError::Host)
        }),
        (SmtpConfig { ca_pem: Some(b"none".to_vec()), tls: Encryption::StartTls, ..good() }, |why| {
            matches!(why, PostError::Authority)
        }),
    ];
    for (config, is_expected) in table {
        let why = Post::smtp(config.clone()).unwrap_err();
        assert!(is_expected(&why), "{config:?}: {why}");
        assert_is_silent(&format!("{why} {why:?}"));
    }
    for host in ["localhost", "LOCALHOST", "::1", "127.0.0.53"] {
        Post::smtp(SmtpConfig { host: host.to_owned(), ..good() }).unwrap();
    }
    Post::smtp(SmtpConfig { host: "mail.example".to_owned(), tls: Encryption::StartTls, ..good() }).unwrap();
    Post::smtp(SmtpConfig { host: "mail.example".to_owned(), ..config(server) }).unwrap();
}
