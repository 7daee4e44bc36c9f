//! The functions of the API by their names, as the stub has them.

use std::sync::{Arc, Mutex, PoisonError};

use scormbridge_api::{self as api, Failure, GatewayOptions, Kind, Tickets, UrlPolicy, Vault};
use scormbridge_gateway::{Gateway, ProbeOptions, Request, Response};
use serde::Serialize;

use crate::arguments::{Arguments, Taker};
use crate::value::Value;

/// Gateways kept. A site has one set of options, and a second one for a moment after a setting changed; several sites
/// may share a service.
const KEPT: usize = 8;

/// What a call comes to.
pub(crate) enum Answer {
    /// A value as JSON.
    Value(Vec<u8>),
    /// Something to be asked of a CDN first.
    Errand(Errand),
}

/// What is asked of a CDN.
pub(crate) enum Errand {
    /// What a package is.
    Probe(Arc<Gateway>, String, ProbeOptions),
    /// One of its files.
    File(Arc<Gateway>, Request),
}

/// The gateways that were made already, with their idle connections.
#[derive(Default)]
pub(crate) struct Gateways(Mutex<Vec<(GatewayOptions, Arc<Gateway>)>>);

impl Gateways {
    fn of(&self, options: &Value) -> Result<Arc<Gateway>, Failure> {
        let options = GatewayOptions::read(options)?;
        // Nothing that holds the lock can leave the list half changed.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, gateway)) = kept.iter().find(|(known, _)| *known == options) {
            return Ok(Arc::clone(gateway));
        }
        let gateway = Arc::new(options.gateway()?);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((options, Arc::clone(&gateway)));
        Ok(gateway)
    }
}

/// Carries out a call as far as it needs nobody else. `None` if there is no such function.
///
/// A method of an object has the arguments of its constructor before its own: nothing is kept between two calls.
pub(crate) fn call(
    function: &str,
    content: &[u8],
    gateways: &Gateways,
) -> Option<Result<Answer, Failure>> {
    let work: fn(&mut Taker<'_>, &Gateways) -> Result<Answer, Failure> = match function {
        "version" => |take, _| {
            take.end()?;
            value(&api::version())
        },
        "UrlPolicy/__construct" => |take, _| policy(take, |_, take| take.end()),
        "UrlPolicy/check" => |take, _| {
            policy(take, |policy, take| {
                let url = take.text()?;
                take.end()?;
                policy.check(url)
            })
        },
        "Vault/__construct" => |take, _| vault(take, |_, take| take.end()),
        "Vault/seal" => |take, _| {
            vault(take, |vault, take| {
                let (plain, context) = (take.text()?, take.value()?);
                take.end()?;
                vault.seal(plain, context)
            })
        },
        "Vault/open" => |take, _| {
            vault(take, |vault, take| {
                let (sealed, context) = (take.text()?, take.value()?);
                take.end()?;
                vault.open(sealed, context)
            })
        },
        "Vault/needsReseal" => |take, _| {
            vault(take, |vault, take| {
                let sealed = take.text()?;
                take.end()?;
                vault.needs_reseal(sealed)
            })
        },
        "Vault/isSealed" => |take, _| {
            let text = take.text()?;
            take.end()?;
            value(&api::is_sealed(text))
        },
        "Vault/newKey" => |take, _| {
            take.end()?;
            value(&api::new_key()?)
        },
        "Tickets/__construct" => |take, _| tickets(take, |_, take| take.end()),
        "Tickets/issue" => |take, _| {
            tickets(take, |tickets, take| {
                let claims = take.value()?;
                take.end()?;
                tickets.issue(claims)
            })
        },
        "Tickets/verify" => |take, _| {
            tickets(take, |tickets, take| {
                let (ticket, scope, audience) = (take.text()?, take.text()?, take.text()?);
                let now = take.integer()?;
                take.end()?;
                tickets.verify(ticket, scope, audience, now)
            })
        },
        "Manifest/parse" => |take, _| {
            let (xml, limits) = (take.text()?, take.value()?);
            take.end()?;
            value(&api::parse(xml, limits)?)
        },
        "Manifest/scoTree" => |take, _| {
            let (xml, limits) = (take.text()?, take.value()?);
            take.end()?;
            api::sco_tree(xml, limits, |tree| value(tree))
        },
        "Manifest/launchUrl" => |take, _| {
            let (base, launch, parameters) = (take.text()?, take.text()?, take.text()?);
            take.end()?;
            value(&api::launch_url(base, launch, parameters)?)
        },
        "DataModel/seed" => |take, _| {
            let (context, stored) = (take.value()?, take.value()?);
            take.end()?;
            value(&api::seed(context, stored)?)
        },
        "DataModel/replay" => |take, _| {
            let (context, stored, session) = (take.value()?, take.value()?, take.value()?);
            let entries = take.text()?;
            take.end()?;
            value(&api::replay(context, stored, session, entries)?)
        },
        "DataModel/replayLate" => |take, _| {
            let (context, stored, session) = (take.value()?, take.value()?, take.value()?);
            let (entries, newer) = (take.text()?, take.value()?);
            take.end()?;
            value(&api::replay_late(context, stored, session, entries, newer)?)
        },
        "Gateway/__construct" => |take, gateways| {
            let options = take.value()?;
            take.end()?;
            gateways.of(options)?;
            value(&())
        },
        "Gateway/probe" => |take, gateways| {
            let (options, url, with) = (take.value()?, take.text()?, take.value()?);
            take.end()?;
            let (url, with) = api::probe_request(url, with)?;
            let gateway = gateways.of(options)?;
            Ok(Answer::Errand(Errand::Probe(gateway, url, with)))
        },
        "Gateway/serve" => |take, gateways| {
            let (options, request) = (take.value()?, take.value()?);
            take.end()?;
            let request = api::file_request(request)?;
            let gateway = gateways.of(options)?;
            Ok(Answer::Errand(Errand::File(gateway, request)))
        },
        _ => return None,
    };
    Some(Arguments::parse(content).and_then(|arguments| work(&mut arguments.taker(), gateways)))
}

