//! The change log: numbers in commit order, and a resume from a cursor that never has a gap.

use anyhow::{Result, ensure};
use storewire_db::changes;
use storewire_domain::ReadScope;
use storewire_testkit::TestDb;

use crate::shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_resumes_by_cursor_misses_nothing_while_writers_commit_out_of_order() -> Result<()> {
    let test = TestDb::create().await?;
    let db = test.db().clone();
    let shops = [shop::open(&db, "coffee").await?, shop::open(&db, "outdoor").await?, shop::open(&db, "tea").await?];
    let mut writers = tokio::task::JoinSet::new();
    for one in shops {
        let db = db.clone();
        writers.spawn(async move {
            for count in [1, 3, 2, 1].into_iter().cycle().take(60) {
                shop::append(&db, &one, count).await?;
            }
            Ok::<_, anyhow::Error>(one.store)
        });
    }
    // The reader keeps the cursor of its last snapshot and drops what it has by number, as every client does.
    let scope = ReadScope::Platform { stores: None };
    let mut cursor = changes::Cursor::parse("0").expect("the first transaction of all");
    let mut newest = std::collections::HashMap::new();
    let mut is_last_look = false;
    loop {
        let tx = db.read(&scope).await?;
        let next = tx.cursor().await?;
        for change in changes::since(&tx, &cursor, 100_000).await?.expect("within the limit") {
            let known = newest.entry(change.store_id).or_insert(0);
            if change.seq > *known {
                ensure!(change.seq == *known + 1, "after {known} came {} of {}", change.seq, change.store_id);
                *known = change.seq;
            }
        }
        tx.commit().await?;
        cursor = next;
        if is_last_look {
            break;
        }
        is_last_look = writers.is_empty() || writers.try_join_next().is_some_and(|_| writers.is_empty());
    }
    ensure!(newest.len() == 3 && newest.values().all(|count| *count == 105), "not all was seen: {newest:?}");
    Ok(())
}
