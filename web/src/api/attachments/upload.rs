//! `POST /api/v1/attachments`: uploads a file, to be attached by who uploaded it. For everyone.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use storewire_db::stores;
use storewire_domain::{StoreId, TenantId};
use storewire_guard::access::{Action, Area, Standing};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    api::{
        once::Reply,
        tickets::FileItem,
        write::{once, unreadable},
    },
    error::{Problem, WebError},
    extract::Session,
    state::AppState,
};

/// What the file is called, and for whose desk it is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// As it is to be called.
    #[param(example = "wet-boxes.jpg")]
    name: String,
    /// The store of the ticket or return that will carry it. Staff have to say it.
    store: Option<Uuid>,
}

/// Keeps a file of a kind that its bytes prove; pictures without what cameras write into them. One that nothing carries within a day is
/// deleted.
#[utoipa::path(post, path = "/api/v1/attachments", tag = "support", operation_id = "uploadAttachment",
    params(UploadQuery),
    request_body(content = [u8], content_type = "application/octet-stream", description = "The bytes, at most 10 MiB"),
    security(("bearer" = []), ("cookie" = [])), responses(
        (status = 201, description = "It is kept", body = FileItem),
        (status = 404, description = "No such store of yours", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is no room for more files (`full`)", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "A file of this kind is not taken (`bad_type`)", body = Problem, content_type = "application/problem+json")))]
pub async fn handler(
    session: Session,
    state: web::Data<AppState>,
    query: web::Query<UploadQuery>,
    request: HttpRequest,
    body: Result<web::Bytes, actix_web::Error>,
) -> Result<HttpResponse, WebError> {
    session.require(Area::Support, Action::Comment)?;
    let bytes = body.map_err(|error| unreadable(&error))?;
    let tenant = tenant(&session, &state, query.store.map(StoreId)).await?;
    let once = once(&request, &bytes)?;
    let work = async |_| {
        let row = state.engine.desk().upload(tenant, session.hand(), query.into_inner().name, bytes).await?;
        let item = FileItem::from(row);
        Reply::created(item.href.clone(), &item)
    };
    once.carry_out(&state, (tenant, session.user_id), work).await
}

/// To which merchant's files it is added.
async fn tenant(session: &Session, state: &AppState, store: Option<StoreId>) -> Result<TenantId, WebError> {
    let Some(store) = store else {
        return match session.standing {
            Standing::Tenant { tenant, .. } | Standing::Rehearsal { tenant, .. } => Ok(tenant),
            Standing::Platform { .. } => Err(WebError::Unprocessable {
                code: "store_needed",
                detail: "say for which store the file is: staff serve many merchants".to_owned(),
            }),
        };
    };
    let tx = state.db.read(&session.scope()).await?;
    let found = stores::find(&tx, store).await?;
    tx.commit().await?;
    found.map(|row| row.tenant_id).ok_or(WebError::NotFound)
}
