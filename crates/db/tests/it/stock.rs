//! Stock: a ledger that only grows, levels that one person at a time sets, low said once, files written line by line, lists by index.

mod lists;

use anyhow::{Context as _, Result, ensure};
use jiff::ToSpan as _;
use rust_decimal::Decimal;
use storewire_db::{
    Db, DbError, Sent, identity,
    products::{self, ProductWrite},
    stock::{self, Ended, LineFilter, NewImport, NewLow, NewMove, Total},
};
use storewire_domain::{
    ManageStock, PlatformRole, Product, ProductId, ReadScope, RemoteId, Source, TenantRole, UserId,
    stock::{
        ImportFinding, ImportState, MoveReason,
        file::{Line, judge},
    },
};
use storewire_testkit::TestDb;
use uuid::Uuid;

use crate::shop::{self, Shop, now};

const ALL: LineFilter = LineFilter { finding: None, after: None, limit: 100 };
const STAFF: ReadScope = ReadScope::Platform { stores: None };

/// A shop, an administrator of its merchant, and one of the platform's people.
struct Stockroom {
    test: TestDb,
    shop: Shop,
    owner: UserId,
    ada: UserId,
}

impl Stockroom {
    async fn open() -> Result<Self> {
        let test = TestDb::create().await?;
        let shop = shop::open(test.db(), "coffee").await?;
        let tx = test.db().auth().await?;
        let owner = identity::create_user(&tx, "meral@coffee.example", "Meral", "-", None).await?;
        let ada = identity::create_user(&tx, "ada@platform.example", "Ada", "-", Some(PlatformRole::Staff)).await?;
        tx.commit().await?;
        let tx = test.db().tenant(shop.tenant).await?;
        identity::add_membership(&tx, owner, TenantRole::Admin).await?;
        tx.commit().await?;
        Ok(Self { test, shop, owner, ada })
    }

    fn db(&self) -> &Db {
        self.test.db()
    }

