//! What is left of the named places without debug assertions: nothing, names included.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

const PASSED: &str = "a.place.that.a.test.names";
const KEPT: &str = "a text that stays";

/// A program that passes a named place by the engine's own macro, and says something.
fn program(source: &Path) -> String {
    format!(
        "#[path = {source:?}] mod failpoint;\n\
         fn main() {{\n    failpoint!(\"{PASSED}\");\n    failpoint!(\"{PASSED}\", 1);\n    failpoint!(\"{PASSED}\", 1, 2);\n    \
         println!(\"{KEPT}\");\n}}\n"
    )
}

#[test]
fn a_build_without_debug_assertions_passes_no_named_place_and_holds_no_name() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("actors/src/failpoint.rs");
    let (main, built) = (folder.path().join("main.rs"), folder.path().join("built"));
    std::fs::write(&main, program(&source))?;
    let mut compiler = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler.args(["--edition", "2024", "-C", "debug-assertions=off", "-o"]).arg(&built).arg(&main);
    let output = compiler.output().context("the compiler")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = std::fs::read(&built)?;
    let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    ensure!(holds(KEPT), "the search finds nothing at all");
    ensure!(!holds(PASSED), "the name of a place is in the build");
    Ok(())
}

#[test]
fn nothing_passes_a_named_place_but_the_macro_and_no_profile_brings_them_back() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut passes = Vec::new();
    for folder in ["actors/src", "web/src", "src", "crates/db/src", "crates/woo/src", "crates/guard/src"] {
        sources(&root.join(folder), &mut |path, text| {
            let lines = text.lines().zip(text.lines().skip(1));
            // The crate `fail` is named only under the gate.
            passes.extend(lines.filter(|(_, line)| line.contains("fail::")).map(|(before, line)| {
                (path.display().to_string(), line.trim().to_owned(), before.contains("cfg(debug_assertions)"))
            }));
        })?;
    }
    passes.retain(|(path, line, is_gated)| {
        let is_the_macros_own =
            path.ends_with("actors/src/failpoint.rs") && line.starts_with("::fail::fail_point!(name");
        !is_gated && !is_the_macros_own && !line.starts_with("//")
    });
    ensure!(passes.is_empty(), "{passes:?}");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml"))?;
    ensure!(manifest.contains("[profile.release]") && !manifest.contains("debug-assertions"), "a profile sets them");
    Ok(())
}

/// Shows every Rust source below a folder.
fn sources(folder: &Path, show: &mut dyn FnMut(&Path, &str)) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, show)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            show(&path, &std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
