//! The vectors of `tests/golden/jwt.json`, made by another implementation, and the laws of tokens.

use proptest::prelude::*;
use ring::rand::SystemRandom;
use serde::Deserialize;

use super::*;
use crate::classroom::{AliasId, AttemptId, CourseId, LaunchId, LaunchMode, ProviderId, Scope};

#[derive(Deserialize)]
struct Golden {
    issuer: String,
    now: i64,
    keys: Vec<GoldenKey>,
    jwks: Jwks,
    valid: Vec<Valid>,
    refused: Vec<Refused>,
    webhook: Webhook,
}

#[derive(Deserialize)]
struct GoldenKey {
    id: String,
    pem: Option<String>,
    secret: Option<String>,
}

#[derive(Deserialize)]
struct Valid {
    name: String,
    current: String,
    r#type: String,
    claims: Claims,
    token: String,
}

#[derive(Deserialize)]
struct Refused {
    name: String,
    r#type: String,
    token: String,
    reason: String,
}

#[derive(Deserialize)]
struct Webhook {
    secret: String,
    cases: Vec<WebhookCase>,
}

#[derive(Deserialize)]
struct WebhookCase {
    name: String,
    id: String,
    timestamp: String,
    signature: String,
    body: String,
    reason: Option<String>,
}

impl Golden {
    fn read() -> Self {
        let text = include_str!("../../../../tests/golden/jwt.json");
        serde_json::from_str(text).expect("the vectors are JSON")
    }

    fn sources(&self) -> Vec<(String, KeySource)> {
        let source = |key: &GoldenKey| match (&key.pem, &key.secret) {
            (Some(pem), None) => KeySource::RsaPem(pem.clone()),
            (None, Some(secret)) => KeySource::Secret(secret.clone().into_bytes()),
            _ => panic!("{}: a key is either RSA or a secret", key.id),
        };
        self.keys
            .iter()
            .map(|key| (key.id.clone(), source(key)))
            .collect()
    }

    fn keys(&self, current: &str) -> TokenKeys {
        TokenKeys::new(self.sources(), current, Stage::Development).expect("keys")
    }

    fn pem(&self, id: &str) -> KeySource {
        let key = self.keys.iter().find(|key| key.id == id).expect("key");
        KeySource::RsaPem(key.pem.clone().expect("RSA key"))
    }

    fn public(&self, id: &str) -> KeySource {
        let key = self
            .jwks
            .keys
            .iter()
            .find(|key| key.kid == id)
            .expect("key");
        KeySource::RsaPublic {
            n: key.n.clone(),
            e: key.e.clone(),
        }
    }
}

fn typ(name: &str) -> TokenType {
    match name {
        "launch" => TokenType::Launch,
        "runtime" => TokenType::Runtime,
        other => panic!("no type {other}"),
    }
}

