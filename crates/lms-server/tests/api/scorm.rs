//! SCORM on the server: launch, journal, resume, and what becomes of the attempt; on each engine.

use axum::http::Method;
use scormbridge_core::modscorm::{ScoRow, ScoTree};
use scormbridge_lms::classroom::ports::Store;
use scormbridge_lms::classroom::{Actor, ScormPackage, Timestamp};
use serde_json::{Value, json};

use crate::support::{Browser, TestApp, settings};

/// A learner enrolled in a SCORM 1.2 course of one SCO, whose package nobody has to fetch.
pub(super) struct Course {
    pub(super) learner: Browser,
    pub(super) teacher: Browser,
    pub(super) enrollment: String,
    pub(super) course: String,
}

pub(super) async fn course(app: &TestApp, store: &dyn Store) -> Course {
    let teacher = app.browser("ada", "teacher").await;
    let learner = app.browser("kim", "student").await;
    let body = json!({
        "title": "Bees", "launch_kind": "scorm", "published": true,
        "launch_url": "https://cdn.example/bees/imsmanifest.xml",
    });
    let made = app
        .by(&teacher, Method::POST, "/api/courses", Some(&body))
        .await;
    let course = made.json()["id"].as_str().unwrap().to_owned();
    let sco = ScoRow {
        organization: "bees".to_owned(),
        identifier: "sco".to_owned(),
        launch: "index.html".to_owned(),
        scormtype: "sco".to_owned(),
        title: "Bees".to_owned(),
        sortorder: 2,
        ..ScoRow::default()
    };
    let package = ScormPackage {
        course: course.parse().unwrap(),
        manifest_url: "https://cdn.example/bees/imsmanifest.xml".to_owned(),
        base_url: "https://cdn.example/bees/".to_owned(),
        manifest_sha256: "0".repeat(64),
        tree: ScoTree {
            version: "SCORM_1.2".to_owned(),
            scoes: vec![sco],
            launch: Some("sco".to_owned()),
            launch_sortorder: Some(2),
            warnings: Vec::new(),
        },
        delivery: "sandbox".to_owned(),
        checked_at: Timestamp(0),
    };
    let mut tx = store.begin(&Actor::Service).await.unwrap();
    tx.scorm().save_package(&package).await.unwrap();
    tx.commit().await.unwrap();
    let path = format!("/api/courses/{course}/enrollments");
    let joined = app
        .by(&learner, Method::POST, &path, Some(&json!({})))
        .await;
    let enrollment = joined.json()["id"].as_str().unwrap().to_owned();
    Course {
        learner,
        teacher,
        enrollment,
        course,
    }
}

impl Course {
    pub(super) async fn launch(&self, app: &TestApp, request: &Value) -> Value {
        let path = format!("/api/enrollments/{}/scorm-launches", self.enrollment);
        let answer = app
            .by(&self.learner, Method::POST, &path, Some(request))
            .await;
        assert_eq!(
            answer.status,
            201,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }

    /// Makes the package one of several SCOs (SCORM 2004), with control modes and what else the manifest says of each.
    async fn lay_out(
        &self,
        store: &dyn Store,
        modes: &[(&str, &str)],
        scoes: &[(&str, &[(&str, &str)])],
    ) {
        let row = |identifier: &str, parent: &str, sortorder: u32, data: &[(&str, &str)]| ScoRow {
            organization: if parent == "/" { "" } else { "bees" }.to_owned(),
            parent: parent.to_owned(),
            identifier: identifier.to_owned(),
            launch: if parent == "/" { "" } else { "index.html" }.to_owned(),
            scormtype: if parent == "/" { "" } else { "sco" }.to_owned(),
            title: identifier.to_owned(),
            sortorder,
            data: data
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..ScoRow::default()
        };
        let parts = (2..)
            .zip(scoes)
            .map(|(at, (identifier, data))| row(identifier, "bees", at, data));
        let tree = ScoTree {
            version: "SCORM_1.3".to_owned(),
            scoes: std::iter::once(row("bees", "/", 1, modes))
                .chain(parts)
                .collect(),
            launch: Some("a".to_owned()),
            launch_sortorder: Some(2),
            warnings: Vec::new(),
        };
        let mut tx = store.begin(&Actor::Service).await.unwrap();
        let id = self.course.parse().unwrap();
        let package = tx.scorm().find_package(id).await.unwrap().unwrap();
        tx.scorm()
            .save_package(&ScormPackage { tree, ..package })
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn attempts(&self, app: &TestApp) -> Value {
        let path = format!("/api/courses/{}/attempts", self.course);
        app.by(&self.teacher, Method::GET, &path, None).await.json()["items"].clone()
    }
}

pub(super) fn commit_path(stage: &Value) -> String {
    format!(
        "/api/scorm/launches/{}/commit",
        stage["launch"].as_str().unwrap()
    )
}

pub(super) fn set(seq: u64, element: &str, value: &str) -> Value {
    json!({"seq": seq, "op": "set", "element": element, "value": value, "at": 0})
}

pub(super) fn element<'a>(stage: &'a Value, name: &str) -> Option<&'a str> {
    let elements = stage["seed"]["elements"].as_array().unwrap();
    elements
        .iter()
        .find(|pair| pair[0] == name)
        .map(|pair| pair[1].as_str().unwrap())
}

