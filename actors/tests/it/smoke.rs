//! The shortest way through the house.

use anyhow::Result;

use crate::house::House;

#[actix_web::test]
async fn a_connected_shop_is_copied_and_a_sale_arrives() -> Result<()> {
    let house = House::open(1).await?;
    let store = house.import(1).await?;
    let before = house.row(store).await?.orders;
    house.fleet.buy(1, None, 1).expect("something is for sale");
    house.until("the sale is there", || async { Ok(house.row(store).await?.orders == before + 1) }).await?;
    house.converges().await?;
    house.close().await;
    Ok(())
}
