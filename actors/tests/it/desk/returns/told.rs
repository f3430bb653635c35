//! Who is told of a return in the panel, and once of each step.

use anyhow::{Result, ensure};
use rust_decimal::Decimal;
use storewire_actors::desk::ReturnStep;
use storewire_db::identity;
use storewire_domain::{IntentState, TenantRole, returns::ItemDecision};
use uuid::Uuid;

use super::{Counter, at, decide};

#[actix_web::test]
async fn a_merchants_administrators_are_told_once_of_every_step_of_a_return_and_of_its_restock() -> Result<()> {
    let counter = Counter::open().await?;
    let office = &counter.office;
    let (desk, [ada, bob]) = (office.desk(), office.staff.clone());
    let db = office.bench.house.db.db();
    let tx = db.auth().await?;
    let user = identity::create_user(&tx, "umut@coffee.example", "Umut", "-", None).await?;
    tx.commit().await?;
    let tx = db.tenant(office.bench.house.tenant).await?;
    identity::add_membership(&tx, user, TenantRole::User).await?;
    tx.commit().await?;

    let declined = counter.open_return(Decimal::ONE).await?;
    counter.step(&declined, ReturnStep::Decline { reason: "worn".to_owned() }).await?;
    let cancelled = counter.open_return(Decimal::ONE).await?;
    counter.step(&cancelled, ReturnStep::Cancel).await?;
    for (row, last) in [(&declined, "return-declined"), (&cancelled, "return-cancelled")] {
        ensure!(office.heard_of(row.id.uuid(), &office.merchant).await? == ["return-opened", last]);
    }

    let received = counter.receive().await?;
    let of = (received.tenant_id, received.id);
    let (said, written, decided) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for _ in 0..2 {
        desk.comment_return(said, ada.clone(), of, "the bag is torn".to_owned()).await?;
        let (subject, text) = ("Your return".to_owned(), "We have it.".to_owned());
        desk.write_to_buyer(written, ada.clone(), of, subject, text).await?;
        desk.step_return(decided, ada.clone(), at(&received), decide(ItemDecision::Restock)).await?;
    }
    let there = counter.until_restock(received.id, IntentState::Done).await?;
    counter.step(&there, ReturnStep::Close).await?;
    let heard = office.heard_of(received.id.uuid(), &office.merchant).await?;
    let way = [
        "return-opened",
        "return-accepted",
        "return-received",
        "return-said",
        "return-wrote",
        "return-decided",
        "return-restocked",
        "return-closed",
    ];
    ensure!(heard == way, "{heard:?}");
    let line =
        "SELECT count(*) FROM notice WHERE about_id = $1 AND kind = $2 AND about_kind = 'return' AND NOT for_staff
        AND detail->>'number' = $3::bigint::text AND detail->>'about' = $4";
    let (id, number) = (received.id.uuid(), received.number);
    for (kind, about) in [("return-closed", &received.order_number), ("return-restocked", &received.items[0].name)] {
        ensure!(office.bench.house.count(line, &[&id, &kind, &number, about]).await? == 1, "{kind} names {about}");
    }
    // It is staff's own doing, and not for everybody who works at the merchant.
    let others = "SELECT count(*) FROM notice WHERE user_id = ANY ($1) AND about_kind = 'return'";
    let told = [user.uuid(), ada.user.uuid(), bob.user.uuid()].to_vec();
    ensure!(office.bench.house.count(others, &[&told]).await? == 0);
    counter.office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn who_wanted_a_restock_that_failed_is_told_and_the_merchant_is_not() -> Result<()> {
    let counter = Counter::open().await?;
    let failed = counter.fail(77).await?;
    let (office, id) = (&counter.office, failed.id.uuid());
    let [ada, bob] = &office.staff;
    ensure!(office.heard_of(id, ada).await? == ["return-restock-failed"]);
    ensure!(office.heard_of(id, bob).await?.is_empty());
    let heard = office.heard_of(id, &office.merchant).await?;
    ensure!(heard.last().map(String::as_str) == Some("return-decided"), "{heard:?}");
    counter.office.bench.house.close().await;
    Ok(())
}
