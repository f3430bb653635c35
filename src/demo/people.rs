//! The people of the demo: the fulfilment company's own, and one merchant of each of two companies.

use storewire_db::Db;
use storewire_domain::TenantId;
use storewire_guard::{password, token};
use storewire_web::DemoUser;

use crate::cli::{Role, create_user, find_or_create_tenant};
use crate::failure::{Exit, Failure, Outcome};

pub const TENANTS: [&str; 2] = ["Anatolia Coffee", "Cape Outdoor"];
/// Enough against guessing, short enough to type.
const PASSWORD_LENGTH: usize = 16;

struct Person {
    email: &'static str,
    name: &'static str,
    role: Role,
    role_label: &'static str,
    /// Which of the tenants.
    tenant: Option<usize>,
}

const PEOPLE: [Person; 4] = [
    Person {
        email: "admin@storewire.demo",
        name: "Ada Admin",
        role: Role::PlatformAdmin,
        role_label: "Platform admin",
        tenant: None,
    },
    Person {
        email: "staff@storewire.demo",
        name: "Stan Staff",
        role: Role::PlatformStaff,
        role_label: "Platform staff",
        tenant: None,
    },
    Person {
        email: "merchant@anatolia.demo",
        name: "Ayşe Yılmaz",
        role: Role::MerchantAdmin,
        role_label: "Merchant, Anatolia Coffee",
        tenant: Some(0),
    },
    Person {
        email: "merchant@cape.demo",
        name: "Thandi Nkosi",
        role: Role::MerchantAdmin,
        role_label: "Merchant, Cape Outdoor",
        tenant: Some(1),
    },
];

/// Everybody's password: given by `STOREWIRE_DEMO_PASSWORD`, or random.
pub fn password() -> Outcome<String> {
    let Some(given) = std::env::var("STOREWIRE_DEMO_PASSWORD").ok().filter(|given| !given.is_empty()) else {
        return Ok(token::fresh().chars().filter(char::is_ascii_alphanumeric).take(PASSWORD_LENGTH).collect());
    };
    password::check_new(&given)
        .map_err(|error| Failure::new(Exit::Config, format!("STOREWIRE_DEMO_PASSWORD: {error}")))?;
    Ok(given)
}

/// Creates tenants and people; answers the tenants.
pub async fn create(db: &Db, password: &str) -> Outcome<Vec<TenantId>> {
    let mut tenants = Vec::new();
    for name in TENANTS {
        tenants.push(find_or_create_tenant(db, name).await?);
    }
    // One hash for all: they share the password, and hashing is slow on purpose.
    let hash = password::hash(password)?;
    for person in &PEOPLE {
        let tenant = person.tenant.and_then(|index| tenants.get(index).copied());
        create_user(db, person.email, person.name, &hash, person.role, tenant).await?;
    }
    Ok(tenants)
}

pub fn on_the_login_page() -> Vec<DemoUser> {
    let user = |person: &Person| DemoUser {
        email: person.email.to_owned(),
        label: person.name.to_owned(),
        role_label: person.role_label.to_owned(),
    };
    PEOPLE.iter().map(user).collect()
}

pub fn emails() -> impl Iterator<Item = (&'static str, &'static str)> {
    PEOPLE.iter().map(|person| (person.email, person.role_label))
}

/// Sees every store; the demo's own observer looks through these eyes.
pub fn admin() -> &'static str {
    PEOPLE[0].email
}
