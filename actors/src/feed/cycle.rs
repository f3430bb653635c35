//! What the feed reads in one go: the log since the last time, and for each listener that is behind, what it lacks.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use storewire_db::{Db, DbError, changes::Cursor};
use storewire_domain::ReadScope;
use uuid::Uuid;

use super::log::{self, Read, Seen};

/// Changes read at most; the rest waits for the next cycle.
const LIMIT: u32 = 10_000;
/// Listeners that are read for at a time.
const AT_ONCE: usize = 4;

/// One cycle's reads.
pub(super) struct Cycle {
    pub(super) seen: Seen,
    pub(super) live: Read,
    pub(super) caught_up: Vec<(Uuid, Read)>,
}

/// Reads a cycle. `seen` is what the log repeats, `behind` who lacks what since when.
pub(super) async fn read(
    db: Db,
    horizon: Option<Cursor>,
    mut seen: Seen,
    behind: Vec<(Uuid, ReadScope, Cursor)>,
    resume_limit: u32,
) -> Result<Cycle, DbError> {
    let live = log::read(&db, &ReadScope::Everything, horizon.as_ref(), LIMIT, &mut seen).await?;
    // After the live read, so that what is committed meanwhile is caught up here or live in the next cycle.
    let reads = stream::iter(behind).map(|(id, scope, since)| {
        let db = db.clone();
        async move {
            let read = log::read(&db, &scope, Some(&since), resume_limit, &mut Seen::new()).await?;
            Ok::<_, DbError>((id, read))
        }
    });
    let caught_up = reads.buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(Cycle { seen, live, caught_up })
}
