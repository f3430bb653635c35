//! A database met with the key file of another installation.

use std::os::unix::fs::PermissionsExt as _;

use anyhow::{Context as _, Result, ensure};

use crate::node::{self, Node};

#[tokio::test(flavor = "multi_thread")]
async fn e5_a_database_is_not_served_with_the_wrong_master_key() -> Result<()> {
    let fleet = node::fleet(1).await?;
    let mut node = Node::prepare(&fleet)?;
    node.start().await?;
    node.connect(&fleet.stores()[0], "Anatolia Coffee")?;
    node.stores_are("live", 1).await?;
    node.stop()?;

    let file = node.data_dir().join("storewire.key");
    let right = std::fs::read_to_string(&file)?;
    for wrong in ["AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", "/////////////////////////////////////////w4=\n"] {
        std::fs::write(&file, wrong)?;
        for arguments in [&["serve"][..], &["store", "list"]] {
            let output = node.command(arguments).output()?;
            let said = String::from_utf8(output.stderr)?;
            ensure!(output.status.code() == Some(78), "{arguments:?} ended with {}: {said}", output.status);
            ensure!(said.contains("storewire.key") && said.contains("restore"), "{arguments:?}: {said}");
            ensure!(!said.contains(wrong.trim()), "the key was told: {said}");
        }
    }
    // Nothing was harmed by trying, and an added key harms nothing either.
    std::fs::write(&file, format!("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n{right}"))?;
    ensure!(file.metadata()?.permissions().mode() & 0o077 == 0, "the test opened the key file");
    node.start().await?;
    let admin = node.admin().await?;
    let stores: i64 = admin.query_one("SELECT count(*) FROM store", &[]).await.context("the store")?.try_get(0)?;
    ensure!(stores == 1);
    node.stop()
}
