//! `Scormbridge\Gateway`: guarded HTTP to packages on a CDN.

use ext_php_rs::prelude::*;
use scormbridge_api::{self as api, GatewayOptions};

use crate::border::{Failure, PhpArray, Table, Text, array};
use crate::process::engine;
use crate::response::Response;

/// Probes packages and serves their files. Holds options only; see [`crate::process`].
#[php_class]
#[php(name = "Scormbridge\\Gateway", flags = ext_php_rs::flags::ClassFlags::Final)]
pub(crate) struct Gateway(GatewayOptions);

#[php_impl]
impl Gateway {
    pub(crate) fn __construct(options: Table<'_>) -> Result<Self, Failure> {
        let options = GatewayOptions::read(options.value())?;
        // Made once to learn now, not at the first request, whether the options are of use.
        options.gateway()?;
        Ok(Self(options))
    }

    pub(crate) fn probe(&self, url: Text<'_>, options: Table<'_>) -> Result<PhpArray, Failure> {
        let (url, options) = api::probe_request(url.bytes(), options.value())?;
        let engine = engine(&self.0)?;
        let probe = api::probe(&engine.gateway, &url, &options);
        array(&engine.runtime.block_on(probe)?)
    }

    pub(crate) fn serve(&self, request: Table<'_>) -> Result<Response, Failure> {
        let request = api::file_request(request.value())?;
        let engine = engine(&self.0)?;
        let response = engine.runtime.block_on(engine.gateway.serve(&request));
        Ok(Response::new(response, engine.runtime))
    }
}
