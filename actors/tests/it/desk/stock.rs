//! Every change of a count is told once with its cause; low is said once; a file of counts is looked at, written, and spares what was sold.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use serde_json::{Value, json};
use storesim::FleetConfig;
use storewire_actors::{
    Hand, Proposal,
    desk::{AtImport, AtProduct, RefusalKind},
};
use storewire_db::{
    identity,
    stock::{self as rows, ImportLine, ImportRow, LineFilter, MoveRow},
};
use storewire_domain::{
    Edit, PlatformRole, ProductId, RoleClass,
    request::RequestState,
    stock::{ImportFinding, ImportState, MoveReason},
};
use uuid::Uuid;

use super::{ABSOLUTE, Office, refused};
use crate::push::{Bench, stock};

impl Office {
    fn article(&self) -> AtProduct {
        AtProduct { tenant: self.bench.house.tenant, product: ProductId(self.entity) }
    }

    /// The ledger of the product, oldest first.
    async fn ledger(&self) -> Result<Vec<MoveRow>> {
        let tx = self.bench.house.db.db().platform().await?;
        let mut moves = rows::moves(&tx, self.bench.house.tenant, ProductId(self.entity), None, 100).await?;
        tx.commit().await?;
        moves.reverse();
        Ok(moves)
    }

    /// Waits until our copy holds this count.
    async fn holds(&self, quantity: i64) -> Result<()> {
        let sql = "SELECT count(*) FROM product WHERE id = $1 AND stock_quantity::bigint = $2";
        self.bench.house.count_is(sql, &[&self.entity, &quantity], 1).await
    }

    /// Somebody buys so many of the product, and our copy is told.
    async fn sell(&self, quantity: i64, left: i64) -> Result<()> {
        self.bench.house.fleet.buy(1, Some(self.product), quantity).context("it is for sale")?;
        self.holds(left).await
    }

    /// Somebody of the staff who keeps the second shop and no other.
    async fn keeper_of_another(&self) -> Result<Hand> {
        let house = &self.bench.house;
        let (db, other) = (house.db.db(), house.connect(2).await?);
        let tx = db.auth().await?;
        let user = identity::create_user(&tx, "cem@platform.example", "Cem", "-", Some(PlatformRole::Staff)).await?;
        tx.commit().await?;
        let tx = db.tenant(house.tenant).await?;
        identity::assign_staff(&tx, user, other).await?;
        tx.commit().await?;
        Ok(Hand { user, name: "Cem".to_owned(), class: RoleClass::Staff })
    }

    async fn preview(&self, file: String) -> Result<ImportRow> {
        let at = (self.bench.house.tenant, self.bench.store);
        let (deed, name) = (Uuid::now_v7(), "counts.csv".to_owned());
        Ok(self.desk().preview(deed, self.staff[0].clone(), at, name, Bytes::from(file)).await?)
    }

    async fn lines(&self, import: &ImportRow) -> Result<Vec<ImportLine>> {
        let tx = self.bench.house.db.db().platform().await?;
        let lines =
            rows::lines_of(&tx, import.tenant_id, import.id, &LineFilter { finding: None, after: None, limit: 10_000 })
                .await?;
        tx.commit().await?;
        Ok(lines)
    }
}

fn at(import: &ImportRow) -> AtImport {
    AtImport { tenant: import.tenant_id, id: import.id, version: import.version }
}

