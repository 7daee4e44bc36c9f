//! A file on its way from a CDN to the caller.
//!
//! A line of JSON with status, headers and reason; then pieces, each behind its length in four bytes, the highest
//! first; then four zero bytes and, as JSON, `null` or why the content broke off. A caller that sees the connection end
//! before that knows that the service broke off.

use std::convert::Infallible;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::stream::{self, Stream};
use hyper::body::Frame;
use scormbridge_api::{Failure, fetch_failure};
use scormbridge_gateway::{Body, Response};
use serde::Serialize;

use crate::calls::json;

/// Largest piece, in bytes.
const PIECE: usize = 64 * 1024;

#[derive(Serialize)]
struct Head<'a> {
    status: u16,
    headers: &'a [(String, String)],
    reason: Option<&'static str>,
}

enum Stage {
    Head(Bytes, Body),
    Content(Bytes, Body),
    Ended,
}

/// The answer of a gateway, piece by piece as the caller takes it.
pub(crate) fn frames(
    response: Response,
) -> Result<impl Stream<Item = Result<Frame<Bytes>, Infallible>> + Send, Failure> {
    let mut head = json(&Head {
        status: response.status,
        headers: &response.headers,
        reason: response.error.map(|error| error.reason()),
    })?;
    head.push(b'\n');
    let start = Stage::Head(head.into(), response.body);
    Ok(stream::unfold(start, |stage| async move {
        let (bytes, next) = match stage {
            Stage::Head(head, body) => (head, Stage::Content(Bytes::new(), body)),
            Stage::Content(rest, body) => content(rest, body).await,
            Stage::Ended => return None,
        };
        Some((Ok(Frame::data(bytes)), next))
    }))
}

async fn content(mut rest: Bytes, mut body: Body) -> (Bytes, Stage) {
    if rest.is_empty() {
        rest = match body.chunk().await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return (end(None), Stage::Ended),
            Err(error) => return (end(Some(&fetch_failure(&error))), Stage::Ended),
        };
    }
    let piece = rest.split_to(rest.len().min(PIECE));
    let mut frame = BytesMut::with_capacity(4 + piece.len());
    frame.put_u32(u32::try_from(piece.len()).unwrap_or(u32::MAX));
    frame.put(piece);
    (frame.freeze(), Stage::Content(rest, body))
}

fn end(failure: Option<&Failure>) -> Bytes {
    let mut frame = BytesMut::new();
    frame.put_u32(0);
    match json(&failure) {
        Ok(outcome) => frame.extend_from_slice(&outcome),
        // Without an outcome the content counts as broken off.
        Err(_) => frame.clear(),
    }
    frame.freeze()
}
