//! What happens to every request around its handler.
//!
//! `web::app` wraps them so that, from the outside in: the request is logged, the answer gets its headers, the origin is
//! checked. None of them keeps a clone of the request while it is being routed: actix panics on that.

pub mod authenticate;
pub mod origin;
pub mod request_log;
pub mod security_headers;
