//! Two people change one record at the same time: what only one of them changed joins by itself, and of the rest the later one chooses.

use actix_web::{cookie::Cookie, http::StatusCode};
use serde_json::{Value, json};

use super::Scene;
use crate::{
    app::Answer,
    panel::{form, log_in},
    seed::STAFF,
};

/// A record's page and who works on it.
struct Desk {
    scene: Scene,
    staff: Cookie<'static>,
    page: String,
}

impl Desk {
    async fn product() -> Self {
        let scene = Scene::start().await;
        let page = format!("/products/{}", scene.product);
        Self { staff: log_in(&scene.app, STAFF).await, page, scene }
    }

    async fn customer() -> Self {
        let scene = Scene::start().await;
        let id = scene.world.coffee.greet(&scene.app).await;
        Self { staff: log_in(&scene.app, STAFF).await, page: format!("/customers/{id}"), scene }
    }

    /// Has our copy of the record say something else, as when somebody changed it.
    async fn becomes(&self, values: &str) {
        let (noun, id) = self.page.trim_start_matches('/').split_once('/').unwrap();
        let table = noun.trim_end_matches('s');
        let sql = format!("UPDATE {table} SET {values} WHERE id = '{id}'");
        assert_eq!(self.scene.app.db.admin().await.unwrap().execute(&sql, &[]).await.unwrap(), 1, "{sql}");
    }

    async fn send(&self, form_of: &str, fields: &[(&str, &str)]) -> Answer {
        self.scene.app.call(form(&format!("{}{form_of}", self.page), fields).cookie(self.staff.clone())).await
    }

    fn says(&self, answer: &Answer, word: &str) {
        let told = (answer.status, answer.header("location"));
        assert_eq!(
            told,
            (StatusCode::SEE_OTHER, Some(format!("{}?said={word}", self.page).as_str())),
            "{}",
            answer.text
        );
    }

    /// What was written down last, and over what.
    async fn written(&self) -> (Value, Value) {
        let page = self.scene.app.fetch(&self.scene.staff, "/api/v1/intents").await;
        let newest = &page["items"][0];
        (newest["edit"].clone(), newest["expected"].clone())
    }
}

/// The hidden fields and what is typed in a page's merge, as a browser would send them, without the choices.
fn offered(page: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once("<form method=\"post\" action=\"/customers").unwrap();
    let form = form.split_once("</form>").unwrap().0;
    let attribute = |tag: &str, name: &str| {
        let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
        Some(value.to_owned())
    };
    let inputs = form.split("<input ").skip(1).map(|rest| format!(" {}", rest.split('>').next().unwrap()));
    let sent = inputs.filter(|tag| !tag.contains("type=\"radio\""));
    sent.filter_map(|tag| Some((attribute(&tag, "name")?, attribute(&tag, "value")?))).collect()
}

#[actix_web::test]
async fn edits_of_different_fields_go_through_without_a_question() {
    let desk = Desk::customer().await;
    desk.becomes("billing = billing || '{\"city\": \"Bursa\"}'").await;
    let phone = [
        ("seen.billing.city", "Istanbul"),
        ("billing.city", "Istanbul"),
        ("seen.billing.phone", ""),
        ("billing.phone", "0224"),
    ];
    desk.says(&desk.send("", &phone).await, "proposed");
    let edit = json!({"kind": "customer.fields", "fields": {"billing.phone": "0224"}});
    assert_eq!(desk.written().await, (edit, json!({"billing.phone": null})));

    let desk = Desk::product().await;
    desk.becomes("name = 'Bowl'").await;
    let number = [("seen.name", "Product 001"), ("name", "Product 001"), ("seen.sku", "P-1"), ("sku", "P-9")];
    desk.says(&desk.send("/texts", &number).await, "proposed");
    let edit = json!({"kind": "product.text", "fields": {"sku": "P-9"}});
    assert_eq!(desk.written().await, (edit, json!({"sku": "P-1"})));
}

#[actix_web::test]
async fn two_prices_of_which_each_was_changed_by_one_are_joined_and_a_pair_that_makes_no_sense_is_asked_for() {
    let desk = Desk::product().await;
    let price = |regular, sale| [("seen_regular", "9.5"), ("seen_sale", ""), ("regular", regular), ("sale", sale)];
    desk.becomes("sale_price = 8").await;
    desk.says(&desk.send("/price", &price("12", "")).await, "joined");
    let edit = json!({"kind": "product.price", "regular": "12", "sale": "8"});
    let (written, expected) = desk.written().await;
    assert_eq!((&written, expected), (&edit, json!({"regular_price": "9.5", "sale_price": "8"})));

    // Below the sale that somebody else began, the new regular price is none.
    let asked = desk.send("/price", &price("7", "")).await;
    assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.text);
    for text in ["name=\"take.regular\" value=\"now\"", "name=\"take.sale\"", "name=\"seen_sale\" value=\"8\""] {
        assert!(asked.text.contains(text), "{text}: {}", asked.text);
    }
    assert_eq!(desk.scene.intents().await, 1);
    let chosen = [
        ("seen_regular", "9.5"),
        ("seen_sale", "8"),
        ("regular", "7"),
        ("take.regular", "mine"),
        ("sale", ""),
        ("take.sale", "mine"),
    ];
    desk.says(&desk.send("/price", &chosen).await, "proposed");
    let (written, expected) = desk.written().await;
    assert_eq!(written, json!({"kind": "product.price", "regular": "7", "sale": null}));
    assert_eq!(expected, json!({"regular_price": "9.5", "sale_price": "8"}));
    let kept = [("take.regular", "now"), ("take.sale", "now")];
    desk.says(&desk.send("/price", &[&chosen[..3], &[chosen[4]], &kept].concat()).await, "unchanged");
    desk.becomes("regular_price = 11, sale_price = NULL").await;
    desk.says(&desk.send("/price", &price("11", "")).await, "unchanged");
}

