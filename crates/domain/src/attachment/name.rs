//! What a stored file is called: a name that names nothing but itself, wherever it is shown, downloaded or saved.

use super::MediaType;

/// The longest name, in characters, its ending included.
const LONGEST: usize = 120;

/// What a file is called whose name has nothing left.
const NAMELESS: &str = "file";

/// A safe form of a name that somebody gave: without folders, control characters, characters that turn or hide others, or that a file system
/// or a header gives a meaning to; and ending as files of its kind do, so that nothing opens it as another.
#[must_use]
pub fn safe_name(name: &str, kind: MediaType) -> String {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = own.chars().filter(|c| !is_hidden(*c)).map(|c| if is_meant(c) { '-' } else { c }).collect();
    let stem = match clean.rsplit_once('.') {
        Some((stem, ending)) if ends_as(ending, kind) => stem,
        _ => clean.as_str(),
    };
    let ending = kind.extension();
    let room = LONGEST - 1 - ending.len();
    let stem: String = stem.trim_matches(is_edge).chars().take(room).collect();
    let stem = match stem.trim_matches(is_edge) {
        "" => NAMELESS,
        stem => stem,
    };
    format!("{stem}.{ending}")
}

/// Whether a name with this ending has its kind's already.
fn ends_as(ending: &str, kind: MediaType) -> bool {
    ending.eq_ignore_ascii_case(kind.extension()) || (kind == MediaType::Jpeg && ending.eq_ignore_ascii_case("jpeg"))
}

/// Blanks and points at a name's ends are dropped by one system and hide the file on another.
fn is_edge(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Whether a character is shown as nothing, or turns the text around it: `photo\u{202e}gpj.exe` reads as `photoexe.jpg`. These are the
/// control characters and Unicode's default-ignorable ones and line separators, as far as they are assigned.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character means something in a path, a header or a command line.
fn is_meant(c: char) -> bool {
    matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | ';' | '%' | '\'' | '`' | '$' | '&')
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    #[test]
    fn a_name_keeps_what_tells_people_something() {
        for (given, safe) in [
            ("Kırık kutu (2).JPG", "Kırık kutu (2).jpg"),
            ("front.jpeg", "front.jpg"),
            ("C:\\Users\\ada\\Desktop\\box.jpg", "box.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            ("photo\u{202e}gpj.exe", "photogpj.exe.jpg"),
            ("photo.jpg\0.exe", "photo.jpg.exe.jpg"),
            ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie- b.jpg"),
            ("say \"cheese\".jpg", "say -cheese-.jpg"),
            ("box.php.jpg", "box.php.jpg"),
            (".htaccess", "htaccess.jpg"),
            ("box . .jpg", "box.jpg"),
            ("…", "….jpg"),
            ("", "file.jpg"),
            ("..", "file.jpg"),
            (".jpg", "file.jpg"),
            ("\u{200b}/\u{feff}.", "file.jpg"),
        ] {
            assert_eq!(safe_name(given, MediaType::Jpeg), safe, "{given:?}");
        }
        assert_eq!(safe_name("box.jpg", MediaType::Png), "box.jpg.png");
        assert_eq!(safe_name("counts.csv", MediaType::Csv), "counts.csv");
    }

    #[test]
    fn a_long_name_is_cut_before_its_ending() {
        let name = safe_name(&format!("{}.webp", "ü".repeat(500)), MediaType::Webp);
        assert_eq!(name, format!("{}.webp", "ü".repeat(115)));
        let name = safe_name(&format!("{} .{}.png", "x".repeat(114), "y".repeat(90)), MediaType::Png);
        assert_eq!(name, format!("{}.png", "x".repeat(114)));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(12),
            failure_persistence: None,
            ..ProptestConfig::with_cases(4_000)
        })]

        #[test]
        fn every_name_is_safe_and_a_safe_one_stays(
            given in "([a. /\\\\\u{0}-\u{20}\u{2000}-\u{2070}\u{e0001}\"]|\\PC){0,160}", kind in prop::sample::select(MediaType::ALL.to_vec()),
        ) {
            let name = safe_name(&given, kind);
            prop_assert!(name.chars().count() <= LONGEST);
            prop_assert!(!name.contains(|c: char| matches!(c, '/' | '\\') || is_meant(c) || is_hidden(c)), "{name:?}");
            let (stem, ending) = name.rsplit_once('.').unwrap();
            prop_assert_eq!(ending, kind.extension());
            prop_assert!(!stem.is_empty() && stem.trim_matches(is_edge) == stem, "{stem:?}");
            prop_assert_eq!(safe_name(&name, kind), name);
        }
    }
}
