//! What calls mean. That they mean what they mean through the extension is shown by the extension's own tests, which run
//! against the service as well (`ext/run-tests.sh --service`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests fail as tests do"
)]

mod support;

use proptest::prelude::*;
use serde_json::{Value, json};
use support::{Answer, KEY, SECRET, Service};
use tokio::runtime::Runtime;

fn keys() -> Value {
    json!({"k1": KEY})
}

async fn seal(service: &Service, plain: &[u8], context: &Value) -> Answer {
    let arguments = json!([keys(), 2, plain.len(), context]);
    service
        .call("Vault/seal", &arguments, &[b"k1", plain])
        .await
}

async fn open(service: &Service, sealed: &str, context: &Value) -> Answer {
    let arguments = json!([keys(), 2, sealed.len(), context]);
    service
        .call("Vault/open", &arguments, &[b"k1", sealed.as_bytes()])
        .await
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Feature: external-scorm-bridge, Property 21: what was sealed opens in its own place, and in no other.
    #[test]
    fn sealing_over_the_service_is_undone_by_opening(plain in ".{0,200}", place in 0..1000_u32) {
        Runtime::new().unwrap().block_on(async {
            let service = Service::start().await;
            let context = json!([place, "cmi.suspend_data"]);
            let sealed = seal(&service, plain.as_bytes(), &context).await.json();
            let sealed = sealed.as_str().unwrap();
            assert_eq!(open(&service, sealed, &context).await.json(), json!(plain));
            let elsewhere = open(&service, sealed, &json!([place + 1, "cmi.suspend_data"])).await;
            assert_eq!((elsewhere.status, elsewhere.reason().as_str()), (422, "seal_forged"));
        });
    }

    /// Whatever a caller sends, the answer is a refusal with a reason.
    #[test]
    fn nonsense_is_refused_with_a_reason(content in prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        "\\[[-0-9,\\[\\]{}\": a-c]{0,40}\\]?\n.{0,20}".prop_map(String::into_bytes),
    ], function in prop_oneof![Just("Vault/seal"), Just("DataModel/replay"), Just("Gateway/serve"), Just("Manifest/parse")]) {
        Runtime::new().unwrap().block_on(async {
            let service = Service::start().await;
            let answer = service.send(&format!("/1/{function}"), SECRET, &content).await;
            assert!([400, 422].contains(&answer.status), "{answer:?}");
            assert!(!answer.reason().is_empty(), "{answer:?}");
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_has_class_reason_message_and_details() {
    let service = Service::start().await;
    let answer = service
        .call(
            "UrlPolicy/check",
            &json!([[], 23]),
            &[b"http://cdn.example.com/"],
        )
        .await;
    assert_eq!(answer.status, 422);
    let refusal = answer.json();
    assert_eq!(refusal["class"], "UrlException");
    assert_eq!(refusal["reason"], "url_scheme");
    assert_eq!(refusal["details"], json!({"scheme": "http"}));
    assert!(!refusal["message"].as_str().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_json_has_no_form_for_is_refused_with_its_place() {
    let service = Service::start().await;
    for (mark, reason) in [
        ("encoding", "input_encoding"),
        ("object", "input_value"),
        ("other", "input_value"),
    ] {
        let options = json!({"allow": ["a.example", {"\0": mark}]});
        let answer = service
            .call("UrlPolicy/__construct", &json!([options]), &[])
            .await;
        assert_eq!(answer.reason(), reason);
        assert_eq!(answer.json()["details"]["at"], "options.allow.1");
    }
    let unknown = service
        .call("UrlPolicy/__construct", &json!([{"\0": "more"}]), &[])
        .await;
    assert_eq!(
        (unknown.status, unknown.reason().as_str()),
        (400, "service_request")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_do_not_fit_the_call_are_refused() {
    let service = Service::start().await;
    let cases: [(&str, Value, &[&[u8]]); 7] = [
        ("Vault/isSealed", json!([]), &[]),
        ("Vault/isSealed", json!([5]), &[b"four"]),
        ("Vault/isSealed", json!([-1]), &[]),
        ("Vault/isSealed", json!(["text"]), &[b"text"]),
        ("Vault/isSealed", json!([4, 0]), &[b"four"]),
        ("Vault/isSealed", json!([3]), &[b"four"]),
        ("Vault/isSealed", json!({"value": 4}), &[b"four"]),
    ];
    for (function, arguments, texts) in cases {
        let answer = service.call(function, &arguments, texts).await;
        assert_eq!(
            (answer.status, answer.reason().as_str()),
            (400, "service_request"),
            "{arguments}"
        );
    }
    let many = json!([vec![0; 1_000_001]]);
    let answer = service.call("UrlPolicy/__construct", &many, &[]).await;
    assert_eq!(
        (answer.status, answer.reason().as_str()),
        (400, "service_request")
    );
}
