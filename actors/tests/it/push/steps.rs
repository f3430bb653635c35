//! Statuses that orders may be given, and who was faster.

use anyhow::{Result, ensure};
use serde_json::json;
use storewire_actors::{Proposal, ProposeError};
use storewire_domain::{
    Edit,
    intent::{CustomerField, EditFault},
};
use uuid::Uuid;

use super::{Bench, order_status};

#[actix_web::test]
async fn a_step_is_legal_when_it_is_written_or_is_not_written_at_all() -> Result<()> {
    let bench = Bench::open().await?;
    let order = bench.paid_order()?;
    let entity = bench.entity("orders", order).await?;
    let wish = |status: &str, expected| Proposal {
        tenant: bench.house.tenant,
        store: bench.store,
        entity,
        edit: order_status(status),
        by: bench.by,
        expected,
        note: None,
    };
    let engine = bench.house.engine();
    for (status, fault) in [
        ("pending", EditFault::IllegalStep),
        ("refunded", EditFault::RefundElsewhere),
        ("processing", EditFault::NothingToChange),
    ] {
        let refused = engine.propose(wish(status, None)).await;
        let is_meant = matches!(&refused, Err(ProposeError::Rejected(rejected)) if rejected.fault == fault);
        ensure!(is_meant, "{status}: {refused:?}");
    }
    let late = engine.propose(wish("completed", Some(json!({"status": "on-hold"})))).await;
    let Err(ProposeError::Faster(faster)) = late else { anyhow::bail!("nobody was faster: {late:?}") };
    ensure!(faster.fields.len() == 1 && faster.by.is_none(), "{faster:?}");

    // Nobody was told that the shop has moved it since, to where the step does not lead from.
    let edit = json!({"kind": "orders", "ids": [order], "fields": {"status": "cancelled"}, "silent": true});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let deed = Uuid::now_v7();
    let written = engine.propose_all(deed, vec![wish("completed", None)]).await?;
    let failed = bench.ends(deed).await?;
    ensure!(failed.reason.as_deref() == Some("conflict") && written.len() == 1, "{failed:?}");
    ensure!(bench.record("orders", order)?["status"] == "cancelled", "it was sent");
    let again = engine.retry_intent(&failed, bench.by).await;
    ensure!(matches!(again, Err(ProposeError::Rejected(_))), "an illegal step is tried again: {again:?}");
    let held = "SELECT count(*) FROM orders WHERE id = $1 AND status = 'cancelled'";
    bench.house.count_is(held, &[&entity], 1).await?;
    // The same deed is judged no more.
    ensure!(engine.propose_all(deed, vec![wish("completed", None)]).await?.len() == 1);
    bench.house.close().await;
    Ok(())
}

#[actix_web::test]
async fn of_two_edits_of_different_fields_none_asks_and_both_arrive() -> Result<()> {
    let bench = Bench::open().await?;
    let customer = bench.pick("customers", |_| true)?;
    let fields = json!({"billing": {"city": "Izmir", "phone": "1"}});
    let edit = json!({"kind": "customers", "ids": [customer], "fields": fields});
    bench.house.fleet.sim("POST", "stores/1/edit", &edit).await;
    let heard = "SELECT count(*) FROM customer WHERE store_id = $1 AND remote_id = $2 AND billing->>'phone' = '1'";
    bench.house.count_is(heard, &[&bench.store.uuid(), &customer.to_string()], 1).await?;
    let of = |field: CustomerField, text: &str| Edit::Customer { fields: [(field, text.to_owned())].into() };

    // Both looked before either wrote; the second is written over a record that is another than the one that was seen.
    let city = bench.propose(customer, of(CustomerField::BillingCity, "Bursa"), Some(json!({"billing.city": "Izmir"})));
    let city = bench.ends(city.await?.id).await?;
    let phone = bench.propose(customer, of(CustomerField::BillingPhone, "2"), Some(json!({"billing.phone": "1"})));
    let phone = bench.ends(phone.await?.id).await?;
    ensure!(city.state.as_str() == "done" && phone.state.as_str() == "done", "{city:?} {phone:?}");
    let held = bench.record("customers", customer)?;
    ensure!((&held["billing"]["city"], &held["billing"]["phone"]) == (&json!("Bursa"), &json!("2")), "{held}");

    let held = "SELECT count(*) FROM customer WHERE store_id = $1 AND remote_id = $2 AND billing->>'city' = 'Bursa'";
    bench.house.count_is(held, &[&bench.store.uuid(), &customer.to_string()], 1).await?;
    let late =
        bench.propose(customer, of(CustomerField::BillingCity, "Van"), Some(json!({"billing.city": "Izmir"}))).await;
    let told = late.err().and_then(|error| error.downcast::<ProposeError>().ok());
    let Some(ProposeError::Faster(faster)) = told else { anyhow::bail!("nobody was faster: {told:?}") };
    ensure!(faster.by.as_deref() == Some("Ada"), "{faster:?}");
    bench.house.close().await;
    Ok(())
}
