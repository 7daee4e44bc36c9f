//! What the tracks of a SCORM attempt say about the whole of it: how far, how well, and whether it is over.
//!
//! The data model has judged every value when it was stored; here the SCOs are only put together. A SCO is over when it
//! is completed, or has a verdict and does not say that it is incomplete. The attempt is over when all its SCOs are;
//! it is failed if one of them is, and passed if none is and one is. Progress is the mean over all SCOs, the grade the
//! mean over those that have one.

use std::collections::BTreeMap;

use scormbridge_core::modscorm::{ScoRow, ScoTree};

use super::attempt::{Observed, Outcome, Score};
use super::scorm::ScormTrack;

/// What there is to launch, in the order of the manifest: the SCOs and assets of the organization that plays.
pub fn activities(tree: &ScoTree) -> impl Iterator<Item = &ScoRow> {
    let plays = |row: &&ScoRow| Some(row.sortorder) == tree.launch_sortorder;
    let organization = tree
        .scoes
        .iter()
        .find(plays)
        .map(|row| row.organization.as_str());
    tree.scoes.iter().filter(move |row| {
        !row.launch.is_empty() && Some(row.organization.as_str()) == organization
    })
}

/// How an attempt stands with each of its activities.
#[must_use]
pub fn standings<'a>(tree: &'a ScoTree, tracks: &[ScormTrack]) -> Vec<(&'a ScoRow, Standing)> {
    let mut by_sco: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for track in tracks {
        let elements = by_sco.entry(track.sco.as_str()).or_default();
        elements.insert(track.element.as_str(), track.value.as_str());
    }
    let nothing = BTreeMap::new();
    activities(tree)
        .map(|row| {
            let elements = by_sco.get(row.identifier.as_str()).unwrap_or(&nothing);
            (row, Standing::of(elements))
        })
        .collect()
}

/// Puts the SCOs of an attempt together. Assets report nothing and do not count.
#[must_use]
pub fn observe(tree: &ScoTree, tracks: &[ScormTrack]) -> Observed {
    let standings: Vec<Standing> = standings(tree, tracks)
        .into_iter()
        .filter(|(row, _)| row.scormtype == "sco")
        .map(|(_, standing)| standing)
        .collect();
    let over = !standings.is_empty() && standings.iter().all(|one| one.over);
    let verdict = |wanted: Verdict| standings.iter().any(|one| one.verdict == Some(wanted));
    let outcome = over.then(
        || match (verdict(Verdict::Failed), verdict(Verdict::Passed)) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Passed,
            (false, false) => Outcome::Completed,
        },
    );
    let progress = mean(standings.iter().map(|one| one.progress)).unwrap_or(0.0);
    let score = mean(standings.iter().filter_map(|one| one.scaled))
        .and_then(|scaled| Score::new(two_places(scaled * 100.0), 100.0).ok());
    Observed {
        progress: percent(progress),
        outcome,
        score,
    }
}

/// What a SCO says about success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// `passed`
    Passed,
    /// `failed`
    Failed,
}

/// One SCO of the attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Whether the SCO has stored anything.
    pub begun: bool,
    /// Whether it is over.
    pub over: bool,
    /// Its verdict, if it has one.
    pub verdict: Option<Verdict>,
    /// 0 to 1.
    pub progress: f64,
    /// Its grade, 0 to 1.
    pub scaled: Option<f64>,
}

