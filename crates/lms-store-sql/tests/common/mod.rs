//! A small school that the tests of this crate share.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(
    clippy::unwrap_used,
    reason = "a fixture that is not there ends the test"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use scormbridge_core::cmi;
use scormbridge_core::modscorm::ScoTree;
use scormbridge_lms::classroom::ports::{Store as _, Tx};
use scormbridge_lms::classroom::*;
use scormbridge_lms_store_sql::SqlStore;

/// Fresh bits, different in each call of this process.
pub struct Chance;

impl Entropy for Chance {
    fn bytes(&self) -> [u8; 16] {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
        // An odd multiplier permutes the numbers, so that ids do not come in order.
        count
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
            .to_be_bytes()
    }
}

pub const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub fn user(login: &str, role: Role) -> User {
    User {
        id: UserId::random(&Chance),
        login: login.to_owned(),
        display_name: format!("{login} name"),
        role,
        password_hash: None,
        identity: None,
        created_at: NOW,
    }
}

pub fn provider(n: u32) -> Provider {
    Provider {
        id: ProviderId::random(&Chance),
        name: format!("Provider {n}"),
        origin: format!("https://p{n}.example.org"),
        domain: format!("p{n}.example.org"),
        jwks_url: None,
        webhook_secret: Some(Sealed::new("sealed".to_owned())),
        status: ProviderStatus::Active,
        created_at: NOW,
    }
}

