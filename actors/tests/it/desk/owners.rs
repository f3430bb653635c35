//! What the shop alone changes: refused from the moment on which it is said, while what was promised before is still written.

use anyhow::{Context as _, Result, ensure};
use storewire_actors::{DeskError, Hand, OwnersError, ProposeError};
use storewire_domain::{
    Edit,
    intent::{EditFault, Rejected},
    owner::{OwnedField, Owner},
    request::RequestState,
};
use uuid::Uuid;

use super::{ABSOLUTE, Office};
use crate::push::stock;

const REJECTED: Rejected = Rejected { field: "product.stock", fault: EditFault::ShopOwns };

impl Office {
    /// Staff say who owns the stock, having seen this version.
    async fn give_stock_to(&self, owner: Owner, version: i64) -> Result<Result<i64, OwnersError>> {
        let store = self.bench.house.row(self.bench.store).await?;
        let wanted = [(OwnedField::Stock, owner)].into();
        let set = self.bench.house.engine().set_owners(&store, &wanted, version, self.bench.by).await;
        Ok(set.map(|set| set.version))
    }
}

#[actix_web::test]
async fn what_was_promised_before_is_written_and_nothing_is_promised_after() -> Result<()> {
    let office = Office::open().await?;
    let (bench, house) = (&office.bench, &office.bench.house);
    let asked = office.ask(60).await?;
    house.engine().pause(&house.row(bench.store).await?, bench.by).await?;
    let promised = bench.propose(office.product, stock(55), None).await?;
    ensure!(office.give_stock_to(Owner::Shop, 0).await?? == 1);

    let refused = bench.propose(office.product, stock(70), None).await;
    let refused = refused.err().context("it is refused")?.downcast::<ProposeError>()?;
    ensure!(matches!(refused, ProposeError::Rejected(REJECTED)), "{refused}");
    let approval = office.decide(&asked, ABSOLUTE).await;
    ensure!(matches!(approval, Err(DeskError::Rejected(REJECTED))), "{approval:?}");
    let row = office.row(asked.id).await?;
    ensure!(row.state == RequestState::Waiting && row.intent_id.is_none(), "it can still be rejected: {row:?}");
    let another = office.desk().ask(Uuid::now_v7(), office.merchant.clone(), office.wish(80)).await;
    ensure!(matches!(another, Err(DeskError::Rejected(REJECTED))), "{another:?}");
    // Prices are as before.
    let price = bench.propose(office.product, Edit::Price { regular: Some(120.into()), sale: None }, None).await?;

    house.engine().resume(&house.row(bench.store).await?, bench.by).await?;
    for intent in [promised.id, price.id] {
        let ended = bench.ends(intent).await?;
        ensure!(ended.state.as_str() == "done", "{} ended as {:?}", ended.kind, ended.reason);
    }
    ensure!(office.count()? == 55, "the shop counts {}", office.count()?);
    ensure!(office.give_stock_to(Owner::LastWriter, 1).await?? == 2);
    let Hand { user, .. } = office.staff[0];
    let told = house.diary(bench.store, "owners_set").await?;
    ensure!(told.len() == 2 && told[0]["product.stock"] == serde_json::json!(["last_writer", "shop"]), "{told:?}");
    let audited = "SELECT count(*) FROM audit WHERE action = 'store.set_owners' AND user_id = $1";
    ensure!(house.count(audited, &[&user.uuid()]).await? == 2);
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn a_failed_write_is_not_tried_again_once_the_field_is_the_shops() -> Result<()> {
    let office = Office::with(|config| config.pull_interval = std::time::Duration::from_secs(600)).await?;
    // Nobody has heard of it: the precondition finds it.
    office.set_silently(44).await;
    let seen = Some(serde_json::json!({"stock_quantity": "50"}));
    let failed = office.bench.ends(office.bench.propose(office.product, stock(60), seen).await?.id).await?;
    ensure!(failed.reason.as_deref() == Some("conflict"), "{failed:?}");
    ensure!(office.give_stock_to(Owner::Shop, 0).await?? == 1);
    let engine = office.bench.house.engine();
    let again = engine.retry_intent(&failed, office.bench.by).await;
    ensure!(matches!(again, Err(ProposeError::Rejected(REJECTED))), "{again:?}");
    ensure!(office.bench.intent(failed.id).await?.state.as_str() == "failed");
    office.give_stock_to(Owner::LastWriter, 1).await??;
    ensure!(engine.retry_intent(&failed, office.bench.by).await?);
    office.bench.stands(failed.id, "done").await?;
    office.bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn who_saw_other_owners_sets_none_and_who_repeats_themselves_sets_nothing_twice() -> Result<()> {
    let office = Office::open().await?;
    ensure!(office.give_stock_to(Owner::Shop, 0).await?? == 1);
    ensure!(office.give_stock_to(Owner::Shop, 0).await?? == 1, "it is so already");
    let late = office.give_stock_to(Owner::LastWriter, 0).await?;
    let Err(OwnersError::Changed(held)) = late else { anyhow::bail!("{late:?}") };
    ensure!((held.version, held.owners.of(OwnedField::Stock)) == (1, Owner::Shop), "{held:?}");
    ensure!(office.bench.house.diary(office.bench.store, "owners_set").await?.len() == 1);
    office.bench.house.close().await;
    Ok(())
}