/// What a CDN answered.
pub(crate) enum Brought {
    /// A value as JSON.
    Value(Vec<u8>),
    /// A file, of which the content is still to come.
    File(Response),
}

/// Asks the CDN.
pub(crate) async fn run(errand: Errand) -> Result<Brought, Failure> {
    match errand {
        Errand::Probe(gateway, url, options) => {
            let probe = api::probe(&gateway, &url, &options).await?;
            json(&probe).map(Brought::Value)
        }
        Errand::File(gateway, request) => Ok(Brought::File(gateway.serve(&request).await)),
    }
}

fn policy<T: Serialize>(
    take: &mut Taker<'_>,
    then: impl FnOnce(&UrlPolicy, &mut Taker<'_>) -> Result<T, Failure>,
) -> Result<Answer, Failure> {
    let policy = UrlPolicy::new(take.value()?)?;
    value(&then(&policy, take)?)
}

fn vault<T: Serialize>(
    take: &mut Taker<'_>,
    then: impl FnOnce(&Vault, &mut Taker<'_>) -> Result<T, Failure>,
) -> Result<Answer, Failure> {
    let (keys, current) = (take.value()?, take.text()?);
    let vault = Vault::new(keys, current)?;
    value(&then(&vault, take)?)
}

fn tickets<T: Serialize>(
    take: &mut Taker<'_>,
    then: impl FnOnce(&Tickets, &mut Taker<'_>) -> Result<T, Failure>,
) -> Result<Answer, Failure> {
    let (keys, current) = (take.value()?, take.text()?);
    let tickets = Tickets::new(keys, current)?;
    value(&then(&tickets, take)?)
}

fn value(value: &impl Serialize) -> Result<Answer, Failure> {
    json(value).map(Answer::Value)
}

/// A value as JSON. The types of this project all have such a form; the error exists so that a mistake is not a wrong
/// value.
pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value)
        .map_err(|error| Failure::new(Kind::Base, "result_shape", error.to_string()))
}