#[test]
fn the_vectors_are_issued_byte_for_byte_and_verified() {
    let golden = Golden::read();
    for case in &golden.valid {
        let keys = golden.keys(&case.current);
        let typ = typ(&case.r#type);
        let issued = keys.issue(typ, &case.claims, &SystemRandom::new());
        assert_eq!(issued.as_ref(), Ok(&case.token), "{}", case.name);
        let claims = keys.verify(typ, &case.token, &golden.issuer, golden.now);
        assert_eq!(claims.as_ref(), Ok(&case.claims), "{}", case.name);
    }
    assert!(golden.valid.len() >= 5);
}

#[test]
fn every_faulty_token_is_refused_for_its_own_reason() {
    let golden = Golden::read();
    let keys = golden.keys("2026-10");
    for case in &golden.refused {
        let refused = keys
            .verify(typ(&case.r#type), &case.token, &golden.issuer, golden.now)
            .map_err(|error| error.reason());
        assert_eq!(refused, Err(case.reason.as_str()), "{}", case.name);
    }
    assert!(golden.refused.len() >= 50);
}

#[test]
fn a_claim_that_breaks_a_rule_is_not_signed_either() {
    let golden = Golden::read();
    let keys = golden.keys("2026-10");
    let good = &golden.valid[0].claims;
    let too_long = Claims {
        exp: good.iat + MAX_LAUNCH_SECONDS + 1,
        ..good.clone()
    };
    let nowhere = Claims {
        aud: "null".to_owned(),
        ..good.clone()
    };
    let random = SystemRandom::new();
    assert_eq!(
        keys.issue(TokenType::Launch, &too_long, &random),
        Err(TokenError::Lifetime { limit: 600 })
    );
    assert_eq!(
        keys.issue(TokenType::Launch, &nowhere, &random),
        Err(TokenError::Claim { claim: "aud" })
    );
}

#[test]
fn a_token_counts_for_its_audience_and_scopes_only() {
    let claims = &Golden::read().valid[0].claims;
    assert_eq!(claims.check_audience("https://games.example.com"), Ok(()));
    for other in [
        "https://games.example.com:8443",
        "http://games.example.com",
        "null",
        "",
    ] {
        assert_eq!(claims.check_audience(other), Err(TokenError::Audience));
    }
    for scope in Scope::ALL {
        let permitted = claims.check_scope(scope).is_ok();
        assert_eq!(permitted, claims.scopes.allows(scope), "{}", scope.name());
    }
}

#[test]
fn the_key_document_shows_public_halves_and_no_secret() {
    let golden = Golden::read();
    assert_eq!(golden.keys("2026-10").jwks(), golden.jwks);
}

#[test]
fn a_rotation_refuses_no_token_at_any_step() {
    let golden = Golden::read();
    let old = &golden.valid[3];
    let new = &golden.valid[0];
    let steps: [(&str, Vec<(&str, KeySource)>); 3] = [
        (
            "2026-04",
            vec![
                ("2026-04", golden.pem("2026-04")),
                ("2026-10", golden.public("2026-10")),
            ],
        ),
        (
            "2026-10",
            vec![
                ("2026-04", golden.pem("2026-04")),
                ("2026-10", golden.pem("2026-10")),
            ],
        ),
        (
            "2026-10",
            vec![
                ("2026-04", golden.public("2026-04")),
                ("2026-10", golden.pem("2026-10")),
            ],
        ),
    ];
    for (current, sources) in steps {
        let sources = sources
            .into_iter()
            .map(|(id, source)| (id.to_owned(), source))
            .collect();
        let keys = TokenKeys::new(sources, current, Stage::Production).expect("keys");
        assert_eq!(keys.jwks(), golden.jwks, "the key document stays as it was");
        for case in [old, new] {
            let claims = keys.verify(TokenType::Launch, &case.token, &golden.issuer, golden.now);
            assert_eq!(claims.as_ref(), Ok(&case.claims), "{}", case.name);
        }
    }
    let last = vec![("2026-10".to_owned(), golden.pem("2026-10"))];
    let keys = TokenKeys::new(last, "2026-10", Stage::Production).expect("keys");
    let refused = keys.verify(TokenType::Launch, &old.token, &golden.issuer, golden.now);
    assert_eq!(refused, Err(TokenError::UnknownKey));
}

#[test]
fn wrong_keys_are_refused_with_a_reason() {
    let golden = Golden::read();
    let key = |id: &str, source| vec![(id.to_owned(), source)];
    let secret = |length| KeySource::Secret(vec![7; length]);
    let cases = [
        (key("a b", golden.pem("2026-10")), "a b", "key_id"),
        (key("", golden.pem("2026-10")), "", "key_id"),
        (
            vec![
                ("k".to_owned(), golden.pem("2026-10")),
                ("k".to_owned(), golden.pem("2026-04")),
            ],
            "k",
            "key_duplicate",
        ),
        (key("k", golden.pem("2026-10")), "other", "key_current"),
        (key("k", golden.public("2026-10")), "k", "key_current"),
        (
            key("k", KeySource::RsaPem("none".to_owned())),
            "k",
            "key_rsa",
        ),
        (
            key(
                "k",
                KeySource::RsaPublic {
                    n: "AQAB".to_owned(),
                    e: "AQAB".to_owned(),
                },
            ),
            "k",
            "key_public",
        ),
        (key("k", secret(31)), "k", "key_short"),
    ];
    for (sources, current, reason) in cases {
        let refused = TokenKeys::new(sources, current, Stage::Development);
        assert_eq!(refused.err().map(|e| e.reason()), Some(reason));
    }
    let refused = TokenKeys::new(key("k", secret(32)), "k", Stage::Production);
    assert_eq!(
        refused.err().map(|e| e.reason()),
        Some("key_secret_in_production")
    );
}

#[test]
fn webhooks_count_only_when_signed_now_by_this_provider() {
    let golden = Golden::read();
    let vectors = &golden.webhook;
    let key = WebhookKey::new(&vectors.secret).expect("secret");
    for case in &vectors.cases {
        let verified = key.verify(
            &case.id,
            &case.timestamp,
            &case.signature,
            case.body.as_bytes(),
            golden.now,
        );
        let reason = verified.err().map(|error| error.reason().to_owned());
        assert_eq!(reason, case.reason, "{}", case.name);
    }
    let first = &vectors.cases[0];
    let signed = key.sign(&first.id, golden.now, first.body.as_bytes());
    assert_eq!(signed, first.signature);
    let other = WebhookKey::new(&WebhookKey::secret(&[7; 32])).expect("a fresh secret");
    let body = first.body.as_bytes();
    let refused = other.verify(
        &first.id,
        &first.timestamp,
        &first.signature,
        body,
        golden.now,
    );
    assert_eq!(refused, Err(WebhookError::Forged));
    for secret in [
        "",
        "whsec_",
        "whsec_AAAA",
        "whsec_?",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(
            WebhookKey::new(secret).err(),
            Some(WebhookError::Secret),
            "{secret}"
        );
    }
}

prop_compose! {
    fn claims()(
        ids in any::<[u128; 5]>(),
        host in "[a-z]{1,20}",
        iat in 0..4_000_000_000_i64,
        seconds in 1..=MAX_LAUNCH_SECONDS,
        scopes in prop::sample::subsequence(Scope::ALL.to_vec(), 0..=6),
        mode in prop::sample::select(vec![LaunchMode::Normal, LaunchMode::Browse, LaunchMode::Review]),
    ) -> Claims {
        let [sub, nonce, attempt, course, provider] = ids;
        Claims {
            iss: "https://lms.example.org".to_owned(),
            aud: format!("https://{host}.example"),
            sub: AliasId::from_bits(sub),
            nonce: LaunchId::from_bits(nonce),
            iat,
            exp: iat + seconds,
            attempt: AttemptId::from_bits(attempt),
            course: CourseId::from_bits(course),
            provider: ProviderId::from_bits(provider),
            scopes: scopes.into_iter().collect(),
            mode,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_issued_is_read_back_until_the_second_it_expires(claims in claims()) {
        let keys = Golden::read().keys("dev");
        let token = keys.issue(TokenType::Launch, &claims, &SystemRandom::new());
        let token = token.expect("well-formed claims are signed");
        let at = |now| keys.verify(TokenType::Launch, &token, &claims.iss, now);
        prop_assert_eq!(at(claims.iat), Ok(claims.clone()));
        prop_assert_eq!(at(claims.exp - 1), Ok(claims.clone()));
        prop_assert_eq!(at(claims.exp), Err(TokenError::Expired));
    }

    #[test]
    fn no_changed_byte_goes_unnoticed(claims in claims(), at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let keys = Golden::read().keys("dev");
        let token = keys.issue(TokenType::Launch, &claims, &SystemRandom::new());
        let token = token.expect("well-formed claims are signed");
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != token);
        prop_assert!(keys.verify(TokenType::Launch, &changed, &claims.iss, claims.iat).is_err());
    }

    #[test]
    fn no_text_makes_the_reader_fail_otherwise_than_by_refusing(text in "\\PC{0,200}") {
        let golden = Golden::read();
        let keys = golden.keys("dev");
        prop_assert!(keys.verify(TokenType::Launch, &text, &golden.issuer, golden.now).is_err());
    }
}
