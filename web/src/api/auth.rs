//! Logging in, logging out, and who one is.

pub mod login;
pub mod logout;
pub mod me;

use actix_web::web;
use serde::Serialize;
use storewire_guard::access::{Standing, Viewer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::{get_only, post_only};

/// Mounts what a stranger may call.
pub fn configure_public(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/auth/login").route(web::post().to(login::handler)).default_service(web::to(post_only)));
}

/// Mounts what needs a session.
pub fn configure_private(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/auth/logout").route(web::post().to(logout::handler)).default_service(web::to(post_only)),
    )
    .service(web::resource("/auth/me").route(web::get().to(me::handler)).default_service(web::to(get_only)));
}

/// The person who is logged in.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    pub id: Uuid,
    #[schema(example = "ada@example.com")]
    pub email: String,
    pub name: String,
    /// `platform_admin`, `platform_staff`, `merchant_admin` or `merchant_user`.
    #[schema(example = "merchant_admin")]
    pub role: &'static str,
    /// The merchant company that the person works for; null for platform people.
    pub tenant: Option<Uuid>,
}

impl From<&Viewer> for User {
    fn from(viewer: &Viewer) -> Self {
        let (role, tenant) = match &viewer.standing {
            Standing::Platform { role, .. } | Standing::Rehearsal { role, .. } => (role.as_str(), None),
            Standing::Tenant { tenant, role } => (role.as_str(), Some(tenant.uuid())),
        };
        Self { id: viewer.user_id.uuid(), email: viewer.email.clone(), name: viewer.name.clone(), role, tenant }
    }
}
