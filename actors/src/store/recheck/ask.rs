//! How the store is asked about one record, and what it can say.

use storewire_db::rechecks::{Recheck, RecheckKind};
use storewire_domain::{Product, Refund, RemoteId};
use storewire_woo::{Failure, Fetched, Item, Page, Paging, Poison, WooError};

use super::super::{
    context::StoreContext,
    record::{Key, Noun, Record},
};

/// Variations of one product that are read at once.
const VARIATIONS_PER_PAGE: u32 = 100;

/// Pages of one product's variations. A store that announces more repeats itself.
const MOST_PAGES: u32 = 1_000;

/// What the store says about one record.
pub(super) enum Answer {
    Record(Record),
    Gone(Key),
    /// The refunds of an order.
    Refunds {
        listed: Vec<Refund>,
        poison: Vec<Poison>,
    },
    /// All variations of a parent.
    Variations {
        listed: Vec<Record>,
        poison: Vec<Poison>,
    },
}

/// Who waits for the answer.
#[derive(Clone, Copy)]
enum Asker {
    Person,
    Engine,
}

/// Asks what a wish is about.
pub(super) async fn ask(context: &StoreContext, wanted: &Recheck) -> Result<Answer, WooError> {
    let id = &wanted.remote_id;
    let asker = if wanted.reason == "click" { Asker::Person } else { Asker::Engine };
    match wanted.kind {
        RecheckKind::Order => one(context, asker, (Noun::Order, id.clone())).await,
        RecheckKind::Product => one(context, asker, (Noun::Product, id.clone())).await,
        RecheckKind::Customer => one(context, asker, (Noun::Customer, id.clone())).await,
        RecheckKind::Coupon => one(context, asker, (Noun::Coupon, id.clone())).await,
        RecheckKind::Refunds => match call(context, asker, context.client.list_refunds(id)).await {
            Ok(page) => {
                let (listed, poison) = sorted(page);
                Ok(Answer::Refunds { listed: listed.into_iter().map(|item| item.value).collect(), poison })
            }
            Err(error) if error.class == Failure::Gone => Ok(Answer::Gone((Noun::Order, id.clone()))),
            Err(error) => Err(error),
        },
        RecheckKind::Variations => match read_variations(context, id).await {
            Ok((items, poison)) => {
                let listed = items.into_iter().map(|item| Record::Product(Box::new(item))).collect();
                Ok(Answer::Variations { listed, poison })
            }
            Err(error) if error.class == Failure::Gone => Ok(Answer::Gone((Noun::Product, id.clone()))),
            Err(error) => Err(error),
        },
    }
}

/// Whether the store still has a record, in the trash or not.
pub(crate) async fn is_there(context: &StoreContext, key: Key) -> Result<bool, WooError> {
    match one(context, Asker::Engine, key).await {
        Ok(answer) => Ok(!matches!(answer, Answer::Gone(_))),
        // It is there, and cannot be read.
        Err(error) if error.class == Failure::BadJson => Ok(true),
        Err(error) => Err(error),
    }
}

async fn one(context: &StoreContext, asker: Asker, key: Key) -> Result<Answer, WooError> {
    let (client, id) = (&context.client, key.1.clone());
    match key.0 {
        Noun::Order => Ok(found(call(context, asker, client.get_order(&id)).await?, key, Record::Order)),
        Noun::Product => Ok(found(call(context, asker, client.get_product(&id)).await?, key, Record::Product)),
        Noun::Customer => Ok(found(call(context, asker, client.get_customer(&id)).await?, key, Record::Customer)),
        Noun::Coupon => Ok(found(call(context, asker, client.get_coupon(&id)).await?, key, Record::Coupon)),
    }
}

async fn call<T>(
    context: &StoreContext,
    asker: Asker,
    request: impl Future<Output = Result<T, WooError>>,
) -> Result<T, WooError> {
    match asker {
        Asker::Person => context.call_now(request).await,
        Asker::Engine => context.call(request).await,
    }
}

fn found<T>(fetched: Fetched<T>, key: Key, wrap: fn(Box<Item<T>>) -> Record) -> Answer {
    fetched.found().map_or(Answer::Gone(key), |item| Answer::Record(wrap(Box::new(item))))
}

/// Every variation of a parent, and those that cannot be decoded.
pub(crate) async fn read_variations(
    context: &StoreContext,
    parent: &RemoteId,
) -> Result<(Vec<Item<Product>>, Vec<Poison>), WooError> {
    let (mut items, mut poison) = (Vec::new(), Vec::new());
    for page_number in 1..=MOST_PAGES {
        let paging = Paging { page: page_number, per_page: VARIATIONS_PER_PAGE.min(context.pace.page_size()) };
        let page = context.call_page(context.client.list_variations(parent, paging)).await?;
        context.learn_clock(page.store_now);
        let is_last = page.is_last(page_number);
        let (good, bad) = sorted(page);
        items.extend(good);
        poison.extend(bad);
        if is_last {
            break;
        }
    }
    Ok((items, poison))
}

fn sorted<T>(page: Page<T>) -> (Vec<Item<T>>, Vec<Poison>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for item in page.items {
        match item {
            Ok(item) => good.push(item),
            Err(poison) => bad.push(poison),
        }
    }
    (good, bad)
}
