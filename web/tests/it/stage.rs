//! Stands in for who carries rehearsals out: writes a rehearsal down as the real one does, and plays nothing.

use std::{future::Future, pin::Pin, sync::Mutex};

use storewire_db::{
    Db, DbError, identity,
    rehearsals::{self, NewRehearsal},
};
use storewire_domain::{Clock, TenantId};
use storewire_web::rehearsals::{BeginError, Stage, Wanted};
use uuid::Uuid;

/// See the module. Remembers what it was told.
pub struct Playbill {
    pub db: Db,
    pub clock: Clock,
    pub told: Mutex<Vec<(&'static str, TenantId)>>,
}

impl Playbill {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, told: Mutex::default() }
    }

    fn hear(&self, word: &'static str, id: TenantId) {
        self.told.lock().unwrap().push((word, id));
    }

    async fn write_down(&self, wanted: Wanted) -> Result<TenantId, DbError> {
        let id = TenantId::for_rehearsal();
        let new = NewRehearsal {
            name: "Rehearsal of 1 Mar".to_owned(),
            node: Uuid::now_v7(),
            wished_by: wanted.by,
            wish: wanted.wish,
        };
        let tx = self.db.tenant(id).await?;
        identity::create_tenant(&tx, &new.name).await?;
        rehearsals::insert(&tx, &new, self.clock.now()).await?;
        tx.commit().await?;
        Ok(id)
    }
}

impl Stage for Playbill {
    fn begin(&self, wanted: Wanted) -> Pin<Box<dyn Future<Output = Result<TenantId, BeginError>> + Send + '_>> {
        Box::pin(async move {
            let id = self.write_down(wanted).await?;
            self.hear("begin", id);
            Ok(id)
        })
    }

    fn stop(&self, id: TenantId) {
        self.hear("stop", id);
    }

    fn clear(&self, id: TenantId) {
        self.hear("clear", id);
    }
}
