//! The verbs for stores and their mail: help that helps, wrong usage told apart from a missing server, lists that work without one.

use crate::{folder, run, storewire};

const VERBS: [&[&str]; 10] = [
    &["store", "sync"],
    &["store", "pause"],
    &["store", "resume"],
    &["store", "reconcile"],
    &["store", "diary"],
    &["inbox", "list"],
    &["inbox", "replay"],
    &["inbox", "dead"],
    &["inbox", "dead", "retry"],
    &["inbox", "dead", "discard"],
];

const SOMEBODY: [&str; 2] = ["--as", "admin@example.com"];
const ID: &str = "01a1fd7b-6062-7751-b7cd-a6c8a57a6bcd";

#[test]
fn every_verb_explains_itself_by_an_example() {
    let folder = folder();
    for verb in VERBS {
        let (code, help, _) = run(&[verb, &["--help"]].concat(), folder.path());
        assert_eq!(code, Some(0), "{verb:?}");
        assert!(help.contains(&format!("storewire {}", verb.join(" "))), "{verb:?}: {help}");
        assert!(help.contains("Example"), "{verb:?}: {help}");
    }
}

#[test]
fn wrong_usage_of_a_verb_is_told_before_anything_is_opened() {
    let folder = folder();
    let wrong: [&[&str]; 11] = [
        &["store", "sync"],
        &["store", "pause", "no-id"],
        &["store", "sync", ID, "--record", "ticket:1"],
        &["store", "sync", ID, "--record", "order:x"],
        &["store", "sync", ID, "--record", "order:1234567890123456789"],
        &["store", "sync", ID, "--orders"],
        &["inbox", "replay"],
        &["inbox", "replay", ID, "--state", "ignored"],
        &["inbox", "replay", "--store", ID, "--state", "lost"],
        &["inbox", "dead", "retry"],
        &["inbox", "dead", "discard", ID, "--cause", "crashed"],
    ];
    for arguments in wrong {
        let (code, _, said) = run(&[arguments, &SOMEBODY].concat(), folder.path());
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
    }
    assert_eq!(run(&["inbox", "list", "--since", "yesterday"], folder.path()).0, Some(2));
    for (arguments, choice) in
        [(&["inbox", "replay"][..], "<ID|--store <ID>>"), (&["inbox", "dead", "retry"], "<ID|--cause <CAUSE>>")]
    {
        let said = run(&[arguments, &SOMEBODY].concat(), folder.path()).2;
        assert!(said.contains(choice), "{arguments:?} does not say between what to choose: {said}");
    }
    assert!(!folder.path().join("postgres").exists(), "a database was made for it");
}

#[test]
fn lists_need_no_server_and_deeds_say_that_they_do() {
    let folder = folder();
    let create = ["user", "create", "--email", "admin@example.com", "--role", "platform-admin"];
    assert_eq!(run(&create, folder.path()).0, Some(0));
    for list in
        [&["inbox", "list", "--json"][..], &["inbox", "dead", "--json"], &["inbox", "dead", "--by-cause", "--json"]]
    {
        let (code, listed, said) = run(list, folder.path());
        assert_eq!((code, listed.trim()), (Some(0), "[]"), "{list:?}: {said}");
    }
    let mut pause = storewire(&[&["store", "pause", ID][..], &SOMEBODY].concat(), folder.path());
    // Nobody listens there, whatever else runs on this machine.
    let output = pause.env("STOREWIRE__SERVER__LISTEN", "127.0.0.1:1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(69), "{said}");
    assert!(said.contains("no server answers on"), "{said}");
    for (arguments, words) in [
        (&["store", "diary", ID][..], "there is no store"),
        (&["store", "sync", ID, "--as", "admin@example.com"], "there is no store"),
        (&["store", "pause", ID, "--as", "nobody@example.com"], "nobody logs in as"),
        (&["inbox", "replay", ID, "--as", "admin@example.com"], "there is no delivery"),
        (&["inbox", "replay", "--store", ID, "--as", "admin@example.com"], "there is no store"),
        (&["inbox", "list", "--store", ID], "`store list` shows them all"),
        (&["inbox", "dead", "--store", ID], "there is no store"),
        (&["inbox", "dead", "retry", ID, "--as", "admin@example.com"], "there is no dead letter"),
        (&["inbox", "dead", "retry", "--cause", "boredom", "--as", "admin@example.com"], "nothing waits"),
    ] {
        let (code, _, said) = run(arguments, folder.path());
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
