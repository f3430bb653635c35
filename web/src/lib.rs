//! Who looks: REST API, webhook intake, sockets and the panel.

mod addressed;
pub mod api;
pub mod error;
pub mod extract;
mod goods;
pub mod health;
mod history;
pub mod hooks;
pub mod live;
pub mod metrics;
pub mod middleware;
pub mod openapi;
pub mod panel;
mod placing;
pub mod rehearsals;
mod serve;
pub mod state;

pub use panel::PanelRenderer;
pub use serve::{Serving, Sockets, serve};
pub use state::{AppState, DemoLogin, DemoUser, WebSettings};

use actix_web::web::ServiceConfig;

/// Mounts everything that the public listener serves. The panel takes what nothing before it took, so it comes last.
pub fn configure(cfg: &mut ServiceConfig) {
    hooks::configure(cfg);
    live::configure(cfg);
    health::configure(cfg);
    openapi::configure(cfg);
    api::configure(cfg);
    panel::configure(cfg);
}

/// The app as the public listener serves it: the state and every layer around the routes.
#[macro_export]
macro_rules! app {
    ($state:expr) => {{
        use ::actix_web::middleware::from_fn;
        ::actix_web::App::new()
            .app_data(::actix_web::web::Data::new($state))
            .configure($crate::configure)
            .wrap(from_fn($crate::middleware::origin::check))
            .wrap(from_fn($crate::panel::error_pages::show_to_browsers))
            .wrap(from_fn($crate::middleware::security_headers::add))
            .wrap(from_fn($crate::middleware::request_log::log))
    }};
}
