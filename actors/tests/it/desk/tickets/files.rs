//! Files: kept as what their bytes say, carried once, and taken away when nothing carries them.

use anyhow::{Result, ensure};
use bytes::Bytes;
use storewire_actors::{
    Hand,
    desk::{RefusalKind, Words},
};
use storewire_db::attachments;
use storewire_domain::{AttachmentId, ReadScope};
use uuid::Uuid;

use super::{super::refused, Office, PHOTO, thread};

#[actix_web::test]
async fn a_file_is_kept_without_what_its_camera_wrote_and_carried_once_by_its_owner() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant, [ada, _]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let row = office.open_ticket().await?;
    let upload = async |by: &Hand, name: &str, bytes: &'static [u8]| {
        desk.upload(row.tenant_id, by.clone(), name.to_owned(), Bytes::from_static(bytes)).await
    };
    let file = upload(&merchant, "../../wet.exe", PHOTO).await?;
    ensure!(file.name.ends_with(".gif") && !file.name.contains('/'), "{}", file.name);
    let kept = desk.file(&file).await?;
    ensure!(i64::try_from(kept.len())? == file.bytes && kept.len() < PHOTO.len(), "{kept:?}");
    ensure!(!kept.windows(4).any(|part| part == b"home"), "where it was taken is kept");
    for (name, bytes) in [("a.svg", b"<svg/>".as_slice()), ("a.gif", b"GIF89a"), ("a.txt", b"")] {
        refused(upload(&merchant, name, bytes).await, "bad_type", RefusalKind::BadType)?;
    }
    let with = |files: Vec<AttachmentId>| Words { text: String::new(), files };
    let say = async |by: &Hand, files| desk.say(Uuid::now_v7(), by.clone(), thread(&row), with(files)).await;
    refused(say(&ada, vec![file.id]).await, "not_yours", RefusalKind::Unprocessable)?;
    refused(say(&merchant, vec![file.id, file.id]).await, "not_yours", RefusalKind::Unprocessable)?;
    refused(say(&merchant, vec![file.id; 11]).await, "too_many_files", RefusalKind::Unprocessable)?;
    ensure!(office.thread(&row).await?.len() == 1, "a message was kept without its files");
    let deed = Uuid::now_v7();
    for _ in 0..2 {
        desk.say(deed, merchant.clone(), thread(&row), with(vec![file.id])).await?;
    }
    refused(say(&merchant, vec![file.id]).await, "not_yours", RefusalKind::Unprocessable)?;
    let tx = office.bench.house.db.db().read(&ReadScope::Tenant(row.tenant_id)).await?;
    let files = attachments::of_ticket(&tx, row.tenant_id, row.id).await?;
    tx.commit().await?;
    ensure!(files.len() == 1 && files[0].carrier_id == Some(deed) && !files[0].for_staff, "{files:?}");
    ensure!(office.thread(&row).await?.len() == 2);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_file_that_is_too_large_or_for_which_there_is_no_room_is_refused_and_not_written_down() -> Result<()> {
    let office = Office::with(|config| {
        config.desk.file_bytes = 100;
        config.desk.upload_bytes_of_tenant = 150;
    })
    .await?;
    let (desk, merchant, tenant) = (office.desk(), office.merchant.clone(), office.bench.house.tenant);
    let upload = async |size: usize| {
        desk.upload(tenant, merchant.clone(), "list.txt".to_owned(), Bytes::from(vec![b'x'; size])).await
    };
    refused(upload(101).await, "too_large", RefusalKind::TooLarge)?;
    upload(100).await?;
    refused(upload(51).await, "full", RefusalKind::Conflict)?;
    upload(50).await?;
    ensure!(office.bench.house.count("SELECT count(*) FROM attachment", &[]).await? == 2);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn the_janitor_takes_away_what_nothing_carried_for_a_day_and_nothing_else() -> Result<()> {
    let office = Office::open().await?;
    let (desk, merchant) = (office.desk(), office.merchant.clone());
    let row = office.open_ticket().await?;
    let upload =
        async || desk.upload(row.tenant_id, merchant.clone(), "wet.gif".to_owned(), Bytes::from_static(PHOTO)).await;
    let (carried, loose, fresh) = (upload().await?, upload().await?, upload().await?);
    let words = Words { text: String::new(), files: vec![carried.id] };
    desk.say(Uuid::now_v7(), merchant.clone(), thread(&row), words).await?;
    let age = "UPDATE attachment SET created_at = created_at - interval '25 hours' WHERE id = ANY ($1)";
    let old = [carried.id.uuid(), loose.id.uuid()];
    office.bench.house.admin.execute(age, &[&old.as_slice()]).await?;
    office.bench.house.stop().await;
    office.bench.house.start();
    let rows = "SELECT count(*) FROM attachment";
    let house = &office.bench.house;
    house.until("the loose file is forgotten", || async { Ok(house.count(rows, &[]).await? == 2) }).await?;
    let desk = office.desk();
    house.until("its bytes are gone", || async { Ok(desk.file(&loose).await.is_err()) }).await?;
    for kept in [&carried, &fresh] {
        ensure!(desk.file(kept).await.is_ok(), "{kept:?}");
    }
    office.bench.house.close().await;
    Ok(())
}
