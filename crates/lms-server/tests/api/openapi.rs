//! Claims about every operation of the OpenAPI document, so that a new one cannot be forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, request};

/// What needs neither a session nor a token in its header, with the one reason why.
const PUBLIC: [(&str, &str); 8] = [
    ("GET /.well-known/jwks.json", "public keys"),
    (
        "GET /api/runtime/asset/{token}",
        "the token in its path is the proof",
    ),
    ("POST /api/auth/sign-in", "who signs in is nobody yet"),
    (
        "POST /api/auth/test-sign-in",
        "the same; refuses itself unless switched on",
    ),
    (
        "POST /api/runtime/auth/exchange",
        "the launch token in its body is the proof",
    ),
    (
        "POST /api/runtime/outcomes",
        "the signature over its body is the proof",
    ),
    (
        "POST /api/scorm/beacon",
        "the ticket in its body is the proof",
    ),
    (
        "PUT /api/runtime/asset/{token}",
        "the token in its path is the proof",
    ),
];

pub(crate) struct Operation {
    pub(crate) name: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Names of the accepted proofs; empty: none is needed.
    pub(crate) proofs: Vec<String>,
    pub(crate) value: Value,
}

/// Every operation, with ids in its path that nothing has.
pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(lms_server::openapi()).unwrap();
    let mut found = Vec::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, value) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else {
                continue;
            };
            let mut path = String::new();
            for piece in template.split('/').skip(1) {
                path.push('/');
                path.push_str(if piece.starts_with('{') {
                    "0123456789abcdef0123456789abcdef"
                } else {
                    piece
                });
            }
            let schemes = value["security"].as_array().cloned().unwrap_or_default();
            let open = schemes
                .iter()
                .any(|scheme| scheme.as_object().unwrap().is_empty());
            let names = schemes
                .iter()
                .flat_map(|scheme| scheme.as_object().unwrap().keys().cloned());
            let proofs = if open { Vec::new() } else { names.collect() };
            found.push(Operation {
                name: format!("{method} {template}"),
                method,
                path,
                proofs,
                value: value.clone(),
            });
        }
    }
    assert!(found.len() >= 25, "only {} operations", found.len());
    found
}

/// The runtime API and the beacon look at no cookie: their callers come from other origins, with proofs of their own.
fn for_people(operation: &Operation) -> bool {
    !operation.path.starts_with("/api/runtime/") && operation.path != "/api/scorm/beacon"
}

fn body(operation: &Operation) -> Body {
    if operation.value.get("requestBody").is_some() {
        Body::from("{}")
    } else {
        Body::empty()
    }
}

#[test]
fn only_the_listed_operations_are_open_to_anybody() {
    let mut open: Vec<String> = operations()
        .into_iter()
        .filter(|operation| operation.proofs.is_empty())
        .map(|it| it.name)
        .collect();
    open.sort();
    assert_eq!(open, PUBLIC.map(|(name, _)| name));
}

#[tokio::test]
async fn without_a_proof_every_operation_refuses_before_it_asks_the_store() {
    let app = TestApp::without_store();
    let mut asked = 0;
    for operation in operations()
        .iter()
        .filter(|operation| !operation.proofs.is_empty())
    {
        let ask = request(operation.method.clone(), &operation.path)
            .header("content-type", "application/json");
        let answer = app.send(ask.body(body(operation)).unwrap()).await;
        assert!(
            matches!(answer.status.as_u16(), 401 | 403),
            "{}: {}",
            operation.name,
            answer.status
        );
        answer.problem(answer.status.as_u16());
        asked += 1;
    }
    println!("{asked} operations refuse without a proof");
}

#[tokio::test]
async fn an_operation_whose_proof_is_in_the_message_refuses_a_message_without_one() {
    let app = TestApp::without_store();
    for operation in operations()
        .iter()
        .filter(|it| it.proofs.is_empty() && !for_people(it))
    {
        let ask = request(operation.method.clone(), &operation.path)
            .header("content-type", "application/json");
        let answer = app.send(ask.body(body(operation)).unwrap()).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 401 | 403 | 415 | 422),
            "{}: {}",
            operation.name,
            answer.status
        );
        answer.problem(answer.status.as_u16());
    }
}

