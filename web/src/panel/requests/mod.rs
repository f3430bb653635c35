//! What merchants wish changed, and what staff decided: the list that each sees their part of, one of them, and every deed about it.

pub mod approve;
pub mod ask;
pub mod asks;
pub mod comment;
pub mod count;
mod deed;
pub mod list;
pub mod reject;
pub mod reopen;
pub mod show;
mod wish;
pub mod withdraw;

use actix_web::HttpResponse;

use super::{respond, table::Table, url};

/// The largest form: both descriptions of a product twice over, with every character written as a percent sign and two digits.
const MAX_FORM_BYTES: usize = 512 << 10;

/// Mounts the pages and forms of requests.
pub fn configure(table: &mut Table<'_>) {
    table
        .get(url::REQUESTS, list::show)
        .post_long(url::REQUESTS, MAX_FORM_BYTES, ask::submit)
        .get(url::REQUESTS_COUNT, count::show)
        .get("/requests/{id}", show::show)
        .post("/requests/{id}/approve", approve::submit)
        .post("/requests/{id}/reject", reject::submit)
        .post("/requests/{id}/comment", comment::submit)
        .post("/requests/{id}/withdraw", withdraw::submit)
        .post("/requests/{id}/reopen", reopen::submit)
        .get("/inventory/approvals", moved);
}

/// The address that the documents know.
async fn moved() -> HttpResponse {
    respond::see(url::REQUESTS)
}
