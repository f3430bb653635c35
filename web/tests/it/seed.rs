//! Two tenants with a store each, their people, and platform people.

use rust_decimal::Decimal;
use storewire_db::{
    Db, Sent, TenantTx, identity,
    orders::{self, Lines, OrderWrite},
    products::{self, ProductWrite},
    stores::{self, NewState, NewStore},
};
use storewire_domain::{
    Address, AuthScheme, LineKind, ManageStock, Order, OrderId, OrderLine, PlatformRole, Product, ProductId, RemoteId,
    StoreId, StoreState, TenantId, TenantRole, UserId,
};
use storewire_guard::{password, token};

use crate::app::TestApp;

pub const PASSWORD: &str = "correct horse battery";
pub const ADMIN: &str = "admin@storewire.test";
pub const STAFF: &str = "staff@storewire.test";

/// How a store sent a record of which nothing else matters.
pub const SENT: Sent<'static> = Sent { raw: "{}", content_hash: [0; 32], read_at: None };

/// One tenant with its store and its people.
pub struct Merchant {
    pub tenant: TenantId,
    pub store: StoreId,
    pub admin: String,
    pub user: String,
}

/// Platform people and two merchants.
pub struct World {
    pub staff: UserId,
    pub coffee: Merchant,
    pub outdoor: Merchant,
}

impl World {
    pub async fn create(app: &TestApp) -> Self {
        let db = app.db.db();
        // One hash for all: it is the dearest step of these tests.
        let hash = password::hash(PASSWORD).unwrap();
        person(db, ADMIN, &hash, Some(PlatformRole::Admin)).await;
        let staff = person(db, STAFF, &hash, Some(PlatformRole::Staff)).await;
        let coffee = merchant(app, "coffee", &hash).await;
        let outdoor = merchant(app, "outdoor", &hash).await;
        Self { staff, coffee, outdoor }
    }
}

