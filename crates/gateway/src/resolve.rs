//! Names to addresses, and the guard that stands between the two.
//!
//! The guard is the pin: a connection is made only to addresses that this very resolution returned and the policy
//! accepted. There is no second look-up between check and connect that a hostile name server could answer differently.
//! IP literals never reach a resolver; the URL policy has checked those already.

use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use scormbridge_core::url_policy::UrlPolicy;

/// The answer to [`Resolve::resolve`], still on its way.
pub type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Finds the addresses of a host. Asked once for each new connection.
pub trait Resolve: Send + Sync + 'static {
    /// All addresses of `host`, an ASCII host name without port.
    fn resolve(&self, host: &str) -> Resolving;
}

/// The resolver of the operating system (`getaddrinfo`).
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, host: &str) -> Resolving {
        let host = host.to_owned();
        Box::pin(async move {
            Ok(tokio::net::lookup_host((host, 0))
                .await?
                .map(|found| found.ip())
                .collect())
        })
    }
}

/// Why a name may not be connected to.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Refused {
    #[error("{host} has no address")]
    Unresolvable { host: String },
    #[error("{host} is at {address}, which is not a public address")]
    Address { host: String, address: IpAddr },
}

/// Hands out only addresses that the policy accepts.
pub(crate) struct Guarded {
    pub(crate) policy: Arc<UrlPolicy>,
    pub(crate) resolver: Arc<dyn Resolve>,
}

impl reqwest::dns::Resolve for Guarded {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let host = name.as_str().to_owned();
        let resolving = self.resolver.resolve(&host);
        let policy = Arc::clone(&self.policy);
        Box::pin(async move {
            let addresses = resolving.await.unwrap_or_default();
            if addresses.is_empty() {
                return Err(Refused::Unresolvable { host }.into());
            }
            // One bad address condemns the name: a mixed answer is how rebinding attacks begin.
            if let Some(&address) = addresses
                .iter()
                .find(|address| policy.check_address(**address).is_err())
            {
                return Err(Refused::Address { host, address }.into());
            }
            // Port 0 stands for the port of the URL.
            let pinned: reqwest::dns::Addrs = Box::new(
                addresses
                    .into_iter()
                    .map(|address| SocketAddr::new(address, 0)),
            );
            Ok(pinned)
        })
    }
}
