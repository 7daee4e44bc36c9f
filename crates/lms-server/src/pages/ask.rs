//! What the address of a page says, with refusals that people can read.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Failure;
use crate::error::AppError;

/// The query.
pub(super) struct Asked<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(_) => Err(AppError::bad_request(
                "invalid_query",
                "This address is not complete. Go back and choose again.",
            )
            .into()),
        }
    }
}

/// The id in the path.
pub(super) struct Named<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(AppError::not_found("page").into()),
        }
    }
}

/// Which part of a page's list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    /// The cursor that the part before ended with; absent for the first.
    pub(super) after: Option<String>,
}