#[tokio::test]
async fn what_a_sco_stores_is_there_when_the_learner_comes_back() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let first = it.launch(&app, &json!({})).await;
        assert_eq!(first["frame"]["origin"], "null", "sandboxed");
        assert_eq!(element(&first, "cmi.core.entry"), Some("ab-initio"));
        let batch = json!([
            {"seq": 1, "op": "initialize", "at": 0},
            set(2, "cmi.core.lesson_status", "incomplete"),
            set(3, "cmi.suspend_data", "page 3"),
            set(4, "cmi.core.student_id", "somebody else"),
            set(5, "cmi.core.exit", "suspend"),
            {"seq": 6, "op": "terminate", "at": 0},
        ]);
        let answer = app
            .by(
                &it.learner,
                Method::POST,
                &commit_path(&first),
                Some(&batch),
            )
            .await
            .json();
        assert_eq!(
            (&answer["ack"], &answer["status"]),
            (&json!(6), &json!("terminated"))
        );
        assert_eq!(answer["refused"][0]["seq"], 4);
        // The answer was lost and the batch comes again.
        let again = app
            .by(
                &it.learner,
                Method::POST,
                &commit_path(&first),
                Some(&batch),
            )
            .await
            .json();
        assert_eq!(again["ack"], 6);

        let second = it.launch(&app, &json!({"sco": "sco"})).await;
        assert_eq!(element(&second, "cmi.suspend_data"), Some("page 3"));
        assert_eq!(element(&second, "cmi.core.entry"), Some("resume"));
        let mut tx = store.store.read(&Actor::Service).await.unwrap();
        let id = it.attempts(&app).await[0]["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let tracks = tx.scorm().tracks(id, None).await.unwrap();
        let stored = tracks
            .iter()
            .find(|track| track.element == "cmi.suspend_data")
            .unwrap();
        assert!(
            !stored.value.contains("page 3"),
            "what learners write is sealed"
        );
    }
}

#[tokio::test]
async fn the_data_model_grades_the_attempt_and_a_finished_one_can_be_looked_back_at() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let batch = json!([
            {"seq": 1, "op": "initialize", "at": 0},
            set(2, "cmi.core.score.raw", "80"),
            set(3, "cmi.core.lesson_status", "passed"),
            {"seq": 4, "op": "commit", "at": 0},
        ]);
        app.by(
            &it.learner,
            Method::POST,
            &commit_path(&stage),
            Some(&batch),
        )
        .await;
        let attempt = it.attempts(&app).await[0].clone();
        assert_eq!(
            (&attempt["status"], &attempt["progress"]),
            (&json!("passed"), &json!(100))
        );
        let review = it.launch(&app, &json!({"mode": "review"})).await;
        assert_eq!(review["seed"]["mode"], "review");
        let tamper =
            json!([{"seq": 1, "op": "initialize", "at": 0}, set(2, "cmi.core.score.raw", "100")]);
        app.by(
            &it.learner,
            Method::POST,
            &commit_path(&review),
            Some(&tamper),
        )
        .await;
        assert_eq!(
            it.attempts(&app).await[0]["score"],
            attempt["score"],
            "nothing of a review is kept"
        );
    }
}

