//! Makes a database ready from an administrator's connection: roles, schema, and the application's login.

use storewire_domain::Clock;
use tokio::runtime::Handle;
use tokio_postgres::{Client, Config, NoTls};

use crate::{DbError, migrations, retention};

/// The application's login role: owns nothing, inherits nothing.
pub const APP_ROLE: &str = "storewire_app";

const SCOPES: [&str; 6] = ["sw_tenant", "sw_desk", "sw_platform", "sw_intake", "sw_auth", "sw_janitor"];

/// What a bootstrap did.
#[derive(Clone, Debug)]
pub struct Ready {
    /// URL for the application's own connections.
    pub app_url: String,
    /// Migrations applied by this call.
    pub applied: usize,
}

/// Creates what is missing (roles, rights, schema) and answers the URL that the application connects with.
///
/// `admin_url` may name a superuser or a role that may create roles. A role that may not (production, where a DBA
/// provisioned the roles) is used as it is, after migrating as `storewire_owner` if it is a member of that role.
///
/// # Errors
/// `Unavailable` if the server does not answer, `Migration` if the schema cannot be brought up to date,
/// `Driver` if the role may not do what is needed.
pub async fn prepare(admin_url: &str, app_password: &str, drivers: &Handle) -> Result<Ready, DbError> {
    let target: Config = admin_url.parse().map_err(DbError::Driver)?;
    let mut client = connect(&target, drivers).await?;
    let row =
        client.query_one("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user", &[]).await?;
    let may_create_roles: bool = row.get(0);
    if may_create_roles {
        create_roles(&client, app_password).await?;
    } else if !is_owner(&client).await? {
        // Roles and schema were provisioned by somebody who may; `storewire migrate` with their URL keeps them up to date.
        return Ok(Ready { app_url: admin_url.to_owned(), applied: 0 });
    }
    let applied = migrations::apply(&mut client).await?;
    retention::begin(&client, Clock::system().now()).await?;
    let app_url = if may_create_roles { with_login(admin_url, app_password) } else { admin_url.to_owned() };
    Ok(Ready { app_url, applied })
}

/// Whether this login may act as the schema's owner.
async fn is_owner(client: &Client) -> Result<bool, DbError> {
    let sql = "SELECT count(*) > 0 FROM pg_roles WHERE rolname = 'storewire_owner' AND pg_has_role(oid, 'MEMBER')";
    Ok(client.query_one(sql, &[]).await?.get(0))
}

/// Whether this can be the address of a database, with a login that can be exchanged for another.
#[must_use]
pub fn is_address(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) && url.parse::<Config>().is_ok()
}

/// Opens one connection outside any pool, for set-up and migration commands.
///
/// # Errors
/// `Unavailable` if the server does not answer.
pub async fn connect(target: &Config, drivers: &Handle) -> Result<Client, DbError> {
    let mut target = target.clone();
    target.connect_timeout(std::time::Duration::from_secs(10));
    let opened = drivers.spawn(async move {
        let (client, driver) = target.connect(NoTls).await?;
        tokio::spawn(driver);
        Ok::<_, tokio_postgres::Error>(client)
    });
    let client = opened.await.map_err(|error| DbError::Unavailable(Box::new(error)))?;
    client.map_err(DbError::from)
}

async fn create_roles(client: &Client, app_password: &str) -> Result<(), DbError> {
    // Roles belong to the whole server: two processes that prepare two databases of it take turns.
    let mut script = String::from("BEGIN; SELECT pg_advisory_xact_lock(91337001);");
    for role in SCOPES.iter().chain(&["sw_lookup", "storewire_owner"]) {
        script.push_str(&format!(
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF; END $$;"
        ));
    }
    let password = app_password.replace('\'', "''");
    script.push_str(&format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN CREATE ROLE {APP_ROLE} LOGIN NOINHERIT; END IF; END $$;
         ALTER ROLE {APP_ROLE} WITH LOGIN NOINHERIT PASSWORD '{password}';
         GRANT {scopes} TO {APP_ROLE};
         GRANT storewire_owner TO CURRENT_USER;
         GRANT sw_lookup TO storewire_owner;
         GRANT sw_tenant TO sw_desk;
         DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO {APP_ROLE}', current_database()); END $$;
         GRANT USAGE, CREATE ON SCHEMA public TO storewire_owner WITH GRANT OPTION;
         REVOKE CREATE ON SCHEMA public FROM PUBLIC;
         COMMIT;",
        scopes = SCOPES.join(", "),
    ));
    client.batch_execute(&script).await?;
    Ok(())
}

/// The same server and database, another login.
fn with_login(admin_url: &str, app_password: &str) -> String {
    let encoded: String = app_password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (scheme, rest) = admin_url.split_once("://").unwrap_or(("postgres", admin_url));
    let authority_ends = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_ends);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{APP_ROLE}:{encoded}@{host}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_login_is_replaced_and_the_rest_of_the_url_kept() {
        let url = with_login("postgres://root:x@localhost:5433/shop?sslmode=disable", "p/w");
        assert_eq!(url, "postgres://storewire_app:%70%2F%77@localhost:5433/shop?sslmode=disable");
        let socket = with_login("postgres://postgres:secret@/storewire?host=/run/pg", "a");
        assert_eq!(socket, "postgres://storewire_app:%61@/storewire?host=/run/pg");
    }
}
