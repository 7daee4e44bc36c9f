//! The laws of an attempt, for every sequence of reports that can come.

use proptest::prelude::*;
use scormbridge_lms::classroom::*;

#[derive(Debug, Clone, Copy)]
enum Report {
    Progress(u8),
    Grade(f64, f64),
    Complete(Outcome),
    Abandon,
    Observe(u8, Option<Outcome>),
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Completed),
        Just(Outcome::Passed),
        Just(Outcome::Failed)
    ]
}

fn reports() -> impl Strategy<Value = Report> {
    prop_oneof![
        6 => any::<u8>().prop_map(Report::Progress),
        4 => (-1.0..12.0, 0.0..12.0).prop_map(|(raw, max)| Report::Grade(raw, max)),
        1 => outcomes().prop_map(Report::Complete),
        1 => Just(Report::Abandon),
        2 => (any::<u8>(), proptest::option::of(outcomes())).prop_map(|(p, o)| Report::Observe(p, o)),
    ]
}

fn modes() -> impl Strategy<Value = LaunchMode> {
    prop_oneof![
        6 => Just(LaunchMode::Normal),
        1 => Just(LaunchMode::Browse),
        1 => Just(LaunchMode::Review),
    ]
}

fn fresh(mode: LaunchMode) -> Attempt {
    Attempt {
        id: AttemptId::from_bits(1),
        enrollment: EnrollmentId::from_bits(2),
        course: CourseId::from_bits(3),
        user: UserId::from_bits(4),
        provider: None,
        assignment: None,
        mode,
        status: AttemptStatus::Started,
        progress: 0,
        score: None,
        started_at: Timestamp(0),
        completed_at: None,
        last_activity_at: Timestamp(0),
    }
}

fn apply(attempt: &mut Attempt, report: Report, now: Timestamp) -> Result<(), AttemptError> {
    match report {
        Report::Progress(percent) => attempt.report_progress(percent, now),
        Report::Grade(raw, max) => attempt.report_grade(Score::new(raw, max)?, now),
        Report::Complete(outcome) => attempt.complete(outcome, now),
        Report::Abandon => attempt.abandon(now),
        Report::Observe(progress, outcome) => attempt.observe(
            &Observed {
                progress,
                outcome,
                score: None,
            },
            now,
        ),
    }
}

fn scaled(attempt: &Attempt) -> f64 {
    attempt.score.map_or(-1.0, |score| score.scaled())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn progress_grade_and_time_never_go_backwards(
        mode in modes(),
        reports in proptest::collection::vec((reports(), -5_i64..50), 0..40),
    ) {
        let mut attempt = fresh(mode);
        for (report, at) in reports {
            let before = attempt.clone();
            let done = apply(&mut attempt, report, Timestamp(at));
            prop_assert!(attempt.progress >= before.progress && attempt.progress <= 100);
            prop_assert!(scaled(&attempt) >= scaled(&before));
            prop_assert!(attempt.last_activity_at >= before.last_activity_at);
            prop_assert_eq!(attempt.status.is_closed(), attempt.completed_at.is_some());
            if before.completed_at.is_some() {
                prop_assert_eq!(attempt.completed_at, before.completed_at, "the end is set once");
            }
            if done.is_err() {
                prop_assert_eq!(&attempt, &before, "a refused report changes nothing");
            }
        }
    }

    #[test]
    fn a_runtime_that_reports_after_the_end_is_refused(
        outcome in outcomes(),
        reports in proptest::collection::vec(reports(), 1..20),
    ) {
        let mut attempt = fresh(LaunchMode::Normal);
        attempt.complete(outcome, Timestamp(1)).unwrap();
        let end = attempt.clone();
        for report in reports {
            let late = match report {
                Report::Progress(_) => attempt.report_progress(50, Timestamp(2)),
                Report::Grade(..) => {
                    attempt.report_grade(Score::new(1.0, 1.0).unwrap(), Timestamp(2))
                }
                Report::Complete(outcome) => attempt.complete(outcome, Timestamp(2)),
                Report::Abandon | Report::Observe(..) => attempt.abandon(Timestamp(2)),
            };
            prop_assert_eq!(late, Err(AttemptError::Closed(end.status)));
            prop_assert_eq!(&attempt, &end);
        }
    }

    #[test]
    fn a_look_around_or_back_reports_nothing(
        mode in prop_oneof![Just(LaunchMode::Browse), Just(LaunchMode::Review)],
        percent in 0_u8..=100,
        outcome in outcomes(),
    ) {
        let mut attempt = fresh(mode);
        let refused = Err(AttemptError::NotForCredit);
        prop_assert_eq!(attempt.report_progress(percent, Timestamp(1)), refused);
        prop_assert_eq!(attempt.complete(outcome, Timestamp(1)), refused);
        let seen = Observed { progress: percent, outcome: Some(outcome), score: None };
        prop_assert_eq!(attempt.observe(&seen, Timestamp(1)), refused);
        prop_assert_eq!(attempt, fresh(mode));
    }

    #[test]
    fn success_is_never_taken_back(
        seen in proptest::collection::vec(proptest::option::of(outcomes()), 1..20),
    ) {
        let mut attempt = fresh(LaunchMode::Normal);
        let mut passed = false;
        for outcome in seen {
            attempt
                .observe(&Observed { progress: 1, outcome, score: None }, Timestamp(1))
                .unwrap();
            passed |= outcome == Some(Outcome::Passed);
            prop_assert_eq!(attempt.status == AttemptStatus::Passed, passed);
        }
    }

    #[test]
    fn a_checkpoint_is_small_json_under_a_plain_name(
        data in proptest::collection::vec(0_u32..1000, 0..50),
        cap in 1_usize..200,
    ) {
        let text = serde_json::to_string(&data).unwrap();
        let size = text.len();
        let made = Checkpoint::new(AttemptId::from_bits(1), "k", text.clone(), cap, Timestamp(0));
        match made {
            Ok(checkpoint) => {
                prop_assert!(size <= cap);
                prop_assert_eq!(checkpoint.data, text);
            }
            Err(error) => {
                prop_assert!(size > cap);
                prop_assert_eq!(error, CheckpointError::TooLarge { bytes: size, cap });
            }
        }
    }
}

#[test]
fn versions_take_only_the_steps_of_the_registry() {
    use VersionStatus::{Approved, Disabled, Draft};
    let steps = [
        (Draft, Approved),
        (Draft, Disabled),
        (Approved, Disabled),
        (Disabled, Approved),
    ];
    for from in [Draft, Approved, Disabled] {
        for to in [Draft, Approved, Disabled] {
            let mut version = CourseVersion {
                id: VersionId::from_bits(1),
                external_course: ExternalCourseId::from_bits(2),
                version: "1".to_owned(),
                launch_url: "https://p.example.org/".to_owned(),
                scopes: Scopes::default(),
                status: from,
                created_at: Timestamp(0),
            };
            let taken = version.transition(to).is_ok();
            assert_eq!(taken, steps.contains(&(from, to)), "{from:?} to {to:?}");
            assert_eq!(version.status, if taken { to } else { from });
        }
    }
}
