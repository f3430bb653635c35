//! What is another's, on every page and form of the panel, taken from the rows that the router is made of: it looks like nothing, and it
//! stays as it is.

use std::time::Duration;

use actix_web::{cookie::Cookie, http::StatusCode};
use storewire_testkit::wait_until;
use storewire_web::panel::{Row, rows};
use uuid::Uuid;

use super::{
    Role, Scene,
    panel::{ELSEWHERE, may},
};
use crate::{panel::log_in, seed::STAFF};

const PATIENCE: Duration = Duration::from_secs(30);

/// An address in which every part between braces is an id that nothing has.
fn of_nothing(path: &str) -> String {
    let id = Uuid::nil().to_string();
    path.split('/').map(|part| if part.starts_with('{') { id.as_str() } else { part }).collect::<Vec<_>>().join("/")
}

impl Scene {
    /// Whether what a stranger does at one address is answered as at the other, where nothing is: refused outright only to those whom it
    /// would be refused at their own records.
    async fn looks_like_nothing(
        &self,
        (role, cookie): (Role, &Cookie<'static>),
        row: Row,
        (at, nothing_at): (&str, &str),
    ) -> Result<(), String> {
        let there = self.try_at(cookie, row, at, &[]).await.status;
        let nothing = self.try_at(cookie, row, nothing_at, &[]).await.status;
        let is_refused = there == StatusCode::FORBIDDEN && !may(role, row);
        if there == nothing && (there == StatusCode::NOT_FOUND || is_refused) {
            return Ok(());
        }
        Err(format!("{role:?} {} {}: {there}, and {nothing} of nothing", row.method, row.path))
    }
}

#[actix_web::test]
async fn what_is_anothers_looks_like_nothing_on_every_page_and_form_and_stays_as_it_is() {
    let scene = Scene::start().await;
    scene.give_staff_the_other_store().await;
    let (coffee, outdoor) = (&scene.world.coffee, &scene.world.outdoor);
    let own = outdoor.sell(&scene.app, 1).await[0].to_string();
    let strangers =
        [(Role::MerchantUser, &*outdoor.user), (Role::MerchantAdmin, &*outdoor.admin), (Role::Staff, STAFF)];
    // Rehearsals are the platform's, and no one's secret among those who may rehearse.
    let is_of_somebody = |row: &Row| !ELSEWHERE.contains(&row.path) && !row.path.starts_with("/rehearsals");
    let rows: Vec<Row> = rows().into_iter().filter(is_of_somebody).collect();
    let (naming, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.path.contains('{'));
    assert!(naming.len() > 60 && others.len() > 30, "{} and {}", naming.len(), others.len());
    // Of itself nothing moves meanwhile.
    let admin = scene.app.db.admin().await.unwrap();
    let ended = "SELECT count(*) = 0 FROM letter WHERE state = 'waiting'";
    let is_quiet = || async { admin.query_one(ended, &[]).await.unwrap().get::<_, bool>(0) };
    wait_until(PATIENCE, "no letter waits for a mail server", is_quiet).await.unwrap();
    let mut wrong = Vec::new();
    for (role, email) in strangers {
        let cookie = log_in(&scene.app, email).await;
        let before = coffee.rows(&scene.app).await;
        for row in &naming {
            let place = scene.place(row.path);
            let mut addresses = vec![(place.clone(), of_nothing(row.path))];
            // Their own order, and something of the other's order.
            if row.path.matches('{').count() > 1 {
                let nothing = of_nothing(&row.path.replace("{id}", &own));
                addresses.push((place.replace(&scene.order.to_string(), &own), nothing));
            }
            for (at, nothing) in &addresses {
                wrong.extend(scene.looks_like_nothing((role, &cookie), *row, (at, nothing)).await.err());
            }
        }
        // What names nothing in its address names the other's records in its fields.
        for row in others.iter().filter(|row| row.method == "POST") {
            let answer = scene.try_at(&cookie, *row, row.path, &[]).await;
            assert!(answer.status.as_u16() < 500, "{role:?} {}: {} {}", row.path, answer.status, answer.text);
        }
        assert_eq!(coffee.rows(&scene.app).await, before, "{role:?} has changed what is another's");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