#[actix_web::test]
async fn every_change_of_a_count_is_in_the_ledger_once_with_its_cause() -> Result<()> {
    let office = Office::open().await?;
    office.sell(3, 47).await?;
    let row = office.ask(60).await?;
    office.decide(&row, ABSOLUTE).await?;
    office.until(row.id, "applied", |row| row.state == RequestState::Applied).await?;
    let (tenant, store, by) = (office.bench.house.tenant, office.bench.store, office.bench.by);
    let note = Some("miscounted".to_owned());
    let wish = Proposal { tenant, store, entity: office.entity, edit: stock(40), by, expected: None, note };
    let wish = office.bench.house.engine().propose(wish).await?;
    ensure!(office.bench.ends(wish.id).await?.reason.is_none());
    let sku = office.bench.record("products", office.product)?["sku"].clone();
    let import = office.preview(format!("sku,stock\n{},30\n", sku.as_str().unwrap_or_default())).await?;
    office.desk().write_import(office.staff[0].clone(), at(&import)).await?;
    office.holds(30).await?;
    // What the shop has by itself before we ask for it is the shop's.
    office.set_silently(25).await;
    let wish = office.bench.propose(office.product, stock(35), Some(json!({ "stock_quantity": "30" }))).await?;
    ensure!(office.bench.ends(wish.id).await?.reason.as_deref() == Some("conflict"));
    office.holds(25).await?;

    let moves = office.ledger().await?;
    let told: Vec<_> = moves.iter().map(|one| (one.reason, one.after.map(|count| count.normalize()))).collect();
    let wanted = [
        (MoveReason::Edit, 50),
        (MoveReason::Shop, 47),
        (MoveReason::Request, 60),
        (MoveReason::Edit, 40),
        (MoveReason::Import, 30),
        (MoveReason::Shop, 25),
    ]
    .map(|(reason, count)| (reason, Some(count.into())));
    ensure!(told == wanted, "{moves:?}");
    ensure!(
        moves.windows(2).all(|pair| pair[0].after == pair[1].before),
        "each begins where the last ended: {moves:?}"
    );
    ensure!(moves.iter().all(|one| one.intent_id.is_some() != (one.reason == MoveReason::Shop)));
    let names: Vec<&str> = moves.iter().map(|one| one.by_name.as_str()).collect();
    ensure!(names == ["Ada", "", "Ada", "Ada", "Ada", ""], "{names:?}");
    let notes: Vec<&str> = moves.iter().map(|one| one.note.as_str()).collect();
    ensure!(notes == ["", "", "", "miscounted", "", ""], "{notes:?}");
    let changes =
        "SELECT count(*) FROM change WHERE entity_id = $1 AND kind = 'product.updated' AND detail ? 'stock_quantity'";
    office.bench.house.count_is(changes, &[&office.entity], 6).await?;
    office.bench.house.converges().await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn low_is_raised_once_told_once_and_ended_once() -> Result<()> {
    let fleet = FleetConfig { stores: 2, orders_per_store: 8, products_per_store: 6, ..FleetConfig::default() };
    let office = Office::in_bench(Bench::of(fleet, |_| ()).await?).await?;
    let (desk, merchant, [ada, bob]) = (office.desk(), office.merchant.clone(), office.staff.clone());
    let cem = office.keeper_of_another().await?;
    let told = async |who: &Hand| anyhow::Ok(office.heard_of(office.entity, who).await?.len());
    let low = "SELECT count(*) FROM low_stock WHERE product_id = $1 AND ended_at IS NULL";
    let ever = "SELECT count(*) FROM low_stock WHERE product_id = $1";
    let house = &office.bench.house;
    let level = |count: i64| Some(count.into());
    let set = desk.set_level(Uuid::now_v7(), merchant.clone(), office.article(), level(45), None).await?;
    ensure!(set.version == 1 && house.count(ever, &[&office.entity]).await? == 0, "50 are enough");
    office.sell(3, 47).await?;
    ensure!(house.count(ever, &[&office.entity]).await? == 0, "47 are enough");
    office.sell(2, 45).await?;
    office.sell(2, 43).await?;
    ensure!(house.count(low, &[&office.entity]).await? == 1);
    for who in [&merchant, &ada, &bob] {
        ensure!(office.heard_of(office.entity, who).await? == ["stock-low"], "{}", who.name);
    }
    office.bench.carry_out(office.product, stock(60)).await?;
    ensure!(house.count(low, &[&office.entity]).await? == 0 && house.count(ever, &[&office.entity]).await? == 1);

    let late = desk.set_level(Uuid::now_v7(), office.staff[0].clone(), office.article(), level(70), None).await;
    let detail = refused(late, "changed", RefusalKind::Outdated)?;
    ensure!(detail["version"] == 1, "{detail}");
    let set = desk.set_level(Uuid::now_v7(), merchant.clone(), office.article(), level(70), Some(1)).await?;
    ensure!(set.version == 2 && house.count(low, &[&office.entity]).await? == 1, "60 are low by it");
    ensure!((told(&merchant).await?, told(&ada).await?) == (1, 2), "whoever did it is not told");
    desk.set_level(Uuid::now_v7(), ada.clone(), office.article(), None, Some(2)).await?;
    ensure!(house.count(low, &[&office.entity]).await? == 0, "without a level nothing is low");
    desk.set_level(Uuid::now_v7(), ada.clone(), office.article(), level(60), Some(3)).await?;
    ensure!((told(&merchant).await?, told(&ada).await?, told(&bob).await?) == (2, 2, 3), "nor is one of the staff");
    ensure!(told(&cem).await? == 0, "they keep another store");
    let way = "SELECT detail->'low'->1 FROM change WHERE entity_id = $1 AND kind = 'stock.changed' AND detail ? 'low' ORDER BY seq";
    let way = house.admin.query(way, &[&office.entity]).await?;
    let way: Vec<Value> = way.iter().map(|row| row.get(0)).collect();
    ensure!(way == [true, false, true, false, true].map(Value::from), "{way:?}");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn what_was_thrown_away_in_the_shop_is_low_no_longer() -> Result<()> {
    let office = Office::open().await?;
    let low = "SELECT count(*) FROM low_stock WHERE product_id = $1 AND ended_at IS NULL";
    let house = &office.bench.house;
    office.desk().set_level(Uuid::now_v7(), office.merchant.clone(), office.article(), Some(70.into()), None).await?;
    ensure!(house.count(low, &[&office.entity]).await? == 1, "50 are low by 70");
    office.bench.carry_out(office.product, Edit::Trash).await?;
    house.count_is(low, &[&office.entity], 0).await?;
    let told = "SELECT count(*) FROM change WHERE entity_id = $1 AND kind = 'stock.changed' AND detail->'low' = '[true, false]'";
    ensure!(house.count(told, &[&office.entity]).await? == 1, "open pages were not told");
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_file_of_2000_lines_is_looked_at_and_written_and_a_sale_meanwhile_spares_its_line() -> Result<()> {
    let fleet = FleetConfig { stores: 1, orders_per_store: 8, products_per_store: 400, ..FleetConfig::default() };
    let bench = Bench::of(fleet, |config| config.pull_interval = Duration::from_secs(600)).await?;
    let office = Office::in_bench(bench).await?;
    let counted: Vec<(u64, String)> = office
        .bench
        .shop("products")?
        .iter()
        .filter(|one| one["type"] == "simple" && one["manage_stock"] == true && one["status"] != "trash")
        .filter_map(|one| Some((one["id"].as_u64()?, one["sku"].as_str()?.to_owned())))
        .filter(|(_, sku)| !sku.is_empty())
        .collect();
    ensure!(counted.len() > 100, "only {} count their stock", counted.len());
    let mut file = "sku;name;stock\r\n".to_owned();
    for (id, sku) in &counted {
        file.push_str(&format!("{sku};\"a; b\";{}\r\n", 1_000 + id));
    }
    for number in counted.len()..2_000 {
        file.push_str(&format!("NOT-THERE-{number};x;5\r\n"));
    }
    let import = office.preview(file).await?;
    let changes = i64::try_from(counted.len())?;
    ensure!((import.num_lines, import.num_changes, import.num_left) == (2_000, changes, changes), "{import:?}");
    ensure!(import.ignored == ["name"] && import.state == ImportState::Previewed);
    let intents = "SELECT count(*) FROM intent WHERE cause->>'import' = $1";
    let id = import.id.to_string();
    ensure!(office.bench.house.count(intents, &[&id]).await? == 0, "a preview writes nothing");

    // A sale of which nobody has heard: what was seen is no longer so.
    office.set_silently(44).await;
    let desk = office.desk();
    let merchant = desk.write_import(office.merchant.clone(), at(&import)).await;
    refused(merchant, "staff_only", RefusalKind::Forbidden)?;
    let unseen = AtImport { version: 7, ..at(&import) };
    refused(desk.write_import(office.staff[0].clone(), unseen).await, "changed", RefusalKind::Outdated)?;
    let written = desk.write_import(office.staff[0].clone(), at(&import)).await?;
    ensure!((written.state, written.num_left) == (ImportState::Written, 0), "{written:?}");
    desk.write_import(office.staff[1].clone(), at(&import)).await?;
    ensure!(office.bench.house.count(intents, &[&id]).await? == changes, "every line is written once");
    refused(desk.drop_import(office.staff[0].clone(), at(&written)).await, "not_previewed", RefusalKind::Conflict)?;

    let open = "SELECT count(*) FROM intent WHERE cause->>'import' = $1 AND finished_at IS NULL";
    office.bench.house.count_is(open, &[&id], 0).await?;
    let spared: Vec<ImportLine> =
        office.lines(&written).await?.into_iter().filter(|line| line.reason.is_some()).collect();
    ensure!(spared.len() == 1 && spared[0].product_id == Some(ProductId(office.entity)), "{spared:?}");
    ensure!(spared[0].finding == ImportFinding::Change && spared[0].reason.as_deref() == Some("conflict"));
    let shop = office.bench.shop("products")?;
    for (id, _) in &counted {
        let count = shop.iter().find(|one| one["id"] == *id).map(|one| one["stock_quantity"].clone());
        let wanted = if *id == office.product { json!(44) } else { json!(1_000 + id) };
        ensure!(count == Some(wanted), "{id} has {count:?}");
    }
    let moves = "SELECT count(*) FROM stock_move WHERE reason = 'import' AND by_name = 'Ada'";
    ensure!(office.bench.house.count(moves, &[]).await? == changes - 1);
    office.bench.house.close().await;
    Ok(())
}