#[tokio::test]
async fn a_journal_is_refused_as_a_whole_or_not_at_all() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let stage = it.launch(&app, &json!({})).await;
        let path = commit_path(&stage);
        let initialize = json!([{"seq": 1, "op": "initialize", "at": 0}]);
        let other = app.browser("eve", "student").await;
        app.by(&other, Method::POST, &path, Some(&initialize))
            .await
            .problem(404);
        let gap = json!([set(2, "cmi.suspend_data", "x")]);
        let code = app
            .by(&it.learner, Method::POST, &path, Some(&gap))
            .await
            .problem(409);
        assert_eq!(code, "journal_gap");
        let surplus = json!([{"seq": 1, "op": "initialize", "value": "x", "at": 0}]);
        app.by(&it.learner, Method::POST, &path, Some(&surplus))
            .await
            .problem(400);
        app.by(&it.learner, Method::POST, &path, Some(&json!({})))
            .await
            .problem(400);
        let answer = app
            .by(&it.learner, Method::POST, &path, Some(&initialize))
            .await
            .json();
        assert_eq!(answer["ack"], 1, "nothing of the refused batches counted");
    }
}

#[tokio::test]
async fn a_sco_is_told_where_it_may_send_the_learner() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        it.lay_out(
            &store.store,
            &[("flow", "1"), ("forwardonly", "1")],
            &[
                ("a", &[]),
                ("b", &[("hidecontinue", "1")]),
                ("c", &[("isvisible", "false")]),
            ],
        )
        .await;
        let navigation = it.launch(&app, &json!({"sco": "b"})).await["navigation"].clone();
        let page = |sco: &str| format!("/learn/{}?sco={sco}", it.enrollment);
        assert!(
            navigation["next"].as_str().unwrap().contains(&page("c")),
            "{navigation}"
        );
        assert_eq!(navigation["previous"], "", "the package only goes forward");
        let may = |n: usize| {
            let target = &navigation["targets"][n];
            (
                target["sco"].as_str().unwrap(),
                target["choice"].as_bool().unwrap(),
            )
        };
        assert_eq!(
            [may(0), may(1), may(2)],
            [("a", false), ("b", true), ("c", true)]
        );

        let player = app.by(&it.learner, Method::GET, &page("b"), None).await;
        let text = String::from_utf8(player.body).unwrap();
        assert!(
            !text.contains("rel=\"next\""),
            "the package has a control of its own"
        );
        assert!(
            !text.contains(&page("a")),
            "what may not be chosen is no link"
        );
        assert!(text.contains("cannot be chosen") && !text.contains(&page("c")));
    }
}

#[tokio::test]
async fn a_sco_that_may_not_be_chosen_is_not_opened_by_its_address() {
    for (app, store) in TestApp::each(settings).await {
        let it = course(&app, &store.store).await;
        let modes = [("choice", "0"), ("flow", "1")];
        it.lay_out(&store.store, &modes, &[("a", &[]), ("b", &[]), ("c", &[])])
            .await;
        let typed = format!("/learn/{}?sco=b", it.enrollment);
        let page = app.by(&it.learner, Method::GET, &typed, None).await;
        let text = String::from_utf8(page.body).unwrap();
        assert_eq!(page.status, 403);
        assert!(
            text.contains("This part cannot be opened by its address"),
            "{text}"
        );
        let launches = format!("/api/enrollments/{}/scorm-launches", it.enrollment);
        let launch = async |body: Value| {
            app.by(&it.learner, Method::POST, &launches, Some(&body))
                .await
        };
        for way in [json!(null), json!("0".repeat(32))] {
            let refused = launch(json!({"sco": "b", "way": way})).await;
            assert_eq!(refused.problem(403), "sco_not_offered");
        }
        launch(json!({"sco": "nowhere"})).await.problem(404);
        let unknown = format!("/learn/{}?sco=nowhere", it.enrollment);
        assert_eq!(
            app.by(&it.learner, Method::GET, &unknown, None)
                .await
                .status,
            404
        );

        // On from the first, by the way that the site offers there.
        let stage = it.launch(&app, &json!({"sco": "a"})).await;
        let next = stage["navigation"]["next"].as_str().unwrap().to_owned();
        let path = next.strip_prefix("http://localhost:8080").unwrap();
        assert_eq!(
            app.by(&it.learner, Method::GET, path, None).await.status,
            200
        );
        let way = path.rsplit_once("way=").unwrap().1;
        assert_eq!(launch(json!({"sco": "b", "way": way})).await.status, 201);
        assert_eq!(
            launch(json!({"sco": "c", "way": way})).await.problem(403),
            "sco_not_offered"
        );
    }
}
