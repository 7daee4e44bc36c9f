//! What a value must look like, and which combinations a mode forbids.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;

use super::{Algorithm, Config, Fault, KeySet};

/// Shortest shared secret or token, in bytes.
const MIN_SECRET_BYTES: usize = 32;

/// An origin, exactly as browsers write it.
pub(super) fn origin(text: &str, _: &()) -> garde::Result {
    let serialized = crate::http::headers::origin_of(text);
    if serialized.as_deref() == Some(text) {
        return Ok(());
    }
    Err(garde::Error::new(
        "must be an origin like `https://lms.example`, without path or trailing slash",
    ))
}

/// An absolute http(s) URL.
pub(super) fn http_url(text: &str, _: &()) -> garde::Result {
    match crate::http::headers::origin_of(text) {
        Some(_) => Ok(()),
        None => Err(garde::Error::new("must be a URL that begins with https://")),
    }
}

/// Ids that fit into token headers and sealed texts.
pub(super) fn key_ids(keys: &BTreeMap<String, SecretString>, _: &()) -> garde::Result {
    if keys.keys().all(|id| scormbridge_core::keys::is_key_id(id)) {
        return Ok(());
    }
    Err(garde::Error::new(
        "a key id has 1 to 32 characters: letters, digits, `_`, `-`",
    ))
}

/// 256 bit keys.
pub(super) fn hex_keys(keys: &BTreeMap<String, SecretString>, _: &()) -> garde::Result {
    let fits = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if keys.values().all(|key| fits(key.expose_secret())) {
        return Ok(());
    }
    Err(garde::Error::new(
        "a key is 64 hexadecimal digits (`openssl rand -hex 32`)",
    ))
}

/// The faults that no single value shows.
pub(super) fn combinations(config: &Config) -> Vec<Fault> {
    let mut found = Found(Vec::new());
    always(config, &mut found);
    if config.is_production() {
        production(config, &mut found);
    }
    made(config, &mut found);
    found.0
}

/// What only shows when keys, patterns and filters are made of their text. Left out where a fault of the same keys
/// says it already.
fn made(config: &Config, found: &mut Found) {
    if let Err(error) = EnvFilter::try_new(&config.telemetry.log_filter) {
        found.unless(false, "telemetry.log_filter", &error.to_string());
    }
    let faults = [
        crate::launch::token_keys(config).err(),
        crate::keys::vault(&config.gateway.sealing).err(),
        crate::scorm::Bridge::new(config).err(),
    ];
    for fault in faults.into_iter().flatten() {
        let section = match fault.setting.strip_suffix("keys") {
            Some(section) => section,
            None => &fault.setting,
        };
        if !found.0.iter().any(|seen| seen.setting.starts_with(section)) {
            found.0.push(fault);
        }
    }
}

struct Found(Vec<Fault>);

impl Found {
    fn unless(&mut self, fine: bool, setting: &str, message: &str) {
        if !fine {
            self.0.push(Fault {
                setting: setting.to_owned(),
                message: message.to_owned(),
            });
        }
    }
}

fn always(config: &Config, found: &mut Found) {
    let url = config.store.url.expose_secret();
    let known = ["sqlite:", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    found.unless(known, "store.url", "must begin with sqlite: or postgres://");
    found.unless(
        config.sign_in.local || config.sign_in.test || config.oidc.is_some(),
        "sign_in.local",
        "nobody could sign in: allow local accounts or configure [oidc]",
    );
    found.unless(
        config
            .oidc
            .as_ref()
            .is_none_or(|oidc| oidc.keep_seconds >= oidc.cache_seconds),
        "oidc.keep_seconds",
        "must be no less than oidc.cache_seconds",
    );
    let runtime = &config.runtime;
    let current_is_known = runtime
        .current
        .as_ref()
        .is_none_or(|id| runtime.keys.contains_key(id));
    found.unless(
        current_is_known,
        "runtime.current",
        "names no key of runtime.keys",
    );
    found.unless(
        runtime.keys.is_empty() || runtime.current.is_some(),
        "runtime.current",
        "must name the key of runtime.keys that signs",
    );
    let long = |secret: &Option<SecretString>| {
        secret
            .as_ref()
            .is_none_or(|secret| secret.expose_secret().len() >= MIN_SECRET_BYTES)
    };
    found.unless(
        long(&runtime.hs256_secret),
        "runtime.hs256_secret",
        "must have 32 bytes or more",
    );
    found.unless(
        long(&config.telemetry.metrics_token),
        "telemetry.metrics_token",
        "must have 32 bytes or more",
    );
    for (name, set) in key_sets(config) {
        let known = set
            .current
            .as_ref()
            .is_none_or(|id| set.keys.contains_key(id));
        found.unless(
            known,
            &format!("{name}.current"),
            "names no key of this set",
        );
        let chosen = set.keys.is_empty() || set.current.is_some();
        found.unless(
            chosen,
            &format!("{name}.current"),
            "must name the key that makes new things",
        );
    }
}

fn production(config: &Config, found: &mut Found) {
    const HTTPS: &str = "must begin with https:// in production";
    let secure = |text: &str| text.starts_with("https://");
    found.unless(
        secure(&config.http.public_origin),
        "http.public_origin",
        HTTPS,
    );
    let origins = &config.runtime.cors_allow;
    found.unless(
        origins.iter().all(|origin| secure(origin)),
        "runtime.cors_allow",
        HTTPS,
    );
    if let Some(oidc) = &config.oidc {
        found.unless(secure(&oidc.issuer), "oidc.issuer", HTTPS);
        found.unless(secure(&oidc.jwks_url), "oidc.jwks_url", HTTPS);
    }
    found.unless(
        !config.sign_in.test,
        "sign_in.test",
        "is refused in production: anybody could be anybody",
    );
    found.unless(
        !config.store.url.expose_secret().contains(":memory:"),
        "store.url",
        "a database in memory forgets everything; production needs a file or PostgreSQL",
    );
    found.unless(
        !config.gateway.dev_loopback,
        "gateway.dev_loopback",
        "is refused in production",
    );
    let runtime = &config.runtime;
    found.unless(
        runtime.algorithm == Algorithm::RS256,
        "runtime.algorithm",
        "must be RS256 in production: with a shared secret every verifier could sign",
    );
    found.unless(
        runtime.hs256_secret.is_none(),
        "runtime.hs256_secret",
        "is refused in production",
    );
    found.unless(
        !runtime.enabled || !runtime.keys.is_empty(),
        "runtime.keys",
        "production needs an RSA private key (`openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`)",
    );
    for (name, set) in key_sets(config) {
        found.unless(
            !set.keys.is_empty(),
            &format!("{name}.keys"),
            "production needs a key that outlives a restart (`openssl rand -hex 32`)",
        );
    }
}

fn key_sets(config: &Config) -> [(&'static str, &KeySet); 3] {
    [
        ("gateway.tickets", &config.gateway.tickets),
        ("gateway.sealing", &config.gateway.sealing),
        ("gateway.keeping", &config.gateway.keeping),
    ]
}
