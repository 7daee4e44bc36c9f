//! The table of the runtime API: proof, scope and size of every endpoint. What is not in it is not served.

use axum::http::Method;
use scormbridge_lms::classroom::Scope;

/// What a caller must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A launch token in the body; the handler redeems it.
    Launch,
    /// A runtime token in `authorization`, with this scope if any; the gate verifies it.
    Runtime(Option<Scope>),
    /// A URL that `sign-url` signed; the handler verifies it.
    SignedUrl,
    /// A webhook's signature over the body; the handler verifies it.
    Webhook,
}

/// One endpoint.
#[derive(Debug)]
pub struct Endpoint {
    /// A word for logs, metrics and idempotency keys.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// The path, as the router matches it.
    pub path: &'static str,
    /// What a caller must show.
    pub proof: Proof,
    /// Longest body that is read, in bytes; 0 for none.
    pub body_bytes: usize,
}

/// Bytes of a body that holds a few numbers and names.
const SMALL: usize = 16 * 1024;

/// Every endpoint.
pub static ENDPOINTS: [Endpoint; 11] = [
    Endpoint {
        name: "exchange",
        method: Method::POST,
        path: "/api/runtime/auth/exchange",
        proof: Proof::Launch,
        body_bytes: SMALL,
    },
    Endpoint {
        name: "context",
        method: Method::GET,
        path: "/api/runtime/context",
        // Whoever was launched may know for what.
        proof: Proof::Runtime(None),
        body_bytes: 0,
    },
    Endpoint {
        name: "progress",
        method: Method::POST,
        path: "/api/runtime/progress",
        proof: Proof::Runtime(Some(Scope::ProgressWrite)),
        body_bytes: SMALL,
    },
    Endpoint {
        name: "grade",
        method: Method::POST,
        path: "/api/runtime/grade",
        proof: Proof::Runtime(Some(Scope::GradeWrite)),
        body_bytes: SMALL,
    },
    Endpoint {
        name: "events",
        method: Method::POST,
        path: "/api/runtime/events",
        proof: Proof::Runtime(Some(Scope::EventsWrite)),
        body_bytes: SMALL,
    },
    Endpoint {
        name: "checkpoint_save",
        method: Method::POST,
        path: "/api/runtime/checkpoint/save",
        proof: Proof::Runtime(Some(Scope::CheckpointWrite)),
        // Above the largest cap that can be configured, so that the answer names the cap.
        body_bytes: 1_048_576 + SMALL,
    },
    Endpoint {
        name: "checkpoint_load",
        method: Method::GET,
        path: "/api/runtime/checkpoint/load",
        proof: Proof::Runtime(Some(Scope::CheckpointRead)),
        body_bytes: 0,
    },
    Endpoint {
        name: "asset_sign_url",
        method: Method::POST,
        path: "/api/runtime/asset/sign-url",
        proof: Proof::Runtime(Some(Scope::FilesWrite)),
        body_bytes: SMALL,
    },
    Endpoint {
        name: "asset_upload",
        method: Method::PUT,
        path: "/api/runtime/asset/{token}",
        proof: Proof::SignedUrl,
        // The signed length rules; the handler streams and counts.
        body_bytes: 0,
    },
    Endpoint {
        name: "asset_download",
        method: Method::GET,
        path: "/api/runtime/asset/{token}",
        proof: Proof::SignedUrl,
        body_bytes: 0,
    },
    Endpoint {
        name: "outcomes",
        method: Method::POST,
        path: "/api/runtime/outcomes",
        proof: Proof::Webhook,
        body_bytes: SMALL,
    },
];

/// The endpoint that the router matched.
#[must_use]
pub fn find(method: &Method, path: &str) -> Option<&'static Endpoint> {
    ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.method == *method && endpoint.path == path)
}
