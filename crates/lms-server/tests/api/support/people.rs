//! Browsers of signed-in people.

use axum::body::Body;
use axum::http::{Method, header};
use serde_json::{Value, json};

use super::{Answer, TestApp, request};

/// A browser: its cookies, and the value it repeats in `x-csrf-token`.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) session: String,
    pub(crate) csrf: String,
    pub(crate) user: String,
}

impl Browser {
    /// The browser after an answer that signed it in.
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(
            answer.status,
            200,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        let cookie = |name: &str| {
            let prefix = format!("{name}=");
            let lines = answer.headers.get_all(header::SET_COOKIE).iter();
            let line = lines
                .map(|line| line.to_str().unwrap())
                .find(|line| line.starts_with(&prefix))
                .unwrap();
            line[prefix.len()..].split(';').next().unwrap().to_owned()
        };
        let body = answer.json();
        assert_eq!(body["csrf_token"], cookie("csrf_token"));
        let user = body["user"]["id"].as_str().unwrap().to_owned();
        Self {
            session: cookie("lms_session"),
            csrf: cookie("csrf_token"),
            user,
        }
    }

    /// The cookie header.
    pub(crate) fn cookies(&self) -> String {
        format!("lms_session={}; csrf_token={}", self.session, self.csrf)
    }
}

impl TestApp {
    /// A browser of somebody with this login and role, by the test sign-in.
    pub(crate) async fn browser(&self, login: &str, role: &str) -> Browser {
        Browser::of(
            &self
                .post(
                    "/api/auth/test-sign-in",
                    &json!({"login": login, "role": role}),
                )
                .await,
        )
    }

    /// Asks as a page of this browser would.
    pub(crate) async fn by(
        &self,
        browser: &Browser,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let ask = request(method, path)
            .header("cookie", browser.cookies())
            .header("x-csrf-token", &browser.csrf)
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(ask.body(body).unwrap()).await
    }
}
