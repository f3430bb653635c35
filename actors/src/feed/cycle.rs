//! What the feed reads in one go: the log since the last time, and for each listener that is behind, what it lacks.

use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use storewire_db::{Db, DbError, changes::Cursor};
use storewire_domain::ReadScope;
use uuid::Uuid;

use super::{
    View,
    log::{self, Read},
    seen::Seen,
};

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

/// Somebody who lacks what came after a cursor.
pub(super) struct Behind {
    pub(super) id: Uuid,
    pub(super) view: Arc<View>,
    pub(super) scope: ReadScope,
    pub(super) since: Cursor,
}

/// Reads a cycle for those who listen by `views`. `seen` is what the log repeats.
pub(super) async fn read(
    db: Db,
    horizon: Option<Cursor>,
    mut seen: Seen,
    views: Vec<Arc<View>>,
    behind: Vec<Behind>,
    resume_limit: u32,
) -> Result<Cycle, DbError> {
    let live = log::read(&db, &ReadScope::Everything, horizon.as_ref(), LIMIT, &mut seen, &views).await?;
    // After the live read, so that what is committed meanwhile is caught up here or live in the next cycle.
    let reads = stream::iter(behind).map(|Behind { id, view, scope, since }| {
        let db = db.clone();
        async move {
            let read = log::read(&db, &scope, Some(&since), resume_limit, &mut Seen::default(), &[view]).await?;
            Ok::<_, DbError>((id, read))
        }
    });
    let caught_up = reads.buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(Cycle { seen, live, caught_up })
}
