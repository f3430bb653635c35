//! Every step of a talk with a server, ended in every way: where the line between later, refused and unknown lies.

use storewire_post::{Outcome, Post, Sent};
use tokio::task::JoinSet;

use crate::{
    scene::{PASSWORD, USER, impatient, letter, post, with_login},
    script::{
        Act::{self, Cut, CutWithin, Hush, Say},
        DATA, HELLO, MAIL, RCPT, Script,
    },
};

const LOGGED_IN: Act = Say("235 2.7.0 welcome");
const BUSY: Act = Say("421 4.3.2 busy");
const NEVER: Act = Say("554 5.7.1 not here");
const NONSENSE: Act = Say("HTTP/1.1 400 Bad Request");

/// The untroubled beginning of a talk, up to each of its steps.
fn beginnings() -> [(&'static str, Vec<Act>); 6] {
    let [greeting, hello] = HELLO;
    [
        ("greeting", vec![]),
        ("hello", vec![greeting]),
        ("mail", vec![greeting, hello]),
        ("rcpt", vec![greeting, hello, MAIL]),
        ("data", vec![greeting, hello, MAIL, RCPT]),
        ("end", vec![greeting, hello, MAIL, RCPT, DATA]),
    ]
}

async fn play(beginning: &[Act], end: Act) -> Sent {
    let script = Script::start(beginning.iter().copied().chain([end, Cut])).await;
    post(script.addr).send(&letter()).await
}

#[tokio::test]
async fn a_code_of_the_server_says_later_or_refused_at_every_step() {
    for (step, beginning) in beginnings() {
        let busy = play(&beginning, BUSY).await;
        assert_eq!((busy.outcome, busy.said.as_str()), (Outcome::Later, "421 4.3.2 busy"), "{step}");
        let never = play(&beginning, NEVER).await;
        assert_eq!((never.outcome, never.said.as_str()), (Outcome::Refused, "554 5.7.1 not here"), "{step}");
    }
}

#[tokio::test]
async fn a_cut_and_nonsense_are_later_before_the_letters_end_and_unknown_after_it() {
    for (step, beginning) in beginnings() {
        let expected = if step == "end" { Outcome::Unknown } else { Outcome::Later };
        for end in [Cut, NONSENSE] {
            let sent = play(&beginning, end).await;
            assert_eq!(sent.outcome, expected, "{step}, {end:?}: {sent:?}");
        }
    }
}

#[tokio::test]
async fn silence_is_later_before_the_letters_end_and_unknown_after_it() {
    let mut talks = JoinSet::new();
    for (step, beginning) in beginnings() {
        talks.spawn(async move {
            let script = Script::start(beginning.into_iter().chain([Hush])).await;
            (step, impatient(script.addr).send(&letter()).await)
        });
    }
    while let Some(talk) = talks.join_next().await {
        let (step, sent) = talk.unwrap();
        let expected = if step == "end" { Outcome::Unknown } else { Outcome::Later };
        assert_eq!(sent.outcome, expected, "{step}: {sent:?}");
        assert!(sent.said.ends_with("no answer within 2 s"), "{step}: {sent:?}");
    }
}

#[tokio::test]
async fn a_cut_in_the_middle_of_a_long_letter_is_later() {
    let [greeting, hello] = HELLO;
    let script = Script::start([greeting, hello, MAIL, RCPT, CutWithin]).await;
    // More than the sockets hold between them, so that its end cannot have left.
    let long = storewire_post::Letter { body: "On and on.\n".repeat(1_500_000), ..letter() };
    let sent = post(script.addr).send(&long).await;
    assert_eq!(sent.outcome, Outcome::Later, "{sent:?}");
    assert!(sent.said.starts_with("lost before the letter's end"), "{sent:?}");
}

#[tokio::test]
async fn a_letter_that_was_taken_is_sent_whatever_becomes_of_the_goodbye() {
    let [greeting, hello] = HELLO;
    for goodbye in [Cut, Hush, NEVER, NONSENSE] {
        let script = Script::start([greeting, hello, MAIL, RCPT, DATA, Say("250 2.0.0 queued"), goodbye]).await;
        let sent = post(script.addr).send(&letter()).await;
        assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::Sent, "250 2.0.0 queued"), "{goodbye:?}");
    }
}

#[tokio::test]
async fn whoever_refuses_a_letter_is_told_goodbye() {
    let [greeting, hello] = HELLO;
    let script = Script::start([greeting, hello, MAIL, NEVER, Say("221 2.0.0 bye")]).await;
    assert_eq!(post(script.addr).send(&letter()).await.outcome, Outcome::Refused);
    let spoken =
        ["EHLO storewire.example", "MAIL FROM:<desk@storewire.example>", "RCPT TO:<mary.buyer@shop.example>", "QUIT"];
    assert_eq!(script.heard().await, spoken);
}

#[tokio::test]
async fn an_answer_of_several_lines_is_told_as_one() {
    let [greeting, hello] = HELLO;
    let script = Script::start([greeting, hello, MAIL, Say("450-4.2.1 not now\r\n450 4.2.1 really not")]).await;
    let sent = post(script.addr).send(&letter()).await;
    assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::Later, "450 4.2.1 not now really not"));
}

#[tokio::test]
async fn a_good_answer_at_the_wrong_place_is_no_leave_to_go_on() {
    let [greeting, hello] = HELLO;
    let script = Script::start([greeting, hello, MAIL, RCPT, Say("250 2.0.0 yes?")]).await;
    let sent = post(script.addr).send(&letter()).await;
    assert_eq!((sent.outcome, sent.said.as_str()), (Outcome::Later, "250 is no answer to DATA"));
    let script = Script::start([greeting, hello, MAIL, RCPT, DATA, Say("354 more?")]).await;
    assert_eq!(post(script.addr).send(&letter()).await.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn a_login_that_is_not_taken_or_not_offered_hands_nothing_over() {
    let [greeting, hello] = HELLO;
    let echo = Say("535 5.7.8 AUTH PLAIN cmVsYXk: wrong password correct horse battery of relay-of-storewire");
    let table = [
        (vec![greeting, hello, echo], Outcome::Refused, "535 to our login"),
        (vec![greeting, hello, Say("454 4.7.0 not now")], Outcome::Later, "454 to our login"),
        (vec![greeting, hello, Cut], Outcome::Later, "lost at our login"),
        (vec![greeting, Say("250 script.test")], Outcome::Refused, "the server offers no login that we speak"),
    ];
    for (acts, outcome, said) in table {
        let script = Script::start(acts.clone()).await;
        let sent = Post::smtp(with_login(script.addr)).unwrap().send(&letter()).await;
        assert_eq!((sent.outcome, sent.said.as_str()), (outcome, said), "{acts:?}");
        assert!(!script.heard().await.iter().any(|line| line.starts_with("MAIL")), "{acts:?}");
    }
    let script = Script::start([greeting, hello, LOGGED_IN, MAIL, RCPT, DATA, Say("250 2.0.0 queued")]).await;
    let sent = Post::smtp(with_login(script.addr)).unwrap().send(&letter()).await;
    assert_eq!(sent.outcome, Outcome::Sent, "{sent:?}");
    assert!(!sent.said.contains(USER) && !sent.said.contains(PASSWORD));
}