pub fn course(teacher: UserId, title: &str, provider: Option<ProviderId>) -> Course {
    let embedded = provider.is_some();
    Course {
        id: CourseId::random(&Chance),
        teacher,
        title: title.to_owned(),
        description: String::new(),
        launch_kind: if embedded {
            LaunchKind::WebEmbed
        } else {
            LaunchKind::None
        },
        launch_url: embedded.then(|| "https://p1.example.org/run".to_owned()),
        scopes: [Scope::ProgressWrite, Scope::GradeWrite]
            .into_iter()
            .collect(),
        provider,
        published: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn lesson(course: CourseId, position: u32) -> Lesson {
    Lesson {
        id: LessonId::random(&Chance),
        course,
        position,
        title: format!("Lesson {position}"),
        body: "Read this.".to_owned(),
    }
}

pub fn enrollment(course: CourseId, user: UserId) -> Enrollment {
    Enrollment {
        id: EnrollmentId::random(&Chance),
        course,
        user,
        status: EnrollmentStatus::Active,
        created_at: NOW,
    }
}

pub fn attempt(enrollment: &Enrollment, provider: Option<ProviderId>) -> Attempt {
    Attempt {
        id: AttemptId::random(&Chance),
        enrollment: enrollment.id,
        course: enrollment.course,
        user: enrollment.user,
        provider,
        assignment: None,
        mode: LaunchMode::Normal,
        status: AttemptStatus::Started,
        progress: 0,
        score: None,
        started_at: NOW,
        completed_at: None,
        last_activity_at: NOW,
    }
}

pub fn token(attempt: AttemptId) -> LaunchToken {
    LaunchToken {
        nonce: LaunchId::random(&Chance),
        attempt,
        audience: "https://p1.example.org".to_owned(),
        scopes: Scopes::default(),
        mode: LaunchMode::Normal,
        issued_at: NOW,
        expires_at: NOW.plus_ms(MAX_LAUNCH_LIFETIME_MS),
        used_at: None,
    }
}

pub fn session(user: UserId, byte: u8) -> Session {
    Session {
        token: TokenHash([byte; 32]),
        user,
        csrf: TokenHash([byte; 32]),
        created_at: NOW,
        expires_at: NOW.plus_ms(1000),
    }
}

pub fn external(provider: ProviderId, slug: &str) -> ExternalCourse {
    ExternalCourse {
        id: ExternalCourseId::random(&Chance),
        provider,
        slug: slug.to_owned(),
        title: format!("External {slug}"),
        created_at: NOW,
    }
}

pub fn version(course: ExternalCourseId, name: &str) -> CourseVersion {
    CourseVersion {
        id: VersionId::random(&Chance),
        external_course: course,
        version: name.to_owned(),
        launch_url: "https://p1.example.org/v".to_owned(),
        scopes: Scopes::default(),
        status: VersionStatus::Draft,
        created_at: NOW,
    }
}

pub fn target(course: CourseId, version: VersionId) -> AssignmentTarget {
    AssignmentTarget {
        id: TargetId::random(&Chance),
        course,
        assignment: AssignmentId::random(&Chance),
        version,
        created_at: NOW,
    }
}

pub fn event(course: CourseId, attempt: Option<AttemptId>, at: Timestamp) -> CourseEvent {
    CourseEvent {
        id: EventId::random(&Chance),
        course,
        attempt,
        kind: "course.progress".to_owned(),
        payload: r#"{"percent":10}"#.to_owned(),
        at,
        request_id: "r1".to_owned(),
    }
}

pub fn package(course: CourseId) -> ScormPackage {
    ScormPackage {
        course,
        manifest_url: "https://cdn.example.org/p/imsmanifest.xml".to_owned(),
        base_url: "https://cdn.example.org/p/".to_owned(),
        manifest_sha256: "0".repeat(64),
        tree: ScoTree {
            version: "SCORM_1.2".to_owned(),
            scoes: Vec::new(),
            launch: None,
            launch_sortorder: None,
            warnings: Vec::new(),
        },
        delivery: "direct".to_owned(),
        checked_at: NOW,
    }
}

pub fn scorm_launch(attempt: AttemptId) -> ScormLaunch {
    ScormLaunch {
        id: ScormLaunchId::random(&Chance),
        attempt,
        sco: "sco_1".to_owned(),
        mode: LaunchMode::Normal,
        session: cmi::Session::default(),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub fn history(launch: ScormLaunchId, first_seq: u64) -> ScormHistory {
    ScormHistory {
        launch,
        first_seq,
        part: 0,
        data: "sealed".to_owned(),
        created_at: NOW,
    }
}

pub fn track(element: &str, value: &str) -> ScormTrack {
    ScormTrack {
        sco: "sco_1".to_owned(),
        element: element.to_owned(),
        value: value.to_owned(),
    }
}

pub fn asset(attempt: AttemptId) -> Asset {
    Asset {
        id: AssetId::random(&Chance),
        attempt,
        name: "draw.png".to_owned(),
        content_type: "image/png".to_owned(),
        bytes: 10,
        announced_at: NOW,
        kept_at: None,
    }
}

/// Two teachers with a course each, a learner in the first one, and a stranger in none. Every table has a row.
pub struct School {
    pub teacher: User,
    pub other_teacher: User,
    pub learner: User,
    pub stranger: User,
    pub admin: User,
    pub provider: Provider,
    pub course: Course,
    pub other_course: Course,
    pub lesson: Lesson,
    pub enrollment: Enrollment,
    pub attempt: Attempt,
    pub token: LaunchToken,
    pub alias: Alias,
    pub external: ExternalCourse,
    pub version: CourseVersion,
    pub target: AssignmentTarget,
    pub event: CourseEvent,
    pub session: Session,
    pub scorm_launch: ScormLaunch,
    pub asset: Asset,
}

pub fn key(name: &str) -> IdempotencyKey {
    IdempotencyKey {
        scope: "test".to_owned(),
        key: name.to_owned(),
    }
}

impl School {
    pub async fn found(store: &SqlStore) -> Self {
        let teacher = user("teacher", Role::Teacher);
        let other_teacher = user("other-teacher", Role::Teacher);
        let learner = user("learner", Role::Student);
        let stranger = user("stranger", Role::Student);
        let admin = user("admin", Role::Admin);
        let provider = provider(1);
        let course = course(teacher.id, "Course", Some(provider.id));
        let other_course = self::course(other_teacher.id, "Other course", None);
        let lesson = lesson(course.id, 0);
        let enrollment = enrollment(course.id, learner.id);
        let attempt = attempt(&enrollment, Some(provider.id));
        let token = token(attempt.id);
        let alias = Alias::propose(provider.id, learner.id, &Chance, NOW);
        let external = external(provider.id, "one");
        let version = version(external.id, "1");
        let target = target(course.id, version.id);
        let event = event(course.id, Some(attempt.id), NOW);
        let session = session(learner.id, 7);
        let scorm_launch = scorm_launch(attempt.id);
        let asset = asset(attempt.id);

        let mut tx = store.begin(&Actor::Service).await.unwrap();
        for user in [&teacher, &other_teacher, &learner, &stranger, &admin] {
            tx.users().insert(user).await.unwrap();
        }
        tx.providers().insert(&provider).await.unwrap();
        tx.courses().insert(&course).await.unwrap();
        tx.courses().insert(&other_course).await.unwrap();
        tx.lessons().insert(&lesson).await.unwrap();
        tx.enrollments().insert(&enrollment).await.unwrap();
        tx.attempts().insert(&attempt).await.unwrap();
        tx.launches().insert(&token).await.unwrap();
        tx.aliases().ensure(&alias).await.unwrap();
        tx.registry().insert_course(&external).await.unwrap();
        tx.registry().insert_version(&version).await.unwrap();
        tx.targets().insert(&target).await.unwrap();
        tx.events().append(&event).await.unwrap();
        tx.checkpoints()
            .save(&checkpoint(attempt.id))
            .await
            .unwrap();
        tx.idempotency()
            .claim(&key("seed"), &[1; 32], NOW)
            .await
            .unwrap();
        tx.sessions().insert(&session).await.unwrap();
        tx.scorm().save_package(&package(course.id)).await.unwrap();
        tx.scorm().insert_launch(&scorm_launch).await.unwrap();
        tx.scorm()
            .save_tracks(attempt.id, &[track("cmi.location", "p1")], NOW)
            .await
            .unwrap();
        tx.scorm()
            .append_history(&history(scorm_launch.id, 1))
            .await
            .unwrap();
        tx.assets().insert(&asset).await.unwrap();
        tx.commit().await.unwrap();
        Self {
            teacher,
            other_teacher,
            learner,
            stranger,
            admin,
            provider,
            course,
            other_course,
            lesson,
            enrollment,
            attempt,
            token,
            alias,
            external,
            version,
            target,
            event,
            session,
            scorm_launch,
            asset,
        }
    }

    pub fn actor(&self, user: &User) -> Actor {
        Actor::person(user.id, user.role)
    }
}

pub fn checkpoint(attempt: AttemptId) -> Checkpoint {
    Checkpoint::new(attempt, "main", r#"{"level":3}"#.to_owned(), 1024, NOW).unwrap()
}

/// The server's own unit of work.
pub async fn service(store: &SqlStore) -> Box<dyn Tx> {
    store.begin(&Actor::Service).await.unwrap()
}
