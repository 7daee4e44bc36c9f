//! The asynchronous runtime and the gateways of one process.
//!
//! php-fpm forks its workers, and PHP code may fork as well. A runtime does not survive a fork: its
//! threads are gone and its sockets are shared with the parent. So nothing is made before it is needed,
//! everything belongs to the process id that made it, and what a child inherits is neither used nor
//! dropped, because dropping it would close what the parent still uses.
//!
//! Gateways outlive a request so that a worker keeps its connections to a CDN.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use scormbridge_api::{GatewayOptions, Kind};
use scormbridge_gateway::Gateway;
use tokio::runtime::{Builder, Runtime};

use crate::border::Failure;

/// Gateways kept. A site has one set of options, and a second one for a moment after a setting changed.
const KEPT: usize = 4;

/// Threads for name resolution, which the operating system only offers as a blocking call.
const RESOLVER_THREADS: usize = 4;

thread_local! {
    static PROCESS: RefCell<Option<Process>> = const { RefCell::new(None) };
}

struct Process {
    id: u32,
    runtime: Rc<Runtime>,
    gateways: Vec<(GatewayOptions, Rc<Gateway>)>,
}

/// A gateway with the runtime it runs on.
pub(crate) struct Engine {
    /// The runtime of this process.
    pub(crate) runtime: Rc<Runtime>,
    /// The gateway for the options asked for.
    pub(crate) gateway: Rc<Gateway>,
}

/// The gateway for these options in this process; made at the first call.
///
/// # Errors
/// `ConfigException` if the options are of no use, `FetchException` with reason `fetch_runtime` if the
/// operating system does not give what a runtime needs.
pub(crate) fn engine(options: &GatewayOptions) -> Result<Engine, Failure> {
    PROCESS.with_borrow_mut(|slot| {
        let process = current(slot)?;
        let known = process.gateways.iter().find(|(known, _)| known == options);
        let gateway = match known {
            Some((_, gateway)) => Rc::clone(gateway),
            None => {
                let gateway = Rc::new(options.gateway()?);
                if process.gateways.len() >= KEPT {
                    process.gateways.remove(0);
                }
                process
                    .gateways
                    .push((options.clone(), Rc::clone(&gateway)));
                gateway
            }
        };
        Ok(Engine {
            runtime: Rc::clone(&process.runtime),
            gateway,
        })
    })
}

fn current(slot: &mut Option<Process>) -> Result<&mut Process, Failure> {
    let id = std::process::id();
    if slot.as_ref().is_some_and(|process| process.id != id) {
        mem::forget(slot.take());
    }
    if slot.is_none() {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(RESOLVER_THREADS)
            .build()
            .map_err(|error| {
                Failure::new(
                    Kind::Fetch,
                    "fetch_runtime",
                    format!("the system cannot run network requests: {error}"),
                )
            })?;
        *slot = Some(Process {
            id,
            runtime: Rc::new(runtime),
            gateways: Vec::new(),
        });
    }
    slot.as_mut().ok_or_else(|| {
        Failure::new(
            Kind::Fetch,
            "fetch_runtime",
            "there is no runtime in this process",
        )
    })
}

/// Ends what this process made, without waiting for a name server that does not answer. Runs once, when
/// PHP unloads the module.
pub(crate) unsafe extern "C" fn shutdown(_type: i32, _module: i32) -> i32 {
    let process =
        PROCESS.try_with(|slot| slot.try_borrow_mut().ok().and_then(|mut slot| slot.take()));
    if let Ok(Some(process)) = process {
        if process.id == std::process::id() {
            drop(process.gateways);
            if let Some(runtime) = Rc::into_inner(process.runtime) {
                runtime.shutdown_background();
            }
        } else {
            mem::forget(process);
        }
    }
    0
}
