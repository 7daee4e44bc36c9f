//! `Scormbridge\Response`: an answer of the gateway, whose content is pulled piece by piece.
//!
//! A file may have gigabytes. What is read from the CDN and not yet asked for stays in the socket.

use std::mem;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::flags::DataType;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendStr, Zval};
use scormbridge_api::{Kind, fetch_failure};
use scormbridge_gateway::{self as gateway, Body, Bytes};
use tokio::runtime::Runtime;

use crate::border::{Failure, PhpArray, array};

/// Largest piece handed to PHP, in bytes.
const PIECE: usize = 64 * 1024;

/// The answer to one request.
#[php_class]
#[php(name = "Scormbridge\\Response", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    reason: Option<&'static str>,
    /// The process that opened the connection; only it may read or close it.
    process: u32,
    content: Content,
}

/// What is left of the content.
enum Content {
    /// More may come. The runtime is what the connection lives on.
    Open {
        body: Body,
        rest: Bytes,
        runtime: Rc<Runtime>,
    },
    /// All of it was read.
    Ended,
    /// It broke off. Said again at every read, so that no loop takes it for the end.
    Broken(Failure),
}

impl Response {
    /// Wraps an answer that was made on `runtime`.
    pub(crate) fn new(response: gateway::Response, runtime: Rc<Runtime>) -> Self {
        Self {
            status: response.status,
            headers: response.headers,
            reason: response.error.map(|error| error.reason()),
            process: std::process::id(),
            content: Content::Open {
                body: response.body,
                rest: Bytes::new(),
                runtime,
            },
        }
    }

    fn is_foreign(&self) -> bool {
        self.process != std::process::id()
    }
}

impl Drop for Response {
    fn drop(&mut self) {
        if self.is_foreign() {
            // The connection is the parent's; closing it here would end the parent's download.
            mem::forget(mem::replace(&mut self.content, Content::Ended));
        }
    }
}

#[php_impl]
impl Response {
    #[php(vis = "private")]
    pub(crate) fn __construct() -> Self {
        Self {
            status: 0,
            headers: Vec::new(),
            reason: None,
            process: std::process::id(),
            content: Content::Ended,
        }
    }

    pub(crate) fn status(&self) -> i64 {
        i64::from(self.status)
    }

    pub(crate) fn headers(&self) -> Result<PhpArray, Failure> {
        array(&self.headers)
    }

    pub(crate) fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    pub(crate) fn read(&mut self) -> Result<Option<Piece>, Failure> {
        if self.is_foreign() {
            return Err(Failure::new(
                Kind::Fetch,
                "fetch_other_process",
                "the content belongs to the process that asked for it; ask again in this one",
            ));
        }
        let Content::Open {
            body,
            rest,
            runtime,
        } = &mut self.content
        else {
            return match &self.content {
                Content::Broken(failure) => Err(failure.clone()),
                _ => Ok(None),
            };
        };
        if rest.is_empty() {
            match runtime.block_on(body.chunk()) {
                Ok(Some(bytes)) => *rest = bytes,
                Ok(None) => {
                    self.content = Content::Ended;
                    return Ok(None);
                }
                Err(error) => {
                    let failure = Failure::from(fetch_failure(&error));
                    self.content = Content::Broken(failure.clone());
                    return Err(failure);
                }
            }
        }
        Ok(Some(Piece(rest.split_to(rest.len().min(PIECE)))))
    }
}

/// A piece of content; a return type of `string` in reflection.
pub(crate) struct Piece(Bytes);

impl IntoZval for Piece {
    const TYPE: DataType = DataType::String;
    const NULLABLE: bool = false;

    fn set_zval(self, zv: &mut Zval, _persistent: bool) -> ext_php_rs::error::Result<()> {
        zv.set_zend_string(ZendStr::new(&self.0, false));
        Ok(())
    }
}