impl Standing {
    fn of(elements: &BTreeMap<&str, &str>) -> Self {
        let text = |name: &str| elements.get(name).copied().unwrap_or_default();
        let number = |name: &str| {
            let value = text(name).trim().parse::<f64>();
            value.ok().filter(|value| value.is_finite())
        };
        // SCORM 1.2 has one word for both; an attempt holds the elements of one version only.
        let (completion, success) = match text("cmi.core.lesson_status") {
            "" => (text("cmi.completion_status"), text("cmi.success_status")),
            status => (status, status),
        };
        let verdict = match success {
            "passed" => Some(Verdict::Passed),
            "failed" => Some(Verdict::Failed),
            _ => None,
        };
        let over = completion == "completed" || (verdict.is_some() && completion != "incomplete");
        let measured = number("cmi.progress_measure")
            .unwrap_or(0.0)
            .clamp(0.0, 1.0);
        let ratio = |prefix: &str| {
            let max = number(&format!("{prefix}.max")).filter(|max| *max > 0.0);
            number(&format!("{prefix}.raw")).map(|raw| raw / max.unwrap_or(100.0))
        };
        let scaled = number("cmi.score.scaled")
            .or_else(|| ratio("cmi.score"))
            .or_else(|| ratio("cmi.core.score"));
        Self {
            begun: !elements.is_empty(),
            over,
            verdict,
            progress: if over { 1.0 } else { measured },
            // SCORM 2004 scales from -1; a grade begins at nothing.
            scaled: scaled.map(|value| value.clamp(0.0, 1.0)),
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn two_places(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Whole per cent of a part; only the whole is 100.
fn percent(part: f64) -> u8 {
    let percent = (part.clamp(0.0, 1.0) * 100.0).floor();
    // Between 0 and 100, and whole.
    (0..=100_u8)
        .rev()
        .find(|whole| f64::from(*whole) <= percent)
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tree(scos: &[&str]) -> ScoTree {
        let row = |sortorder: usize, identifier: &str, launch: &str, scormtype: &str| ScoRow {
            organization: "org".to_owned(),
            identifier: identifier.to_owned(),
            launch: launch.to_owned(),
            scormtype: scormtype.to_owned(),
            sortorder: u32::try_from(sortorder).unwrap(),
            ..ScoRow::default()
        };
        let mut scoes = vec![row(1, "chapter", "", "")];
        scoes.extend(
            scos.iter()
                .enumerate()
                .map(|(n, sco)| row(n + 2, sco, "index.html", "sco")),
        );
        scoes.push(row(scos.len() + 2, "handout", "handout.pdf", "asset"));
        let mut elsewhere = row(scos.len() + 3, "elsewhere", "index.html", "sco");
        elsewhere.organization = "another".to_owned();
        scoes.push(elsewhere);
        ScoTree {
            version: "SCORM_1.2".to_owned(),
            scoes,
            launch: Some("a".to_owned()),
            launch_sortorder: Some(2),
            warnings: Vec::new(),
        }
    }

    fn tracks(rows: &[(&str, &str, &str)]) -> Vec<ScormTrack> {
        rows.iter()
            .map(|(sco, element, value)| ScormTrack {
                sco: (*sco).to_owned(),
                element: (*element).to_owned(),
                value: (*value).to_owned(),
            })
            .collect()
    }

    #[test]
    fn the_organization_that_plays_is_launched_in_order() {
        let tree = tree(&["a", "b"]);
        let found: Vec<_> = activities(&tree)
            .map(|row| row.identifier.as_str())
            .collect();
        assert_eq!(found, ["a", "b", "handout"]);
    }

    #[test]
    fn scos_are_put_together() {
        use Outcome::{Completed, Failed, Passed};
        type Case<'a> = (
            &'a [(&'a str, &'a str, &'a str)],
            u8,
            Option<Outcome>,
            Option<f64>,
        );
        let status = "cmi.core.lesson_status";
        let cases: [Case; 12] = [
            (&[], 0, None, None),
            (&[("a", status, "incomplete")], 0, None, None),
            (&[("a", status, "completed")], 50, None, None),
            (
                &[("a", status, "completed"), ("b", status, "completed")],
                100,
                Some(Completed),
                None,
            ),
            (
                &[("a", status, "passed"), ("b", status, "completed")],
                100,
                Some(Passed),
                None,
            ),
            (
                &[("a", status, "passed"), ("b", status, "failed")],
                100,
                Some(Failed),
                None,
            ),
            (
                &[
                    ("a", "cmi.core.score.raw", "80"),
                    ("b", "cmi.core.score.raw", "5"),
                    ("b", "cmi.core.score.max", "10"),
                ],
                0,
                None,
                Some(65.0),
            ),
            (
                &[
                    ("a", "cmi.score.scaled", "-0.5"),
                    ("a", "cmi.score.raw", "90"),
                ],
                0,
                None,
                Some(0.0),
            ),
            (&[("a", "cmi.progress_measure", "0.5")], 25, None, None),
            (
                &[
                    ("a", "cmi.success_status", "passed"),
                    ("b", "cmi.completion_status", "completed"),
                ],
                100,
                Some(Passed),
                None,
            ),
            (
                &[
                    ("a", "cmi.success_status", "passed"),
                    ("a", "cmi.completion_status", "incomplete"),
                ],
                0,
                None,
                None,
            ),
            (
                &[
                    ("elsewhere", status, "passed"),
                    ("handout", status, "passed"),
                ],
                0,
                None,
                None,
            ),
        ];
        for (rows, progress, outcome, score) in cases {
            let seen = observe(&tree(&["a", "b"]), &tracks(rows));
            assert_eq!(seen.progress, progress, "{rows:?}");
            assert_eq!(seen.outcome, outcome, "{rows:?}");
            assert_eq!(seen.score.map(|score| score.raw()), score, "{rows:?}");
        }
    }

    #[test]
    fn a_package_without_scos_never_ends() {
        let seen = observe(&tree(&[]), &[]);
        assert_eq!((seen.progress, seen.outcome, seen.score), (0, None, None));
    }

    proptest! {
        /// Whatever is stored, 100 per cent and an end belong together, and a grade is one.
        #[test]
        fn all_of_it_is_the_end_of_it(rows in proptest::collection::vec((
            prop_oneof![Just("a"), Just("b"), Just("c")],
            prop_oneof![Just("cmi.completion_status"), Just("cmi.success_status"), Just("cmi.progress_measure"), Just("cmi.score.scaled"), Just("cmi.score.raw"), Just("cmi.score.max")],
            prop_oneof![Just("completed".to_owned()), Just("incomplete".to_owned()), Just("passed".to_owned()), Just("failed".to_owned()), "-?[0-9]{1,3}(\\.[0-9]{1,2})?", Just("NaN".to_owned())],
        ), 0..12)) {
            let rows: Vec<_> = rows.iter().map(|(sco, element, value)| (*sco, *element, value.as_str())).collect();
            let seen = observe(&tree(&["a", "b", "c"]), &tracks(&rows));
            if seen.outcome.is_some() {
                prop_assert_eq!(seen.progress, 100);
            }
            if let Some(score) = seen.score {
                prop_assert!((0.0..=1.0).contains(&score.scaled()));
            }
        }
    }
}
