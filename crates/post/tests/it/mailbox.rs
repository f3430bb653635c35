//! Against the mailbox: each outcome that it can bring about.

use storewire_post::{Outcome, Post};
use storewire_testkit::{Mailbox, mailbox::Answer};
use tokio::net::TcpListener;

use crate::scene::{PASSWORD, USER, impatient, letter, post, with_login};

#[tokio::test]
async fn a_letter_that_is_taken_over_is_sent_with_its_own_message_id() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = post(mailbox.addr());
    assert_eq!(post.domain(), Some("storewire.example"));
    let sent = post.send(&letter()).await;
    assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::Sent, "250 2.0.0 OK: queued as 1"));

    let [received] = &mailbox.letters()[..] else { panic!("not one letter") };
    assert_eq!(received.from, "desk@storewire.example");
    assert_eq!(received.to, ["mary.buyer@shop.example"]);
    assert_eq!(received.login, None);
    for (name, value) in [
        ("Message-ID", "<0190-letter@desk.example>"),
        ("From", "\"Storewire Desk\" <desk@storewire.example>"),
        ("To", "\"Mary Buyer\" <mary.buyer@shop.example>"),
        ("Subject", "About your return RT-3"),
        ("Date", "Fri, 20 Nov 2026 10:30:00 +0000"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(received.header(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(received.body(), "Dear Mary,\r\n\r\nwe have it.\r\n");
}

#[tokio::test]
async fn the_login_is_the_one_that_is_set() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = Post::smtp(with_login(mailbox.addr())).unwrap();
    assert_eq!(post.send(&letter()).await.outcome, Outcome::Sent);
    assert_eq!(mailbox.letters()[0].login, Some((USER.to_owned(), PASSWORD.to_owned())));
}

#[tokio::test]
async fn a_temporary_refusal_is_later_and_a_final_one_refused_and_neither_hands_anything_over() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = post(mailbox.addr());
    mailbox.answer(Answer::Later);
    let later = post.send(&letter()).await;
    assert_eq!((later.outcome, later.said.as_str()), (Outcome::Later, "451 4.7.1 come back later"));
    mailbox.answer(Answer::Refuse);
    let refused = post.send(&letter()).await;
    assert_eq!((refused.outcome, refused.said.as_str()), (Outcome::Refused, "550 5.1.1 … nobody of that name here"));
    assert_eq!(mailbox.letters(), []);
}

#[tokio::test]
async fn a_cut_after_the_letter_is_unknown_and_what_is_sent_again_is_the_same_letter() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = post(mailbox.addr());
    mailbox.answer(Answer::CutAfterData);
    let cut = post.send(&letter()).await;
    assert_eq!(cut.outcome, Outcome::Unknown, "{cut:?}");
    assert!(cut.said.starts_with("lost after the letter's end"), "{cut:?}");
    mailbox.answer(Answer::Ok);
    assert_eq!(post.send(&letter()).await.outcome, Outcome::Sent);

    let [first, again] = &mailbox.letters()[..] else { panic!("not two letters") };
    assert_eq!(first, again);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_in_time_and_asked_later() {
    let mailbox = Mailbox::start().await.unwrap();
    mailbox.answer(Answer::Silent);
    let silent = impatient(mailbox.addr()).send(&letter()).await;
    assert_eq!((silent.outcome, silent.said.as_str()), (Outcome::Later, "not reached: no answer within 2 s"));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_later() {
    let free = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    let sent = post(free).send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Later, "{sent:?}");
    assert!(sent.said.starts_with("not reached: "), "{sent:?}");
}

#[tokio::test]
async fn without_a_server_every_letter_is_told_so_at_once() {
    let sent = Post::none().send(&letter()).await;
    assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::NoSmtp, "no mail server is set"));
    assert!(!Post::none().is_set());
    assert_eq!(Post::none().domain(), None);
}

#[tokio::test]
async fn the_recorder_takes_what_a_server_would_be_shown() {
    let (post, recorder) = Post::recorder();
    assert!(post.is_set());
    assert_eq!(post.send(&letter()).await.outcome, Outcome::Sent);
    let astray = storewire_post::Letter { to: "nobody".to_owned(), ..letter() };
    assert_eq!(post.send(&astray).await.outcome, Outcome::BadAddress);
    assert_eq!(recorder.letters(), [letter()]);
}

#[tokio::test]
async fn fifty_letters_at_once_all_arrive_once() {
    let mailbox = Mailbox::start().await.unwrap();
    let post = post(mailbox.addr());
    let sends: Vec<_> = (0..50)
        .map(|number| {
            let post = post.clone();
            let own = storewire_post::Letter { message_id: format!("<{number}@desk.example>"), ..letter() };
            tokio::spawn(async move { post.send(&own).await.outcome })
        })
        .collect();
    for send in sends {
        assert_eq!(send.await.unwrap(), Outcome::Sent);
    }
    let mut ids: Vec<_> = mailbox.letters().iter().filter_map(|letter| letter.header("Message-ID")).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
}
