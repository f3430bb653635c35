//! The message files and the code that asks for messages agree: none is missing, none is left over.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|ext| ext == extension) {
            found.push(path);
        }
    }
    found
}

fn defined(language: &Path) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for file in files(language, "ftl") {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some((id, _)) =
                line.split_once(" =").filter(|(id, _)| id.starts_with(|c: char| c.is_ascii_lowercase()))
            else {
                continue;
            };
            assert!(ids.insert(id.to_owned()), "{id} is defined twice");
        }
    }
    ids
}

/// Every quoted word that looks like a message id: some are handed to a look-up by a variable.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('"').filter(|word| is_id(word)).map(str::to_owned).collect()
}

fn is_id(word: &str) -> bool {
    word.contains('-') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The ids in `t.get("…")` and its sisters.
fn asked(text: &str) -> BTreeSet<String> {
    let calls = [".get(\"", ".count(\"", ".with(\"", ".with_two(\"", ".told(\"", ".pattern(\""];
    let mut ids = BTreeSet::new();
    for call in calls {
        ids.extend(
            text.split(call)
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .filter(|id| is_id(id))
                .map(str::to_owned),
        );
    }
    ids
}

#[test]
fn every_message_that_is_asked_for_exists_and_every_one_that_exists_is_asked_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = files(&root.join("templates"), "html");
    let code = files(&root.join("src/panel"), "rs");
    sources.extend(code.into_iter().filter(|path| !path.components().any(|part| part.as_os_str() == "samples")));

    let defined = defined(&root.join("locales/en"));
    let (mut asked_for, mut mentioned) = (BTreeSet::new(), BTreeSet::new());
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        asked_for.extend(asked(&text));
        mentioned.extend(quoted(&text));
    }
    let missing: Vec<_> = asked_for.difference(&defined).collect();
    assert!(missing.is_empty(), "no message for {missing:?}");
    let unused: Vec<_> = defined.difference(&mentioned).collect();
    assert!(unused.is_empty(), "nobody asks for {unused:?}");
}

#[test]
fn every_language_has_the_same_messages() {
    let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let english = defined(&locales.join("en"));
    assert!(english.len() > 100);
    for language in fs::read_dir(&locales).unwrap() {
        let language = language.unwrap().path();
        let ids = defined(&language);
        assert_eq!(english, ids, "{} differs from English", language.display());
    }
}
