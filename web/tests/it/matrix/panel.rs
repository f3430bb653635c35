//! Every route of the panel against every role, taken from the rows that the router is made of.

use actix_web::{cookie::Cookie, http::StatusCode, test::TestRequest};
use storewire_web::panel::{Row, rows};
use uuid::Uuid;

use super::{Role, Scene};
use crate::{
    app::{Answer, ORIGIN, get, post},
    panel::log_in,
    seed::{ADMIN, STAFF},
};

/// What everybody may do with their own browser, and what stands on a token instead of a role.
pub(super) const ELSEWHERE: [&str; 6] = ["/", "/login", "/logout", "/theme", "/rehearsals/leave", "/s/{token}"];
/// Forms that carry files.
const WITH_FILES: [&str; 5] =
    ["/support", "/support/{id}/messages", "/support/{id}/notes", "/returns/{id}/photos", "/inventory/imports"];
const BOUNDARY: &str = "x7kq1";

fn is_staff(role: Role) -> bool {
    matches!(role, Role::Admin | Role::Staff)
}

/// Whether a page or form exists for a role and does something for it: the agreed table, in the words of the routes.
pub(super) fn may(role: Role, row: Row) -> bool {
    let mut parts = row.path.trim_start_matches('/').split('/');
    let (noun, last) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
    match (row.method, noun, last) {
        (_, "stores", "freshness" | "webhook-secret" | "sources") => role == Role::Admin,
        ("GET", "orders", "stats") | (_, "notices" | "bell" | "freshness" | "here" | "attachments", _) => true,
        (_, "orders", "new" | "place") | (_, "products", "ask") | ("POST", "requests", "") => !is_staff(role),
        ("POST", "requests", "withdraw") => role == Role::MerchantAdmin,
        ("POST", "requests", "comment") => true,
        ("POST", "inventory", "level") => role != Role::MerchantUser,
        ("POST", "support", "notes" | "assign" | "priority" | "act") => is_staff(role),
        (_, "support", _) => true,
        ("GET", "orders" | "inventory", "bulk" | "import") | ("GET", "returns", "new") => is_staff(role),
        ("GET", "orders", _) if row.path.contains("/bulk/") => is_staff(role),
        ("GET", "inventory", _) if row.path.contains("/imports/") => is_staff(role),
        ("GET", "orders" | "products" | "customers" | "requests" | "inventory" | "returns", _) => {
            is_staff(role) || last != "new"
        }
        _ => is_staff(role),
    }
}

impl Scene {
    /// The coffee merchant's own record.
    pub(super) fn place(&self, path: &str) -> String {
        let id = match path.split('/').nth(1).unwrap_or_default() {
            "orders" if path.contains("/bulk/") => self.around.bulk,
            "orders" => self.order,
            "products" => self.product,
            "inventory" if path.contains("/imports/") => self.import,
            "inventory" => self.product,
            "customers" => self.customer,
            "requests" => self.request,
            "returns" => self.returned,
            "letters" => self.letter,
            "support" => self.opened.ticket,
            "attachments" => self.opened.file,
            "changes" => self.intent,
            "deliveries" | "dead-letters" => self.delivery,
            "stores" => self.world.coffee.store.uuid(),
            "rehearsals" => self.rehearsal,
            other => panic!("{other} has no record in this scene"),
        };
        let here = path.replace("{id}", &id.to_string());
        here.replace("{charge}", &self.around.charge.to_string()).replace("{share}", &self.around.share.to_string())
    }

