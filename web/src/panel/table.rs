//! The panel's routes as rows: the router is made of them, and a test of every role goes through them.

use actix_web::{
    FromRequest, Handler, Responder, guard,
    web::{self, ServiceConfig},
};

use crate::error::WebError;

/// A route of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub method: &'static str,
    /// As the router matches it; what stands for a record is `{id}`.
    pub path: &'static str,
}

/// Mounts routes, and keeps a row of each.
pub struct Table<'a> {
    cfg: &'a mut ServiceConfig,
    rows: Vec<Row>,
}

impl<'a> Table<'a> {
    /// Nothing is mounted yet.
    pub fn new(cfg: &'a mut ServiceConfig) -> Self {
        Self { cfg, rows: Vec::new() }
    }

    /// Mounts a page or fragment.
    pub fn get<H, Args>(&mut self, path: &'static str, handler: H) -> &mut Self
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.cfg.route(path, web::get().to(handler));
        self.note("GET", path)
    }

    /// Mounts a form.
    pub fn post<H, Args>(&mut self, path: &'static str, handler: H) -> &mut Self
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.cfg.route(path, web::post().to(handler));
        self.note("POST", path)
    }

    /// Mounts a form of at most so many bytes, where that is more than forms have elsewhere.
    pub fn post_long<H, Args>(&mut self, path: &'static str, bytes: usize, handler: H) -> &mut Self
    where
        H: Handler<Args>,
        Args: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let limit = web::FormConfig::default().limit(bytes).error_handler(|_, _| WebError::TooLarge.into());
        self.cfg.service(web::resource(path).guard(guard::Post()).app_data(limit).post(handler));
        self.note("POST", path)
    }

    /// Mounts an area's routes.
    pub fn mount(&mut self, area: impl FnOnce(&mut Table<'_>)) -> &mut Self {
        area(self);
        self
    }

    /// Every route that was mounted, in order.
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    fn note(&mut self, method: &'static str, path: &'static str) -> &mut Self {
        self.rows.push(Row { method, path });
        self
    }
}