pub async fn person(db: &Db, email: &str, hash: &str, role: Option<PlatformRole>) -> UserId {
    let tx = db.auth().await.unwrap();
    let id = identity::create_user(&tx, email, "A Person", hash, role).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn merchant(app: &TestApp, name: &str, hash: &str) -> Merchant {
    let db = app.db.db();
    let (admin, user) = (format!("admin@{name}.test"), format!("user@{name}.test"));
    let admin_id = person(db, &admin, hash, None).await;
    let user_id = person(db, &user, hash, None).await;
    let tenant = TenantId::fresh();
    let tx = db.tenant(tenant).await.unwrap();
    identity::create_tenant(&tx, name).await.unwrap();
    identity::add_membership(&tx, admin_id, TenantRole::Admin).await.unwrap();
    identity::add_membership(&tx, user_id, TenantRole::User).await.unwrap();
    let store = shop(app, &tx, name).await;
    tx.commit().await.unwrap();
    Merchant { tenant, store, admin, user }
}

async fn shop(app: &TestApp, tx: &TenantTx, name: &str) -> StoreId {
    let store = StoreId::fresh();
    let new = NewStore {
        id: store,
        name: format!("{name} shop"),
        home_url: format!("https://{name}.example/"),
        rest_root: format!("https://{name}.example/wp-json/"),
        auth: AuthScheme::Basic,
        plain_http: false,
        timezone: "Europe/Istanbul".to_owned(),
        currency: "TRY".to_owned(),
        decimals: 2,
        woo_version: Some("11.0.1".to_owned()),
        hook_token_digest: token::digest(&token::fresh()),
        secrets: Vec::new(),
    };
    stores::insert(tx, &new, app.clock.now()).await.unwrap();
    // Nobody answers at these addresses: their actors stay asleep.
    let paused = NewState { state: StoreState::Paused, reason: None, ok_at: None, error: None };
    stores::set_state(tx, store, &paused, app.clock.now()).await.unwrap();
    store
}

/// One digest over these rows of each of these tables.
pub async fn digests(app: &TestApp, tables: impl IntoIterator<Item = String>, rows: &str) -> Vec<(String, String)> {
    let admin = app.db.admin().await.unwrap();
    let mut digests = Vec::new();
    for table in tables {
        let sql = format!(
            "SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM \"{table}\" t WHERE {rows}"
        );
        let digest = admin.query_one(&sql, &[]).await.unwrap().get(0);
        digests.push((format!("{table} where {rows}"), digest));
    }
    digests
}

impl Merchant {
    /// The same merchant at another store.
    pub async fn branch(&self, app: &TestApp, name: &str) -> Self {
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        let store = shop(app, &tx, name).await;
        tx.commit().await.unwrap();
        Self { tenant: self.tenant, store, admin: self.admin.clone(), user: self.user.clone() }
    }

    /// One digest over the rows that are theirs, of each table.
    pub async fn rows(&self, app: &TestApp) -> Vec<(String, String)> {
        let of_tenants = "SELECT relname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'tenant_id'
            WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname";
        let named = app.db.admin().await.unwrap().query(of_tenants, &[]).await.unwrap();
        let tables = named.iter().map(|row| row.get(0));
        digests(app, tables, &format!("tenant_id = '{}'", self.tenant)).await
    }

    /// Saves orders numbered from 1, each with one line, a second apart; every third sold in the same second as the one before.
    pub async fn sell(&self, app: &TestApp, count: u32) -> Vec<OrderId> {
        let orders: Vec<Order> = (1..=count).map(|number| order(app, number)).collect();
        let writes: Vec<OrderWrite<'_>> = orders
            .iter()
            .map(|order| OrderWrite {
                id: OrderId::fresh(),
                order,
                sent: SENT,
                lines_hash: [0; 32],
                trashed_at: None,
                lines: Lines::New,
                has_refunds: false,
            })
            .collect();
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        orders::upsert(&tx, self.store, &writes, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        writes.iter().map(|write| write.id).collect()
    }

    /// Saves products `Product 001` and so on, with as many in stock as their number says.
    pub async fn stock(&self, app: &TestApp, count: u32) -> Vec<ProductId> {
        let products: Vec<Product> = (1..=count).map(|number| product(app, number)).collect();
        let writes: Vec<ProductWrite<'_>> = products
            .iter()
            .map(|product| ProductWrite { id: ProductId::fresh(), product, sent: SENT, trashed_at: None })
            .collect();
        let tx = app.db.db().tenant(self.tenant).await.unwrap();
        products::upsert(&tx, self.store, &writes, app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        writes.iter().map(|write| write.id).collect()
    }
}

fn order(app: &TestApp, number: u32) -> Order {
    let second = std::time::Duration::from_secs(u64::from(number - number % 3));
    let sold = app.clock.now() - second;
    let price = Decimal::new(1250, 2);
    Order {
        remote_id: RemoteId::from(u64::from(number)),
        parent_remote_id: None,
        number: number.to_string(),
        status: "processing".to_owned(),
        currency: "TRY".to_owned(),
        created_at: Some(sold),
        modified_at: Some(sold),
        paid_at: Some(sold),
        completed_at: None,
        total: price,
        total_tax: Decimal::ZERO,
        shipping_total: Decimal::ZERO,
        discount_total: Decimal::ZERO,
        customer_remote_id: None,
        billing: Address {
            first_name: "Ayşe".to_owned(), email: "ayse@example.test".to_owned(), ..Address::default()
        },
        shipping: Address::default(),
        payment_method: "cod".to_owned(),
        payment_method_title: "Cash on delivery".to_owned(),
        transaction_id: String::new(),
        customer_note: String::new(),
        created_via: "checkout".to_owned(),
        lines: vec![line(price)],
        refunds: Vec::new(),
        parcels: Vec::new(),
    }
}

fn line(price: Decimal) -> OrderLine {
    OrderLine {
        kind: LineKind::Item,
        remote_id: RemoteId::from(1),
        name: "Beans".to_owned(),
        sku: "B-1".to_owned(),
        product_remote_id: Some(RemoteId::from(7)),
        variation_remote_id: None,
        quantity: Some(Decimal::ONE),
        subtotal: price,
        subtotal_tax: Decimal::ZERO,
        total: price,
        total_tax: Decimal::ZERO,
        detail: [("roast".to_owned(), "dark".to_owned())].into(),
    }
}

/// A product that is for sale.
pub fn product(app: &TestApp, number: u32) -> Product {
    Product {
        remote_id: RemoteId::from(u64::from(number)),
        parent_remote_id: None,
        kind: "simple".to_owned(),
        name: format!("Product {number:03}"),
        sku: format!("P-{number}"),
        short_description: String::new(),
        description: String::new(),
        global_unique_id: String::new(),
        status: "publish".to_owned(),
        price: Some(Decimal::new(95, 1)),
        regular_price: Some(Decimal::new(95, 1)),
        sale_price: None,
        manage_stock: ManageStock::Yes,
        stock_quantity: Some(Decimal::from(number)),
        stock_status: "instock".to_owned(),
        backorders: "no".to_owned(),
        permalink: String::new(),
        image_url: String::new(),
        created_at: Some(app.clock.now()),
        modified_at: Some(app.clock.now()),
        attributes: Default::default(),
        categories: Default::default(),
        variation_ids: Vec::new(),
    }
}
