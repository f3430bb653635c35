//! The schema's history, embedded in the program, applied once, by one process at a time.

use tokio_postgres::Client;

use crate::DbError;

mod embedded {
    refinery::embed_migrations!("../../migrations");
}

/// One number for "Storewire is migrating this database", held while migrations run.
const MIGRATION_LOCK: i64 = 0x5357_4d49_4752;

/// A migration as `storewire migrate` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i32,
    /// Its name, words joined by underscores.
    pub name: String,
    /// Whether this database has it.
    pub is_applied: bool,
}

/// Applies what is missing, as the owner of the schema, and answers how many that were.
///
/// The session keeps an advisory lock meanwhile, gives up on a table lock after 2 s rather than queue others behind it,
/// and turns row security off, so that a statement that RLS would filter fails instead of changing too little.
///
/// # Errors
/// `Migration` if one fails; those before it stay applied.
pub async fn apply(client: &mut Client) -> Result<usize, DbError> {
    // Function bodies are checked as their caller, the migrating owner, whom row security would refuse.
    client
        .batch_execute(
            "SET ROLE storewire_owner; SET row_security = off; SET lock_timeout = '2s'; SET check_function_bodies = off",
        )
        .await?;
    client.execute("SELECT pg_advisory_lock($1)", &[&MIGRATION_LOCK]).await?;
    let report = embedded::migrations::runner().set_abort_divergent(true).run_async(client).await;
    client.execute("SELECT pg_advisory_unlock($1)", &[&MIGRATION_LOCK]).await?;
    client.batch_execute("RESET check_function_bodies; RESET lock_timeout; RESET row_security; RESET ROLE").await?;
    let report = report.map_err(|error| DbError::Migration(describe(&error)))?;
    Ok(report.applied_migrations().len())
}

/// Every migration that this program knows, and whether the database has it.
///
/// # Errors
/// `Unavailable` if the database does not answer.
pub async fn status(client: &mut Client) -> Result<Vec<Migration>, DbError> {
    let applied: Vec<i32> = match client.query("SELECT version FROM refinery_schema_history", &[]).await {
        Ok(rows) => rows.iter().map(|row| row.get(0)).collect(),
        Err(error) if error.code() == Some(&tokio_postgres::error::SqlState::UNDEFINED_TABLE) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let known = embedded::migrations::runner();
    let mut list: Vec<Migration> = known
        .get_migrations()
        .iter()
        .map(|migration| Migration {
            version: migration.version(),
            name: migration.name().to_owned(),
            is_applied: applied.contains(&migration.version()),
        })
        .collect();
    list.sort_by_key(|migration| migration.version);
    Ok(list)
}

fn describe(error: &refinery::Error) -> String {
    use std::error::Error as _;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