    /// Every field that any form has, each with something that could be meant.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let text = |name, text: &str| (name, text.to_owned());
        vec![
            ("deed", Uuid::now_v7().to_string()),
            ("entity", self.product.to_string()),
            ("order", self.order.to_string()),
            ("store", self.world.coffee.store.to_string()),
            ("store_id", self.world.coffee.store.to_string()),
            ("id", self.delivery.to_string()),
            ("place", format!("ticket:{}", self.opened.ticket)),
            text("wish", "stock"),
            text("quantity", "7"),
            text("meaning", "absolute"),
            text("version", "1"),
            text("reason", "damaged"),
            text("text", "hello"),
            text("subject", "hello"),
            text("next", "/orders"),
            text("status", "completed"),
            text("seen", ""),
            text("seen_regular", ""),
            text("seen_sale", ""),
            text("regular", "3"),
            text("sale", ""),
            text("category", "15"),
            text("provider", "DHL"),
            text("number", "1"),
            text("url", ""),
            text("label", "storage"),
            text("amount", "1"),
            text("days", "1"),
            text("tag", "loyal"),
            text("doing", "viewing"),
            text("priority", "high"),
            text("assignee", ""),
            text("name", "A copy"),
            text("action", "resync"),
            text("how", "to"),
            text("level", "3"),
            text("step", "accept"),
            text("cause", "undecodable"),
            text("source", "https://www.coffee.example"),
            text("minutes", "5"),
            text("factor", "2"),
        ]
    }

    async fn try_route(&self, cookie: &Cookie<'static>, row: Row) -> Answer {
        self.try_with(cookie, row, &[]).await
    }

    /// The same, with more fields than its form has.
    pub(super) async fn try_with(&self, cookie: &Cookie<'static>, row: Row, more: &[(&'static str, String)]) -> Answer {
        let at = if row.path.contains('{') { self.place(row.path) } else { row.path.to_owned() };
        self.try_at(cookie, row, &at, more).await
    }

    /// The same at another record than the scene's.
    pub(super) async fn try_at(
        &self,
        cookie: &Cookie<'static>,
        row: Row,
        at: &str,
        more: &[(&'static str, String)],
    ) -> Answer {
        if row.method == "GET" {
            let query = format!("{at}?order={}&store={}", self.order, self.world.coffee.store);
            return self.app.call(get(&query).cookie(cookie.clone())).await;
        }
        let form = post(at).insert_header(("origin", ORIGIN)).cookie(cookie.clone());
        let fields = [self.fields().as_slice(), more].concat();
        let is_in_parts = WITH_FILES.contains(&row.path);
        self.app.call(if is_in_parts { in_parts(form, &fields) } else { form.set_form(fields) }).await
    }
}

/// The same fields as a form that may carry files sends them.
fn in_parts(form: TestRequest, fields: &[(&str, String)]) -> TestRequest {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!("--{BOUNDARY}--\r\n");
    form.insert_header(("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))).set_payload(body)
}

#[actix_web::test]
async fn every_panel_route_is_open_to_its_roles_and_closed_to_the_others() {
    let scene = Scene::start().await;
    let people = [
        (Role::MerchantUser, scene.world.coffee.user.clone()),
        (Role::MerchantAdmin, scene.world.coffee.admin.clone()),
        (Role::Staff, STAFF.to_owned()),
        (Role::Admin, ADMIN.to_owned()),
    ];
    let rows: Vec<Row> = rows().into_iter().filter(|row| !ELSEWHERE.contains(&row.path)).collect();
    assert!(rows.len() > 90, "{}", rows.len());
    let mut wrong = Vec::new();
    for (role, email) in people {
        let cookie = log_in(&scene.app, &email).await;
        for row in &rows {
            let answer = scene.try_route(&cookie, *row).await;
            let is_closed = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            // A form that cannot be read tells nothing of who may send it.
            if is_closed == may(role, *row) || answer.status == StatusCode::BAD_REQUEST {
                wrong.push(format!("{role:?} {} {}: {}", row.method, row.path, answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fault_25_no_pattern_of_the_panel_takes_a_word_that_comes_after_it() {
    let rows = rows();
    for (place, pattern) in rows.iter().enumerate() {
        for later in rows.iter().skip(place + 1).filter(|later| later.method == pattern.method) {
            let (mut taken, mut parts) = (true, pattern.path.split('/').zip(later.path.split('/')));
            let is_as_deep = pattern.path.split('/').count() == later.path.split('/').count();
            taken &= parts.all(|(one, other)| one == other || one.starts_with('{'));
            assert!(!(is_as_deep && taken), "{} takes what {} is for", pattern.path, later.path);
        }
    }
}