#[tokio::test]
async fn with_a_forged_bearer_token_every_operation_refuses() {
    let app = TestApp::without_store();
    let tokens = [
        "x".to_owned(),
        "x".repeat(9_000),
        // {"alg":"none"} and {"sub":"admin"}, unsigned.
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.".to_owned(),
    ];
    let mut asked = 0;
    for operation in operations()
        .iter()
        .filter(|operation| !operation.proofs.is_empty())
    {
        for token in &tokens {
            let ask = request(operation.method.clone(), &operation.path)
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {token}"));
            let answer = app.send(ask.body(body(operation)).unwrap()).await;
            assert!(
                matches!(answer.status.as_u16(), 401 | 403),
                "{}: {}",
                operation.name,
                answer.status
            );
            answer.problem(answer.status.as_u16());
            asked += 1;
        }
    }
    println!("{asked} forged requests are refused");
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused_everywhere() {
    let app = TestApp::without_store();
    let mut asked = 0;
    for operation in operations()
        .iter()
        .filter(|it| for_people(it) && it.method != Method::GET)
    {
        for (header, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let ask = request(operation.method.clone(), &operation.path)
                .header("content-type", "application/json")
                .header(header, value);
            let answer = app.send(ask.body(body(operation)).unwrap()).await;
            assert_eq!(answer.problem(403), "cross_site", "{}", operation.name);
            asked += 1;
        }
    }
    println!("{asked} cross-site changes are refused");
}

#[test]
fn every_operation_documents_the_refusals_that_its_layers_give() {
    for operation in operations() {
        let responses = operation.value["responses"].as_object().unwrap();
        let mut expected = vec!["429", "503"];
        if !operation.proofs.is_empty() {
            expected.extend(["401", "403"]);
        }
        if operation.value.get("requestBody").is_some() {
            expected.extend(["400", "413", "415", "422"]);
        }
        for status in expected {
            let content = &responses.get(status).unwrap_or(&json!(null))["content"];
            assert!(
                content.get("application/problem+json").is_some(),
                "{} lacks {status}",
                operation.name
            );
        }
    }
}

/// Every Rust file below a folder.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(kind) if kind == "rs" => vec![std::fs::read_to_string(&path).unwrap()],
            _ => Vec::new(),
        })
        .collect()
}

/// Of two schemas of one name the document silently keeps one.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut seen = BTreeSet::new();
    for source in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for item in source.split("ToSchema)]").skip(1) {
            let mut words = item.split(|c: char| !c.is_alphanumeric() && c != '_');
            let ahead = item.lines().take_while(|line| !line.ends_with('{'));
            let renamed = ahead
                .filter_map(|line| line.strip_prefix("#[schema(as = "))
                .find_map(|rest| rest.split(')').next());
            let own = words
                .find(|word| ["struct", "enum"].contains(word))
                .and_then(|_| words.next());
            let name = renamed.or(own).unwrap().to_owned();
            assert!(seen.insert(name.clone()), "{name} is there twice");
        }
    }
    let document = serde_json::to_value(lms_server::openapi()).unwrap();
    let published = document["components"]["schemas"].as_object().unwrap();
    let known = published.keys().filter(|name| seen.contains(*name)).count();
    assert!(known > 50, "only {known} of {} were found", published.len());
}

#[tokio::test]
async fn the_served_document_is_the_checked_in_one() {
    let document = serde_json::to_value(lms_server::openapi()).unwrap();
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == text,
        "docs/openapi.json is not what the handlers say; run this test with UPDATE_OPENAPI=1"
    );
    assert_eq!(document["openapi"], "3.1.0");
    let served = TestApp::without_store().get("/api/openapi.json").await;
    assert_eq!(served.status, 200);
    assert!(
        served.json() == document,
        "the server was built with an older docs/openapi.json"
    );
}
