//! Packages behind https: whom the command believes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use std::{fs, net::TcpStream, path::PathBuf, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivateKeyDer};
use support::{Ran, cdn, command, package};
use tempfile::TempDir;

/// An authority of this test: its certificate in a file, and what it signs with.
struct Authority {
    _folder: TempDir,
    file: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("authority.pem");
        fs::write(&file, certificate.pem()).unwrap();
        Self {
            _folder: folder,
            file,
            issuer: Issuer::new(params, key),
        }
    }

    /// How a server for `name` introduces itself.
    fn server(&self, name: &str) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key);
        Arc::new(config.unwrap())
    }
}

/// Inspects a package at `localhost` whose server uses `config`, on a machine that trusts the authority in `trusted`.
fn inspect(config: Arc<ServerConfig>, trusted: Option<&Authority>) -> Ran {
    let folder = package();
    let port = cdn(folder.path(), move |stream: TcpStream| {
        StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream)
    });
    let nowhere = PathBuf::from("/nonexistent");
    command()
        .args([
            "inspect",
            "--json",
            "--dev-loopback",
            &format!("https://localhost:{port}/"),
        ])
        .env(
            "SSL_CERT_FILE",
            trusted.map_or(&nowhere, |authority| &authority.file),
        )
        .env("SSL_CERT_DIR", &nowhere)
        .output()
        .unwrap()
        .into()
}

#[test]
fn a_certificate_must_be_of_an_authority_that_the_system_trusts() {
    let (ours, other) = (Authority::new(), Authority::new());
    let ran = inspect(ours.server("localhost"), Some(&ours));
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    assert_eq!(ran.json()["title"], "Fire safety");

    for (config, trusted, why) in [
        (ours.server("localhost"), Some(&other), "another authority"),
        (
            ours.server("localhost"),
            None,
            "no authority at all: the built-in ones count, and this is none of them",
        ),
        (
            ours.server("cdn.example.com"),
            Some(&ours),
            "another host's certificate",
        ),
    ] {
        let ran = inspect(config, trusted);
        assert_eq!(
            (ran.status, &ran.json()["faults"][0]["code"]),
            (1, &"fetch_tls".into()),
            "{why}"
        );
    }
}
