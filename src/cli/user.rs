//! `storewire user create`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use secrecy::ExposeSecret;
use storewire_db::{Db, DbError, identity};
use storewire_domain::{PlatformRole, ReadScope, TenantId, TenantRole, UserId};
use storewire_guard::{password, token};

use super::{Installation, secret};
use crate::failure::{Exit, Failure, Outcome};
use crate::output;
use crate::storage::{Storage, engine_runtime};

/// People who may log in
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
}

/// Create a person, and their merchant's tenant if it is new
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    storewire user create --email admin@example.com --name 'Ada Admin' --role platform-admin\n  \
    storewire user create --email shop@example.com --role merchant-admin --tenant 'Anatolia Coffee'\n  \
    pass show shop | storewire user create --email a@example.com --role platform-staff --password-file -\n\n\
    The password comes from --password-file, `-` for standard input, or STOREWIRE_PASSWORD.\n\
    Without one a random one is made and printed.")]
struct Create {
    #[command(flatten)]
    installation: Installation,
    #[arg(long)]
    email: String,
    /// What others see [default: the e-mail's first part]
    #[arg(long)]
    name: Option<String>,
    #[arg(long, value_enum)]
    role: Role,
    /// The merchant's company, for merchant roles
    #[arg(long, required_if_eq_any([("role", "merchant-admin"), ("role", "merchant-user")]))]
    tenant: Option<String>,
    /// A file with the password, `-` for standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    PlatformAdmin,
    PlatformStaff,
    MerchantAdmin,
    MerchantUser,
}

impl User {
    pub fn run(self) -> Outcome {
        match self.command {
            Command::Create(create) => create.run(),
        }
    }
}

impl Create {
    fn run(self) -> Outcome {
        if !self.email.contains('@') {
            return Err(Failure::new(Exit::Config, format!("{:?} is no e-mail address", self.email)));
        }
        let given = secret::read(self.password_file.as_deref(), "STOREWIRE_PASSWORD")?;
        let is_random = given.is_none();
        let password = given.unwrap_or_else(|| token::fresh().into());
        password::check_new(password.expose_secret()).map_err(|error| Failure::new(Exit::Config, error))?;
        let hash = password::hash(password.expose_secret())?;

        let config = self.installation.load_quietly()?;
        let runtime = engine_runtime(1)?;
        let storage = Storage::open(&config, &runtime)?;
        let name = self.name.as_deref().or_else(|| self.email.split('@').next()).unwrap_or_default();
        let created = runtime.block_on(async {
            let tenant = match &self.tenant {
                Some(tenant) => Some(find_or_create_tenant(&storage.db, tenant).await?),
                None => None,
            };
            create(&storage.db, &self.email, name, &hash, self.role, tenant).await
        });
        let id = storage.close_after(created)?;
        output::say(&format!("created {}", self.email));
        if is_random {
            output::say(&format!("password: {}", password.expose_secret()));
        }
        Ok(output::line(&id.to_string())?)
    }
}

/// By name, since that is what people know; the first tenant of that name.
pub async fn find_or_create_tenant(db: &Db, name: &str) -> Outcome<TenantId> {
    let tx = db.read(&ReadScope::Platform { stores: None }).await?;
    let tenants = identity::list_tenants(&tx).await?;
    tx.commit().await?;
    if let Some(found) = tenants.into_iter().find(|tenant| tenant.name == name) {
        return Ok(found.id);
    }
    let id = TenantId::fresh();
    let tx = db.tenant(id).await?;
    identity::create_tenant(&tx, name).await?;
    tx.commit().await?;
    Ok(id)
}

pub async fn create(
    db: &Db,
    email: &str,
    name: &str,
    password_hash: &str,
    role: Role,
    tenant: Option<TenantId>,
) -> Outcome<UserId> {
    let (platform, in_tenant) = match role {
        Role::PlatformAdmin => (Some(PlatformRole::Admin), None),
        Role::PlatformStaff => (Some(PlatformRole::Staff), None),
        Role::MerchantAdmin => (None, Some(TenantRole::Admin)),
        Role::MerchantUser => (None, Some(TenantRole::User)),
    };
    let tx = db.auth().await?;
    let id = identity::create_user(&tx, email, name, password_hash, platform).await.map_err(|error| match error {
        DbError::Conflict { .. } => {
            Failure::new(Exit::Failed, format!("there is a person with the e-mail {email} already"))
        }
        other => other.into(),
    })?;
    tx.commit().await?;
    if let Some((tenant, role)) = tenant.zip(in_tenant) {
        let tx = db.tenant(tenant).await?;
        identity::add_membership(&tx, id, role).await?;
        tx.commit().await?;
    }
    Ok(id)
}
