//! Fields that no form has: whoever adds them gets nothing more by them than their role gives.

use storewire_web::panel::{Row, rows};
use uuid::Uuid;

use super::{Scene, panel::ELSEWHERE};
use crate::{panel::log_in, seed::digests};

/// What may hold nothing new after merchants have sent every form: who people are, and what only staff write.
const CLOSED: [&str; 9] = [
    "app_user",
    "membership",
    "staff_store",
    "store_ownership",
    "ticket_note",
    "order_charge",
    "order_share",
    "bulk_row",
    "stock_import",
];

/// All that merchants could pass themselves off as, or take.
fn wanted(scene: &Scene) -> Vec<(&'static str, String)> {
    let staff = scene.world.staff.to_string();
    let mut fields = vec![
        ("tenant_id", scene.world.outdoor.tenant.to_string()),
        ("tenant", scene.world.outdoor.tenant.to_string()),
        ("user_id", staff.clone()),
        ("asked_by", staff.clone()),
        ("decided_by", staff.clone()),
        ("by", staff),
        ("role", "platform_admin".to_owned()),
        ("class", "staff".to_owned()),
        ("deed_id", Uuid::now_v7().to_string()),
        ("decision", "approve".to_owned()),
    ];
    fields.extend(["approved", "is_staff", "by_staff", "for_staff"].map(|name| (name, "true".to_owned())));
    fields
}

/// One digest over the rows of each closed table, and over all that is the other merchant's.
async fn out_of_reach(scene: &Scene) -> Vec<(String, String)> {
    let closed = digests(&scene.app, CLOSED.map(str::to_owned), "true").await;
    [closed, scene.world.outdoor.rows(&scene.app).await].concat()
}

#[actix_web::test]
async fn g6_fields_that_no_form_has_give_merchants_nothing_on_any_form() {
    let scene = Scene::start().await;
    let admin = scene.app.db.admin().await.unwrap();
    let wanted = wanted(&scene);
    let forms: Vec<Row> =
        rows().into_iter().filter(|row| row.method == "POST" && !ELSEWHERE.contains(&row.path)).collect();
    assert!(forms.len() >= 40, "{}", forms.len());
    let before = out_of_reach(&scene).await;
    let mut taken = 0;
    for email in [&scene.world.coffee.user, &scene.world.coffee.admin] {
        let cookie = log_in(&scene.app, email).await;
        for form in &forms {
            let answer = scene.try_with(&cookie, *form, &wanted).await;
            assert!(answer.status.as_u16() < 500, "{} {}: {}", form.path, answer.status, answer.text);
            taken += usize::from(answer.status.is_redirection());
        }
    }
    assert!(taken >= 6, "only {taken} forms were taken at all");
    assert_eq!(out_of_reach(&scene).await, before);
    let passed_off = "SELECT (SELECT count(*) FROM request WHERE decided_by IS NOT NULL)
        + (SELECT count(*) FROM request JOIN membership ON membership.user_id = asked_by WHERE membership.tenant_id <> request.tenant_id)
        + (SELECT count(*) FROM request LEFT JOIN membership ON membership.user_id = asked_by WHERE membership.user_id IS NULL)
        + (SELECT count(*) FROM request_event WHERE by_staff) + (SELECT count(*) FROM ticket_message WHERE by_staff)";
    let found: i64 = admin.query_one(passed_off, &[]).await.unwrap().get(0);
    assert_eq!(found, 0, "a merchant decided, or spoke as staff");
}
