//! How far each side has read: told once, of the side and of nobody.

use anyhow::{Result, ensure};
use storewire_actors::{DeskError, desk::Thread};
use storewire_db::tickets::{self, SeenUpTo};
use storewire_domain::TicketId;

use super::{super::Office, thread};

#[actix_web::test]
async fn the_first_of_a_side_to_read_is_news_for_the_other_once_and_nothing_tells_who_it_was() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let (house, row) = (&office.bench.house, office.open_ticket().await?);
    let told = async || {
        let sql = "SELECT field FROM change, jsonb_object_keys(detail) AS field
            WHERE entity_id = $1 AND field LIKE 'seen%' ORDER BY seq";
        let rows = house.admin.query(sql, &[&row.id.uuid()]).await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect::<Result<Vec<String>>>()
    };
    let seen = async || {
        let tx = house.db.db().platform().await?;
        let seen = tickets::seen(&tx, row.tenant_id, row.id).await?;
        tx.commit().await?;
        anyhow::Ok(seen)
    };
    let opened = Some(row.last_message_at);
    ensure!(seen().await? == SeenUpTo { by_merchant: opened, by_staff: None });
    for staff in [&ada, &ada, &bob] {
        desk.read(staff, thread(&row), row.last_message_at).await?;
    }
    ensure!(told().await? == ["seen_by_staff"], "{:?}", told().await?);
    ensure!(seen().await? == SeenUpTo { by_merchant: opened, by_staff: opened });

    let answered = office.say(&row, &ada, "we look").await?;
    ensure!(seen().await? == SeenUpTo { by_merchant: opened, by_staff: Some(answered.last_message_at) });
    for _ in 0..2 {
        desk.read(&merchant, thread(&row), answered.last_message_at).await?;
    }
    // Whoever looks at what was read long ago unreads nothing.
    desk.read(&merchant, thread(&row), row.last_message_at).await?;
    ensure!(told().await? == ["seen_by_staff", "seen_by_merchant"], "{:?}", told().await?);
    ensure!(seen().await?.by_merchant == Some(answered.last_message_at));
    let names =
        "SELECT count(*) FROM change WHERE entity_id = $1 AND (detail::text LIKE '%Ada%' OR detail::text LIKE $2)";
    let by = format!("%{}%", ada.user);
    ensure!(house.count(names, &[&row.id.uuid(), &by]).await? == 0);
    let after = office.ticket(row.id).await?;
    ensure!((after.version, after.updated_at) == (answered.version, answered.updated_at), "{after:?}");
    let nowhere = desk.read(&ada, Thread { id: TicketId::fresh(), ..thread(&row) }, row.last_message_at).await;
    ensure!(matches!(nowhere, Err(DeskError::NotFound)), "{nowhere:?}");
    office.bench.house.close().await;
    Ok(())
}
