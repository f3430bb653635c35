//! Whatever merchants may ask for reaches the shop once it is approved, and nothing besides it.

use anyhow::{Context as _, Result, ensure};
use rust_decimal::Decimal;
use serde_json::Value;
use storesim::Verb;
use storewire_db::RequestRow;
use storewire_domain::{
    Edit, RemoteId,
    intent::{NewKind, NewProduct, TextField},
    request::RequestState,
};
use uuid::Uuid;

use super::{ABSOLUTE, Office};

impl Office {
    /// Has it asked for and approved, and waits until the shop is known to hold it.
    async fn carry(&self, deed: Uuid, entity: Uuid, edit: Edit) -> Result<RequestRow> {
        let asked = self.desk().ask(deed, self.merchant.clone(), self.want(entity, edit)).await?;
        self.decide(&asked, ABSOLUTE).await?;
        let is_over = |row: &RequestRow| matches!(row.state, RequestState::Applied | RequestState::Failed);
        let row = self.until(asked.id, "it has ended", is_over).await?;
        ensure!(row.state == RequestState::Applied, "{} failed: {:?}", row.kind, row.reason);
        ensure!(self.timeline(row.id).await? == ["asked", "approved", "applied"], "{}", row.kind);
        Ok(row)
    }

    fn shown(&self) -> Result<Value> {
        self.bench.record("products", self.product)
    }
}

fn categories(product: &Value) -> Vec<u64> {
    let named = product["categories"].as_array().into_iter().flatten();
    named.filter_map(|category| category["id"].as_u64()).collect()
}

#[actix_web::test]
async fn approved_prices_statuses_texts_and_categories_are_in_the_shop_each_by_one_write() -> Result<()> {
    let office = Office::open().await?;
    let before = office.bench.writes("product", office.product).len();
    let carry = async |edit| office.carry(Uuid::now_v7(), office.entity, edit).await;

    carry(Edit::Price { regular: "120.50".parse().ok(), sale: "99.90".parse().ok() }).await?;
    let shown = office.shown()?;
    let price = |name: &str| shown[name].as_str().and_then(|text| text.parse::<Decimal>().ok());
    ensure!((price("regular_price"), price("sale_price")) == ("120.50".parse().ok(), "99.90".parse().ok()), "{shown}");

    let status = if shown["status"] == "private" { "publish" } else { "private" };
    carry(Edit::ProductStatus { status: status.to_owned() }).await?;
    ensure!(office.shown()?["status"] == status, "{}", office.shown()?);

    let texts =
        [(TextField::Name, "Blue mug".to_owned()), (TextField::Long, "For tea\n\nand [opening_hours]".to_owned())];
    carry(Edit::Text { fields: texts.into() }).await?;
    let shown = office.shown()?;
    let description = shown["description"].as_str().context("a description")?;
    ensure!(shown["name"] == "Blue mug" && description.starts_with("<p>For tea</p>"), "{shown}");

    let (own, all) = (categories(&shown), office.bench.shop("products")?);
    let other = all.iter().flat_map(categories).find(|id| !own.contains(id)).context("another category")?;
    carry(Edit::Categories { ids: vec![RemoteId::from(other)] }).await?;
    ensure!(categories(&office.shown()?) == [other], "{}", office.shown()?);

    ensure!(office.bench.writes("product", office.product).len() == before + 4);
    office.bench.house.converges().await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn an_approved_product_is_made_in_the_shop_once() -> Result<()> {
    let office = Office::open().await?;
    let kettle = NewProduct {
        name: "Kettle".to_owned(),
        sku: "KETTLE-1".to_owned(),
        kind: NewKind::Simple,
        status: "draft".to_owned(),
        regular_price: "40".parse().ok(),
        sale_price: None,
        stock_quantity: Some(3.into()),
        short_description: String::new(),
        description: "Of copper".to_owned(),
        categories: Vec::new(),
        attributes: Vec::new(),
        image_ids: Vec::new(),
    };
    let deed = Uuid::now_v7();
    let row = office.carry(deed, deed, Edit::Create { product: Box::new(kettle) }).await?;
    ensure!((row.kind.as_str(), row.about.as_str()) == ("product.create", "Kettle"), "{row:?}");
    let intent = office.bench.intent(row.intent_id.context("an intent")?).await?;
    let made = office.bench.record("products", intent.remote_id.parse()?)?;
    ensure!(made["name"] == "Kettle" && made["sku"] == "KETTLE-1" && made["stock_quantity"] == 3, "{made}");
    let writes = office.bench.house.fleet.writes(1);
    ensure!(writes.iter().filter(|write| write.kind == "product" && write.verb == Verb::Create).count() == 1);
    office.bench.house.converges().await?;
    office.bench.house.close().await;
    Ok(())
}
