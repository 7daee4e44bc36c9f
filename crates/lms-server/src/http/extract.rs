//! Extractors whose refusals are problem documents.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use garde::Validate;
use serde::de::DeserializeOwned;

use crate::error::{AppError, FieldFault};

/// A JSON body, read and validated.
#[derive(Debug, Clone)]
pub struct ApiJson<T>(pub T);

impl<S, T> FromRequest<S> for ApiJson<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let axum::Json(value) = axum::Json::<T>::from_request(request, state)
            .await
            .map_err(refused_body)?;
        check(&value)?;
        Ok(Self(value))
    }
}

/// Path parameters; a malformed id is a 404, as is an unknown one.
#[derive(Debug, Clone)]
pub struct ApiPath<T>(pub T);

impl<S, T> FromRequestParts<S> for ApiPath<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let read: Result<Path<T>, PathRejection> = Path::from_request_parts(parts, state).await;
        read.map(|Path(value)| Self(value))
            .map_err(|_| AppError::not_found("page or resource"))
    }
}

/// Query parameters, read and validated.
#[derive(Debug, Clone)]
pub struct ApiQuery<T>(pub T);

impl<S, T> FromRequestParts<S> for ApiQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Validate<Context = ()>,
{
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, state).await;
        let Query(value) = read.map_err(|rejection| {
            AppError::invalid_query(vec![FieldFault {
                field: String::new(),
                message: rejection.body_text(),
            }])
        })?;
        value
            .validate()
            .map_err(|report| AppError::invalid_query(faults(&report)))?;
        Ok(Self(value))
    }
}

/// The faults of a value as a 422.
///
/// # Errors
/// 422 `invalid_body` with every wrong member.
pub(crate) fn check<T: Validate<Context = ()>>(value: &T) -> Result<(), AppError> {
    value
        .validate()
        .map_err(|report| AppError::invalid_body(faults(&report)))
}

fn faults(report: &garde::Report) -> Vec<FieldFault> {
    let fault = |(path, error): &(garde::Path, garde::Error)| FieldFault {
        field: path.to_string(),
        message: error.message().to_owned(),
    };
    report.iter().map(fault).collect()
}

fn refused_body(rejection: JsonRejection) -> AppError {
    match rejection {
        JsonRejection::JsonSyntaxError(_) => AppError::malformed_json(),
        JsonRejection::MissingJsonContentType(_) => AppError::unsupported_media_type(),
        // serde's message names members and expected types; it may quote a scalar the caller itself sent.
        JsonRejection::JsonDataError(error) => AppError::invalid_body(vec![FieldFault {
            field: String::new(),
            message: error.body_text(),
        }]),
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => AppError::body_too_large(),
        _ => AppError::bad_request(
            "unreadable_body",
            "The body ended early or could not be read. Send it again.",
        ),
    }
}