    async fn put(&self, product: Product) -> Result<ProductId> {
        put(self.db(), &self.shop, product).await
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

/// A product that counts so many of itself.
fn counted(remote_id: &str, name: &str, quantity: &str) -> Product {
    Product {
        remote_id: RemoteId::from(remote_id),
        parent_remote_id: None,
        kind: "simple".to_owned(),
        name: name.to_owned(),
        sku: format!("SKU-{remote_id}"),
        short_description: String::new(),
        description: String::new(),
        global_unique_id: String::new(),
        status: "publish".to_owned(),
        price: None,
        regular_price: None,
        sale_price: None,
        manage_stock: ManageStock::Yes,
        stock_quantity: number(quantity),
        stock_status: "instock".to_owned(),
        backorders: "no".to_owned(),
        permalink: String::new(),
        image_url: String::new(),
        created_at: None,
        modified_at: None,
        attributes: Default::default(),
        categories: Default::default(),
        variation_ids: Vec::new(),
    }
}

async fn put(db: &Db, shop: &Shop, product: Product) -> Result<ProductId> {
    let id = ProductId::fresh();
    let tx = db.tenant(shop.tenant).await?;
    let trashed_at = product.is_trashed().then(now);
    let sent = Sent { raw: "{}", content_hash: [0; 32], read_at: None };
    products::upsert(&tx, shop.store, &[ProductWrite { id, product: &product, sent, trashed_at }], now()).await?;
    tx.commit().await?;
    Ok(id)
}

fn moved(product: ProductId, before: &str, after: &str) -> NewMove {
    NewMove { product, before: number(before), after: number(after), source: Source::Webhook, write: None }
}

#[tokio::test]
async fn a_product_is_kept_and_found_whose_sku_is_longer_than_a_tree_of_an_index_takes() -> Result<()> {
    let room = Stockroom::open().await?;
    let long: String = (0..20_000).map(|number| number.to_string()).collect();
    let tee = room.put(Product { sku: long.clone(), ..counted("1", "Tee", "9") }).await?;
    let cup = room.put(Product { sku: long.clone(), ..counted("2", "Cup", "4") }).await?;
    let tx = room.db().read(&STAFF).await?;
    let row = stock::find(&tx, tee).await?.context("it is kept")?;
    ensure!(row.product.sku == long);
    let siblings = stock::siblings(&tx, room.shop.tenant, &long, tee).await?;
    ensure!(siblings.iter().map(|row| row.product.id).eq([cup]), "{siblings:?}");
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn the_ledger_tells_a_product_s_moves_newest_first_and_cannot_be_changed() -> Result<()> {
    let room = Stockroom::open().await?;
    let (tee, cup) = (room.put(counted("1", "Tee", "9")).await?, room.put(counted("2", "Cup", "4")).await?);
    let tx = room.db().tenant(room.shop.tenant).await?;
    let found = NewMove { source: Source::Reconcile, ..moved(tee, "7", "6.5") };
    stock::append(&tx, room.shop.store, &[moved(tee, "9", "7"), moved(cup, "4", "-1")], now()).await?;
    stock::append(&tx, room.shop.store, &[found, moved(tee, "6.5", "")], now()).await?;
    tx.commit().await?;

    let tx = room.db().read(&STAFF).await?;
    let moves = stock::moves(&tx, room.shop.tenant, tee, None, 10).await?;
    let told: Vec<_> = moves.iter().map(|one| (one.before, one.after, one.reason)).collect();
    ensure!(
        told == [
            (number("6.5"), None, MoveReason::Shop),
            (number("7"), number("6.5"), MoveReason::Drift),
            (number("9"), number("7"), MoveReason::Shop),
        ],
        "{told:?}"
    );
    let older = stock::moves(&tx, room.shop.tenant, tee, moves.first().map(|one| one.id), 1).await?;
    ensure!(older.len() == 1 && older[0].id == moves[1].id);
    tx.commit().await?;

    let tx = room.db().tenant(room.shop.tenant).await?;
    let still = stock::append(&tx, room.shop.store, &[moved(cup, "3", "3")], now()).await;
    ensure!(still.as_ref().is_err_and(|error| error.constraint() == Some("stock_move_moves")), "{still:?}");
    let rights = "SELECT count(*) FROM information_schema.role_table_grants
        WHERE table_name = 'stock_move' AND grantee LIKE 'sw\\_%' AND privilege_type NOT IN ('SELECT', 'INSERT')
          AND grantee <> 'sw_janitor'";
    let rights: i64 = room.test.admin().await?.query_one(rights, &[]).await?.get(0);
    ensure!(rights == 0, "a scope may change the ledger");
    Ok(())
}

#[tokio::test]
async fn a_level_is_set_by_who_saw_the_one_before() -> Result<()> {
    let room = Stockroom::open().await?;
    let tee = room.put(counted("1", "Tee", "9")).await?;
    let at = (room.shop.store, tee);
    let tx = room.db().desk(room.shop.tenant).await?;
    ensure!(stock::level_of(&tx, tee).await?.is_none());
    ensure!(stock::set_level(&tx, at, number("5"), Some(1), room.ada, now()).await?.is_none(), "there is none to see");
    ensure!(stock::set_level(&tx, at, number("5"), None, room.ada, now()).await? == Some(1));
    ensure!(stock::set_level(&tx, at, number("6"), None, room.owner, now()).await?.is_none(), "it was not seen");
    ensure!(stock::set_level(&tx, at, number("6"), Some(1), room.owner, now()).await? == Some(2));
    ensure!(stock::set_level(&tx, at, number("7"), Some(1), room.ada, now()).await?.is_none(), "it is old");
    ensure!(stock::set_level(&tx, at, None, Some(2), room.ada, now()).await? == Some(3));
    let levels = stock::levels_of(&tx, &[tee, ProductId::fresh()]).await?;
    ensure!(levels.len() == 1 && levels[0].level.is_none() && !levels[0].is_low, "{levels:?}");
    let standing = stock::standing(&tx, tee).await?.context("it is there")?;
    ensure!((standing.name.as_str(), standing.quantity) == ("Tee", number("9")));
    tx.commit().await?;
    let trashed = Product { status: "trash".to_owned(), ..counted("2", "Cup", "1") };
    let trashed = room.put(trashed).await?;
    let tx = room.db().desk(room.shop.tenant).await?;
    ensure!(stock::standing(&tx, trashed).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn low_is_raised_once_whoever_says_it_and_ended_once() -> Result<()> {
    let room = Stockroom::open().await?;
    let tee = room.put(counted("1", "Tee", "3")).await?;
    let low = NewLow { product: tee, level: 5.into(), quantity: 3.into() };
    let tx = room.db().tenant(room.shop.tenant).await?;
    ensure!(stock::raise_low(&tx, room.shop.store, &[low], now()).await? == [(tee, "Tee".to_owned())]);
    ensure!(stock::raise_low(&tx, room.shop.store, &[low], now()).await?.is_empty(), "it is said already");
    ensure!(stock::end_low(&tx, &[tee], now() + 1.hour()).await? == [tee]);
    ensure!(stock::end_low(&tx, &[tee], now() + 1.hour()).await?.is_empty(), "it is over already");
    ensure!(stock::raise_low(&tx, room.shop.store, &[low], now() + 2.hours()).await?.len() == 1, "it is low again");
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_file_is_kept_as_it_was_looked_at_and_each_line_becomes_one_thing() -> Result<()> {
    let room = Stockroom::open().await?;
    let tee = room.put(counted("1", "Tee", "3")).await?;
    let cup = room.put(Product { sku: " SKU-2 ".to_owned(), ..counted("2", "Cup", "4") }).await?;
    let line = |line, sku: &str, wanted: &str| Line {
        line,
        sku: sku.to_owned(),
        given: wanted.to_owned(),
        wanted: number(wanted),
    };
    let lines = [line(2, "SKU-1", "20"), line(3, "SKU-2", "5"), line(4, "SKU-9", "5"), line(5, "", "x")];
    let id = Uuid::now_v7();
    let new = NewImport {
        id,
        store: room.shop.store,
        name: "counts.csv",
        encoding: "latin-1",
        ignored: &["price".to_owned()],
        by: room.ada,
        by_name: "Ada",
        expires_at: now() + 24.hours(),
    };
    let tx = room.db().desk(room.shop.tenant).await?;
    let held = stock::held(&tx, room.shop.store, &["SKU-1", "SKU-2", "SKU-9"]).await?;
    ensure!(held.len() == 2, "{held:?}");
    let findings = judge(&lines, &held);
    stock::insert_import(&tx, &new, &lines, &findings, now()).await?;
    tx.commit().await?;
    let tx = room.db().desk(room.shop.tenant).await?;
    let again = stock::insert_import(&tx, &new, &lines, &findings, now()).await;
    ensure!(again.as_ref().is_err_and(|error| error.constraint() == Some("stock_import_pkey")), "{again:?}");
    drop(tx);

    let tx = room.db().desk(room.shop.tenant).await?;
    let import = stock::lock_import(&tx, id).await?.context("it is kept")?;
    ensure!((import.num_lines, import.num_changes, import.num_left) == (4, 2, 2), "{import:?}");
    ensure!((import.state, import.encoding.as_str(), import.version) == (ImportState::Previewed, "latin-1", 1));
    let first = stock::pending(&tx, id, 1).await?;
    ensure!(first.len() == 1 && (first[0].product, first[0].present) == (tee, number("3")), "{first:?}");
    stock::end_lines(&tx, id, &[Ended { line: 2, outcome: Err("gone") }]).await?;
    stock::step_import(&tx, id, ImportState::Writing, Some((room.ada, "Ada")), now()).await?;
    let left = stock::pending(&tx, id, 10).await?;
    ensure!(left.len() == 1 && left[0].product == cup, "{left:?}");
    tx.commit().await?;
    let tx = room.db().desk(room.shop.tenant).await?;
    let unknown = stock::end_lines(&tx, id, &[Ended { line: 4, outcome: Err("gone") }]).await;
    let by = unknown.as_ref().err().and_then(DbError::constraint);
    ensure!(by == Some("stock_import_row_written_once"), "what changes nothing was refused nothing: {unknown:?}");
    drop(tx);

    let tx = room.db().read(&STAFF).await?;
    let lines = stock::lines_of(&tx, room.shop.tenant, id, &ALL).await?;
    let told: Vec<_> = lines.iter().map(|line| (line.line, line.finding, line.reason.as_deref())).collect();
    ensure!(
        told == [
            (2, ImportFinding::Change, Some("gone")),
            (3, ImportFinding::Change, None),
            (4, ImportFinding::Unknown, None),
            (5, ImportFinding::Unknown, None),
        ],
        "{told:?}"
    );
    let second = LineFilter { finding: Some(ImportFinding::Unknown), after: Some(4), limit: 1 };
    let second = stock::lines_of(&tx, room.shop.tenant, id, &second).await?;
    ensure!(second.len() == 1 && second[0].line == 5, "{second:?}");
    let mut totals = stock::totals(&tx, room.shop.tenant, id).await?;
    totals.sort_by_key(|total| (total.count, total.is_refused));
    let total = |finding, is_refused, count| Total { finding, state: None, is_refused, count };
    let wanted = [
        total(ImportFinding::Change, false, 1),
        total(ImportFinding::Change, true, 1),
        total(ImportFinding::Unknown, false, 2),
    ];
    ensure!(totals == wanted, "{totals:?}");
    let import = stock::find_import(&tx, id).await?.context("staff see it")?;
    ensure!((import.version, import.written_name.as_deref()) == (2, Some("Ada")), "{import:?}");
    tx.commit().await?;
    let outdoor = shop::open(room.db(), "outdoor").await?;
    let tx = room.db().read(&ReadScope::Tenant(outdoor.tenant)).await?;
    ensure!(stock::find_import(&tx, id).await?.is_none(), "another tenant sees it");
    ensure!(stock::lines_of(&tx, room.shop.tenant, id, &ALL).await?.is_empty());
    ensure!(stock::moves(&tx, room.shop.tenant, tee, None, 10).await?.is_empty());
    tx.commit().await?;
    Ok(())
}
