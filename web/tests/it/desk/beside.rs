//! What a ticket's page tells beside the words: the record as it is now, what else its buyer ordered, how far the other side has read, and
//! to staff what left by letter.

use actix_web::{cookie::Cookie, http::StatusCode};
use serde_json::{Value, json};
use storewire_db::identity;

use super::{Scene, done, href, reject};
use crate::{
    panel::{log_in, open},
    seed::STAFF,
};

impl Scene {
    /// The page of a form that opens a ticket about a record: it shows the same card.
    async fn card(&self, reader: &Cookie<'static>, about: &str) -> String {
        let page = open(&self.app, reader, &format!("/support/new?about={about}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    }

    /// The ticket's page.
    async fn beside(&self, reader: &Cookie<'static>, ticket: &Value) -> String {
        let page = open(&self.app, reader, &format!("/support/{}", ticket["id"].as_str().unwrap())).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    }

    async fn read(&self, token: &str, ticket: &Value) {
        let answer = self.post(token, &format!("{}/read", href(ticket)), &json!({})).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    }
}

#[actix_web::test]
async fn the_card_of_an_order_tells_its_parcels_what_is_left_of_its_items_and_how_fresh_its_store_is() {
    let scene = Scene::start().await;
    let coffee = &scene.world.coffee;
    let order = coffee.sell(&scene.app, 1).await[0];
    let parcels = json!([
        {"custom_tracking_provider": "Kargo", "tracking_number": "TR1", "custom_tracking_link": "https://kargo.example/TR1"},
        {"tracking_provider": "usps", "tracking_number": "TR2", "custom_tracking_link": "javascript:alert(1)"},
    ]);
    let raw = json!({"meta_data": [{"key": "_wc_shipment_tracking_items", "value": parcels}]}).to_string();
    let admin = scene.app.db.admin().await.unwrap();
    admin.execute("UPDATE orders SET raw = $1 WHERE id = $2", &[&raw, &order.uuid()]).await.unwrap();
    // What it names is the one product of the store, of which there is one.
    admin.batch_execute("UPDATE order_line SET product_remote_id = '1'").await.unwrap();
    let fresh = "INSERT INTO checkpoint (tenant_id, store_id, resource, listing, position, backfilled_at, updated_at)
        SELECT tenant_id, id, resource, 'any', '2026-03-01T10:00:00Z', now(), now()
        FROM store, unnest(ARRAY['orders', 'products']) AS resource
        ON CONFLICT (tenant_id, store_id, resource, listing)
        DO UPDATE SET position = excluded.position, backfilled_at = excluded.backfilled_at;
        UPDATE store_counter SET last_webhook_at = '2026-03-01T09:58:00Z'";
    admin.batch_execute(fresh).await.unwrap();

    let (staff, user) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &coffee.user).await);
    for reader in [&staff, &user] {
        let card = scene.card(reader, &format!("order:{order}")).await;
        for told in
            ["Beans", "1 In stock", "href=\"https://kargo.example/TR1\"", "Kargo", "TR2", "2026-03-01T10:00:00Z"]
        {
            assert!(card.contains(told), "{told}: {card}");
        }
        assert!(card.contains(&format!("href=\"/products/{}\"", scene.product)) && !card.contains("javascript:"));
    }
    let delivered = "2026-03-01T09:58:00Z";
    assert!(scene.card(&staff, &format!("order:{order}")).await.contains(delivered));
    assert!(!scene.card(&user, &format!("order:{order}")).await.contains(delivered), "how a store fares is for staff");
}

#[actix_web::test]
async fn a_card_tells_its_persons_newest_orders_in_every_store_of_the_merchant_that_its_reader_sees() {
    let scene = Scene::start().await;
    let coffee = &scene.world.coffee;
    let sold = coffee.sell(&scene.app, 7).await;
    let elsewhere = coffee.branch(&scene.app, "tea").await.sell(&scene.app, 1).await[0];
    let foreign = scene.world.outdoor.sell(&scene.app, 1).await[0];
    let ada = coffee.greet(&scene.app).await;
    let user = log_in(&scene.app, &coffee.user).await;
    let named = |card: &str, id: &dyn std::fmt::Display| card.matches(&format!("\"/orders/{id}\"")).count();

    let card = scene.card(&user, &format!("order:{}", sold[0])).await;
    assert_eq!(named(&card, &sold[0]), 1, "an order is not one of its others");
    assert_eq!((named(&card, &sold[1]), named(&card, &elsewhere), named(&card, &foreign)), (1, 1, 0), "{card}");
    assert_eq!(sold.iter().map(|id| named(&card, id)).sum::<usize>(), 5, "itself and the newest four of its store");
    assert!(card.contains("/orders?q=ayse%40example.test") && card.contains("tea shop"), "{card}");
    let card = scene.card(&user, &format!("customer:{ada}")).await;
    assert_eq!(sold.iter().chain([&elsewhere]).map(|id| named(&card, id)).sum::<usize>(), 5);
    assert!(card.contains(&format!("/orders?customer={ada}")));

    let without = "UPDATE orders SET customer_email = '' WHERE id = $1";
    scene.app.db.admin().await.unwrap().execute(without, &[&sold[2].uuid()]).await.unwrap();
    let card = scene.card(&user, &format!("order:{}", sold[2])).await;
    assert!(!card.contains("Other orders"), "whoever gave no address is nobody: {card}");

    let tx = scene.app.db.db().tenant(coffee.tenant).await.unwrap();
    identity::assign_staff(&tx, scene.world.staff, coffee.store).await.unwrap();
    tx.commit().await.unwrap();
    let staff = log_in(&scene.app, STAFF).await;
    for about in [format!("order:{}", sold[0]), format!("customer:{ada}")] {
        let card = scene.card(&staff, &about).await;
        assert_eq!(
            (named(&card, &elsewhere), named(&card, &sold[1])),
            (0, 1),
            "staff see the stores they keep: {card}"
        );
    }
}

#[actix_web::test]
async fn each_side_sees_up_to_where_the_other_has_read_and_a_note_tells_nothing() {
    let scene = Scene::start().await;
    let ticket = scene.open(&scene.user).await;
    let (staff, user) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &scene.world.coffee.user).await);
    let (by_staff, by_merchant) = ("Seen by staff", "Seen by the merchant");
    let seen = async |token: &str| scene.app.fetch(token, href(&ticket)).await["seen"].clone();
    let noted =
        scene.post(&scene.staff, &format!("{}/notes", href(&ticket)), &json!({"text": "they always say so"})).await;
    assert_eq!(noted.status, StatusCode::CREATED, "{}", noted.text);
    assert!(!scene.beside(&user, &ticket).await.contains(by_staff), "nobody has read it yet");
    assert_eq!(seen(&scene.user).await["by_staff"], Value::Null);

    scene.read(&scene.staff, &ticket).await;
    assert!(scene.beside(&user, &ticket).await.contains(by_staff));
    assert!(!scene.beside(&staff, &ticket).await.contains("Seen by"), "staff have written nothing");
    let opened = scene.app.fetch(&scene.user, href(&ticket)).await;
    assert_eq!(opened["seen"]["by_staff"], opened["messages"][0]["at"]);

    scene.say(&scene.user, &ticket, "and a third").await;
    let page = scene.beside(&user, &ticket).await;
    let place = |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(place(&page, by_staff) < place(&page, "and a third"), "the newest is not seen yet");
    scene.say(&scene.staff, &ticket, "we send two others").await;
    let page = scene.beside(&user, &ticket).await;
    assert!(place(&page, "and a third") < place(&page, by_staff), "who answers has read");
    assert_eq!(page.matches(by_staff).count(), 1);

    assert!(!scene.beside(&staff, &ticket).await.contains(by_merchant));
    scene.read(&scene.user, &ticket).await;
    assert!(scene.beside(&staff, &ticket).await.contains(by_merchant));
    let (merchants, staffs) = (seen(&scene.user).await, seen(&scene.staff).await);
    assert_eq!(merchants, staffs);
    assert!(merchants["by_staff"].is_string() && merchants["by_merchant"].is_string(), "{merchants}");
}

#[actix_web::test]
async fn what_left_by_letter_is_on_the_pages_of_tickets_and_requests_for_staff_alone() {
    let scene = Scene::start().await;
    let (staff, user) = (log_in(&scene.app, STAFF).await, log_in(&scene.app, &scene.world.coffee.user).await);
    let ticket = scene.open(&scene.user).await;
    scene.say(&scene.staff, &ticket, "we send two others").await;
    let asked = scene.ask(&scene.user, 20).await;
    done(&scene.decide(&scene.staff, &asked, &reject()).await);
    for (place, of) in [("support", &ticket), ("requests", &asked)] {
        let path = format!("/{place}/{}", of["id"].as_str().unwrap());
        let page = open(&scene.app, &staff, &path).await.text;
        let (_, log) = page.split_once("id=\"letters\"").expect("the log is on the page");
        assert!(log.contains(&scene.world.coffee.user), "{path}: {log}");
        assert!(!open(&scene.app, &user, &path).await.text.contains("id=\"letters\""), "{path}");
    }
}
