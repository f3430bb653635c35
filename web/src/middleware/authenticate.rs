//! Asks who the caller is before anything else of a request is looked at: a stranger learns neither what exists nor
//! what a good request looks like.

use actix_web::{
    Error, HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};

use crate::extract::session;

/// Lets only requests with a live session through; [`session::Session`] is then at hand for the handler.
pub async fn require(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = session::authenticate(request.request()).await;
    match answer {
        Ok(session) => {
            request.extensions_mut().insert(session);
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(refusal) => Ok(request.into_response(refusal.error_response())),
    }
}