#[actix_web::test]
async fn of_fields_that_both_changed_each_is_chosen_and_only_what_differs_from_now_is_handed_in() {
    let desk = Desk::customer().await;
    let wish = [
        ("seen.billing.city", "Istanbul"),
        ("billing.city", "Ankara"),
        ("seen.billing.company", ""),
        ("billing.company", "A & \"B\""),
        ("seen.email", "ayse@example.test"),
        ("email", "ay@example.test"),
        ("seen.billing.phone", ""),
        ("billing.phone", "0224"),
    ];
    desk.becomes("billing = billing || '{\"city\": \"Bursa\", \"company\": \"C\"}', email = 'ay@example.test'").await;
    let page = desk.send("", &wish).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.text);
    assert_eq!(desk.scene.intents().await, 0);
    for text in
        ["It was changed in the store", "Istanbul", ">Bursa<", "value=\"Ankara\"", "name=\"take.billing.company\""]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    assert!(!page.text.contains("take.email") && !page.text.contains("take.billing.phone"), "{}", page.text);

    let mut offered = offered(&page.text);
    let city = offered.iter_mut().find(|(name, _)| name == "billing.city").expect("a value of one's own");
    assert_eq!(city.1, "Ankara");
    city.1 = "Eskişehir".to_owned();
    offered.push(("take.billing.city".to_owned(), "mine".to_owned()));
    offered.push(("take.billing.company".to_owned(), "now".to_owned()));
    let fields: Vec<(&str, &str)> = offered.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    desk.says(&desk.send("", &fields).await, "proposed");
    let edit = json!({"billing.city": "Eskişehir", "billing.phone": "0224"});
    assert_eq!(
        desk.written().await,
        (json!({"kind": "customer.fields", "fields": edit}), json!({"billing.city": "Bursa", "billing.phone": null}))
    );

    // Meanwhile it moved on: the same choice is asked for once more, on what is there by then.
    desk.becomes("billing = billing || '{\"city\": \"Van\"}'").await;
    let again = desk.send("", &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    for text in ["name=\"seen.billing.city\" value=\"Van\"", "value=\"Eskişehir\""] {
        assert!(again.text.contains(text), "{text}: {}", again.text);
    }
}

#[actix_web::test]
async fn what_is_being_edited_is_told_to_staff_by_part_and_no_other_word_is_taken_for_one() {
    let desk = Desk::product().await;
    let place = format!("product:{}", desk.scene.product);
    let admin = log_in(&desk.scene.app, crate::seed::ADMIN).await;
    let here = async |cookie: &Cookie<'static>, more: &[(&str, &str)]| {
        let fields = [&[("place", place.as_str())][..], more].concat();
        desk.scene.app.call(form("/here", &fields).cookie(cookie.clone())).await
    };
    let viewing = [("doing", "viewing")];
    assert_eq!(here(&admin, &[("doing", "editing"), ("part", "price")]).await.status, StatusCode::OK);
    assert!(here(&desk.staff, &viewing).await.text.contains("is editing the price"));
    let nonsense = here(&admin, &[("doing", "editing"), ("part", "<b>everything</b>")]).await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST, "{}", nonsense.text);
    assert!(here(&desk.staff, &viewing).await.text.contains("is editing the price"));
    assert_eq!(here(&admin, &[("doing", "editing"), ("part", "categories")]).await.status, StatusCode::OK);
    assert!(here(&desk.staff, &viewing).await.text.contains("is editing the categories"));

    let ticket = desk.scene.open(&desk.scene.user).await;
    let place = format!("ticket:{}", ticket["id"].as_str().unwrap());
    let at_ticket = [("place", place.as_str()), ("doing", "editing"), ("part", "note")];
    let user = log_in(&desk.scene.app, &desk.scene.world.coffee.user).await;
    desk.scene.app.call(form("/here", &at_ticket).cookie(admin)).await;
    let looks = [("place", place.as_str()), ("doing", "viewing")];
    let told = desk.scene.app.call(form("/here", &looks).cookie(user)).await.text;
    assert!(!told.contains("here__person"), "a merchant learns of a note: {told}");
    let told = desk.scene.app.call(form("/here", &looks).cookie(desk.staff.clone())).await.text;
    assert!(told.contains("is writing a note"), "{told}");
}
