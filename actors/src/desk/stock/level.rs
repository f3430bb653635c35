//! A person sets the count at or below which people are warned of a product.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use storewire_db::{
    DeskTx, audit, changes,
    stock::{self, LevelRow, NewLow, Standing},
};
use storewire_domain::{Edit, ManageStock, ProductId, Source, stock::is_low};
use uuid::Uuid;

use super::{
    super::{DeskError, DeskShared, Hand, proof::Proof},
    AtProduct,
    low::{changed, ended, raised},
    refusal::StockRefusal,
};

/// Sets it, or takes it away, and says at once whether the product is low by it. A deed that is repeated is answered with the level that is.
pub(crate) async fn set_level(
    shared: &DeskShared,
    deed: Uuid,
    by: &Hand,
    of: AtProduct,
    level: Option<Decimal>,
    version: Option<i64>,
) -> Result<LevelRow, DeskError> {
    if let Some(quantity) = level {
        // A level is a count; digits after the point are those of prices.
        Edit::Stock { quantity }.check(0)?;
    }
    let tx = shared.db.desk(of.tenant).await?;
    // Held still before its level is: a sale that is being stored is in sight here, or finds the level.
    let product = stock::standing(&tx, of.product).await?.ok_or(DeskError::NotFound)?;
    let proof = Proof { deed, action: "stock.level", entity: of.product.uuid() };
    if proof.is_there(&tx, None).await? {
        let held = stock::level_of(&tx, of.product).await?.ok_or(DeskError::NotFound);
        tx.commit().await?;
        return held;
    }
    match product.manage_stock {
        ManageStock::Yes => {}
        ManageStock::No => return Err(StockRefusal::NotCounted.with(Value::Null)),
        ManageStock::Parent => return Err(StockRefusal::CountedByParent.with(Value::Null)),
    }
    let set = write(&tx, shared, by, proof, &product, (level, version)).await?;
    tx.commit().await?;
    shared.feed.send();
    Ok(set)
}

async fn write(
    tx: &DeskTx,
    shared: &DeskShared,
    by: &Hand,
    proof: Proof,
    product: &Standing,
    (level, version): (Option<Decimal>, Option<i64>),
) -> Result<LevelRow, DeskError> {
    let id = ProductId(proof.entity);
    let now = shared.clock.now();
    let held = stock::level_of(tx, id).await?;
    let seen = stock::set_level(tx, (product.store, id), level, version, by.user, now).await?;
    let Some(version) = seen else {
        let now = stock::level_of(tx, id).await?;
        let held = told(now.and_then(|now| now.level));
        let detail = json!({ "version": now.map(|now| now.version), "level": held, "wanted": told(level) });
        return Err(StockRefusal::Changed.with(detail));
    };
    let (before, after) = (told(held.and_then(|held| held.level)), told(level));
    let detail = audit::with_deed(json!({ "product": product.name, "level": [before, after] }), proof.deed);
    audit::write(tx, Some(by.user), proof.action, Some(proof.entity), &detail, now).await?;
    let mut log = vec![changed(id, "level", (before, after), Source::User)];
    match level.zip(product.quantity).filter(|_| is_low(level, product.quantity)) {
        Some((level, quantity)) => {
            let low = [NewLow { product: id, level, quantity }];
            log.extend(raised(tx, product.store, &low, Some(by.user), now).await?);
        }
        None => log.extend(ended(tx, &[id], now).await?),
    }
    changes::append(tx, product.store, &log, changes::Counted::default(), now).await?;
    Ok(LevelRow { level, version })
}

fn told(level: Option<Decimal>) -> Value {
    level.map_or(Value::Null, |level| level.normalize().to_string().into())
}
