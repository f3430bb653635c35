//! Letters and notices in the matrix: the delivery log is staff's, notices are everyone's own.

use serde_json::{Value, json};
use storewire_db::letters::{self, NewLetter, To};
use storewire_domain::LetterId;
use uuid::Uuid;

use super::{Role, Scene};
use crate::{app::TestApp, seed::World};

/// A letter about something of the coffee merchant's.
pub(super) async fn written(app: &TestApp, world: &World, about: Uuid) -> Uuid {
    let id = LetterId::fresh();
    let letter = NewLetter {
        id,
        store: Some(world.coffee.store),
        to: To::Address { address: "mary@example.com", name: "Mary" },
        subject: "About R-1",
        body: "It is done.",
        about_kind: "request",
        about_id: about,
        once: "matrix",
    };
    let tx = app.db.db().desk(world.coffee.tenant).await.unwrap();
    assert!(letters::write(&tx, &letter, app.clock.now()).await.unwrap());
    tx.commit().await.unwrap();
    id.uuid()
}

/// Which of the scene's records an address means.
pub(super) fn record(scene: &Scene, path: &str) -> Option<Uuid> {
    path.contains("/letters/").then_some(scene.letter)
}

/// What an address asks for besides.
pub(super) fn query(scene: &Scene, path: &str) -> Option<String> {
    (path == "/api/v1/letters").then(|| format!("{path}?about={}", scene.request))
}

/// A body that could be meant.
pub(super) fn body(method: &str, path: &str) -> Option<Value> {
    ((method, path) == ("post", "/notices/read")).then(|| json!({"ids": []}))
}

/// Whether a role may; `None` for what is about neither.
pub(super) fn may(role: Role, rest: &str) -> Option<bool> {
    match rest.split('/').next() {
        Some("letters") => Some(matches!(role, Role::Admin | Role::Staff)),
        Some("notices") => Some(true),
        _ => None,
    }
}
